#!/usr/bin/env python3
"""What bench/beside-pytorch runs: measures in turn, prints the ratios, writes docs/performance.md."""
import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
WORK = HOME / "target" / "bench"
BATCH, EPOCH, STOCK_EPOCH, DECODED, ALL_IMAGES = 100, 6000, 1000, 12_000, 70_000
FORWARD_MULTIPLY_ADDS = 28 * 256 * 3200 + 56 * 128 * 1600 + 84 * 64 * 25
TRAINING_GFLOP_PER_IMAGE = 3 * 2 * FORWARD_MULTIPLY_ADDS / 1e9
CORES = len(os.sched_getaffinity(0))
AVX2 = (["-Dorg.bytedeco.javacpp.platform.extension=-onednn-avx2", "-XX:UseAVX=2"],
        {"OPENBLAS_CORETYPE": "Haswell", "ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2"})


class Peer:
    """A process that measures something for each line it is sent."""

    def __init__(self, name, command, environment=None):
        print(f"starting {name}", file=sys.stderr)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HOME,
                                        stderr=open(WORK / f"{name}.log", "w"), env={**os.environ, **(environment or {})})
        self.about = self.answer()

    def answer(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        sys.exit(f"beside-pytorch: {' '.join(self.process.args[-5:])} ended early; its log is in {WORK}")

    def ask(self, order):
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def java(main, *arguments, options=()):
    classpath = ":".join([str(HOME / "target/test-classes"), str(HOME / "target/classes"),
                          (HOME / "target/bench-classpath").read_text().strip()])
    return ["java", f"@{HOME}/conf/jvm-options", "-Xmx4g", f"-Dlog4j2.configurationFile={HOME}/conf/log4j2.properties",
            f"-Dsparkvae.log={WORK}/bench.log", f"-Dspark.master=local[{CORES}]", *options, "-cp", classpath, main, *arguments]


def launcher(*arguments):
    """Runs submit/sparkvae; seconds and the most memory it had, in MB."""
    start = time.perf_counter()
    process = subprocess.Popen([HOME / "submit/sparkvae", *arguments], cwd=HOME, stdout=subprocess.PIPE, text=True,
                               stderr=open(WORK / "launcher.log", "w"))
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"beside-pytorch: submit/sparkvae {' '.join(arguments)} failed; see {WORK}/launcher.log")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, said


def median(values):
    return statistics.median(values)


def spread(values):
    return f"{median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


def progress(what, done, of, since):
    spent = time.monotonic() - since
    left = spent / done * (of - done) if done else 0
    print(f"{what}: {done} of {of}, {left:,.0f} s left", file=sys.stderr)


def trainer(kind, layers, table, images, name=None, options=(), environment=None):
    return Peer(name or f"{kind}-{layers}",
                java("org.sparkvae.bench.MeasuredTrainer", kind, layers, table, str(images), options=options), environment)


def alternate(what, sides, rounds):
    """Images per second in each round, of sides that take turns, each beginning every other round; and the last answers.

    A side is a peer, what to ask it, and how many images that is.
    """
    rates, last, since = {name: [] for name in sides}, {}, time.monotonic()
    for number in range(rounds + 1):
        for name in list(sides) if number % 2 else reversed(sides):
            peer, order, images = sides[name]
            time.sleep(1)  # threads of the one before may still be spinning
            last[name] = peer.ask(order)
            if number:  # the first warms up
                rates[name].append(images / last[name]["seconds"])
        progress(f"{what}, round", number + 1, rounds + 1, since)
    return rates, last


def training(torch, table, rounds):
    """Each comparison with the two processes alone that it compares."""
    local = trainer("local", "cpu", table, EPOCH)
    beside_torch, last = alternate("beside PyTorch", {
        "torch": (torch, f"train {EPOCH // BATCH}", EPOCH), "local": (local, "epoch", EPOCH)}, rounds)
    shared = trainer("shared", "cpu", table, EPOCH)
    beside_shared, last_shared = alternate("shared beside local", {
        "local": (local, "epoch", EPOCH), "shared": (shared, "epoch", EPOCH)}, rounds)
    shared.close()
    local.close()
    return beside_torch, beside_shared, last, last_shared


def beside_stock(table, rounds, name, options=(), environment=None):
    """This project's layers beside Deeplearning4j's own."""
    peers = {layers: trainer("local", layers, table, STOCK_EPOCH, f"{name}-{layers}", options, environment)
             for layers in ("cpu", "stock")}
    rates, last = alternate(name, {layers: (peer, "epoch", STOCK_EPOCH) for layers, peer in peers.items()}, rounds)
    for peer in peers.values():
        peer.close()
    return rates, last


def reconstruction(torch, run, rounds):
    rates = {"ours": [], "torch": []}
    peak, since = 0, time.monotonic()
    for number in range(rounds):
        shutil.rmtree(WORK / run / "reconstructions", ignore_errors=True)
        seconds, memory, _ = launcher("reconstruct", "--run-id", run, "--output", str(WORK))
        rates["ours"].append(ALL_IMAGES / seconds)
        peak = max(peak, memory)
        rates["torch"].append(DECODED / torch.ask(f"decode {DECODED}")["seconds"])
        time.sleep(1)
        progress("reconstruction, round", number + 1, rounds, since)
    return rates, peak


def fifty_epochs(table):
    """Resident memory after each of fifty short epochs, in MB; with a small heap, so that a leak would show."""
    memory = {}
    for kind in ("local", "shared"):
        peer = trainer(kind, "cpu", table, STOCK_EPOCH, f"fifty-{kind}", ["-Xmx1g"])
        memory[kind] = [peer.ask("epoch")["resident_mb"] for _ in range(50)]
        peer.close()
    return memory


def layer_table():
    lines = subprocess.run(java("org.sparkvae.bench.LayerTimes"), capture_output=True, text=True, check=True,
                           cwd=HOME).stdout
    return lines.strip()


def jmh():
    done = subprocess.run(java("org.openjdk.jmh.Main", "-f", "1", "-wi", "3", "-w", "1", "-i", "5", "-r", "1",
                               "-foe", "true", options=()), capture_output=True, text=True, cwd=HOME)
    if done.returncode:
        sys.exit("beside-pytorch: JMH failed\n" + done.stdout[-2000:] + done.stderr[-2000:])
    return done.stdout[done.stdout.rindex("Benchmark "):].strip()


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", help="folder with MNIST's IDX files, not compressed")
    chosen = parser.parse_args()
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    data = ["--data", chosen.data] if chosen.data else []

    launcher("data", "--output", str(WORK), *data)
    table = str(next((WORK / "_data").glob("*/split=train")))
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "spark-vae" / "mnist"
    idx = next(Path(chosen.data or cache).glob("train-images*ubyte"), None)
    if idx is None:
        sys.exit(f"beside-pytorch: no train-images-idx3-ubyte in {chosen.data or cache}; unpack it or give --data")
    print("training the model to decode with", file=sys.stderr)
    launcher("train", "--run-id", "one-epoch", "--output", str(WORK), "--epochs", "1", "--trainer", "local", *data)

    torch = Peer("torch", [sys.executable, HOME / "bench/pytorch_speed.py", idx, str(CORES)])
    sgemm = [torch.ask("sgemm")["gflops"]]
    beside_torch, beside_shared, last, last_shared = training(torch, table, chosen.rounds)
    sgemm.append(torch.ask("sgemm")["gflops"])
    decoded, decoding_peak = reconstruction(torch, "one-epoch", chosen.rounds)
    answer = torch.ask("sgemm")
    sgemm.append(answer["gflops"])
    torch.close()
    stock, last_stock = beside_stock(table, chosen.rounds, "beside DL4J")
    older, _ = beside_stock(table, chosen.rounds, "AVX2", *AVX2)
    memory = fifty_epochs(table)

    ratios = {
        "training_ratio": median(beside_torch["local"]) / median(beside_torch["torch"]),
        "shared_ratio": median(beside_shared["shared"]) / median(beside_shared["local"]),
        "reconstruct_ratio": median(decoded["ours"]) / median(decoded["torch"]),
    }
    reached = median(beside_torch["local"]) * TRAINING_GFLOP_PER_IMAGE
    java_version = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    template = (HOME / "bench/performance.template.md").read_text()
    (HOME / "docs/performance.md").write_text(template.format(
        processor=processor(), cores=CORES, java=re.sub(r'openjdk version|"', "", java_version).strip(),
        torch=torch.about["torch"], python=torch.about["python"], threads=torch.about["threads"],
        rounds=chosen.rounds, epoch=EPOCH, stock_epoch=STOCK_EPOCH, decoded=DECODED,
        local=spread(beside_torch["local"]), pytorch=spread(beside_torch["torch"]),
        local_again=spread(beside_shared["local"]), shared=spread(beside_shared["shared"]),
        ours_decoded=spread(decoded["ours"]), torch_decoded=spread(decoded["torch"]),
        cpu=spread(stock["cpu"]), stock=spread(stock["stock"]),
        stock_ratio=f"{median(stock['cpu']) / median(stock['stock']):.1f}",
        **{name: f"{value:.2f}" for name, value in ratios.items()},
        local_peak=f"{last['local']['peak_mb']:,.0f}", shared_peak=f"{last_shared['shared']['peak_mb']:,.0f}",
        stock_peak=f"{last_stock['stock']['peak_mb']:,.0f}", torch_peak=f"{answer['peak_mb']:,.0f}",
        decoding_peak=f"{decoding_peak:,.0f}",
        sgemm=spread(sgemm), reached=f"{reached:.0f}", share=f"{100 * reached / median(sgemm):.0f}",
        gflop=f"{TRAINING_GFLOP_PER_IMAGE:.3f}",
        avx2_cpu=spread(older["cpu"]), avx2_stock=spread(older["stock"]),
        avx2_ratio=f"{median(older['cpu']) / median(older['stock']):.1f}",
        **{f"{kind}_{epoch}": f"{values[epoch - 1]:,.0f}" for kind, values in memory.items() for epoch in (1, 10, 20, 30, 40, 50)},
        layers=layer_table(), jmh=jmh()))
    for name, value in ratios.items():
        print(f"{name}={value:.3f}")


if __name__ == "__main__":
    main()
