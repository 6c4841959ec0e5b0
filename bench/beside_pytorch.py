#!/usr/bin/env python3
"""What bench/beside-pytorch runs: measures in turn, prints the ratios, writes docs/performance.md."""
import argparse
import json
import os
import platform
import re
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
AVX2 = (["-Dorg.bytedeco.javacpp.platform.extension=-onednn-avx2", "-XX:UseAVX=2"], {"OPENBLAS_CORETYPE": "Haswell"})


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
            f"-Dsparkvae.log={WORK}/bench.log", "-Dspark.master=local[2]", *options, "-cp", classpath, main, *arguments]


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


def training(torch, table, rounds):
    """Images per second in each round, of each side in turn; and the last answers."""
    sides = {
        "local": (Peer("local", java("org.sparkvae.bench.MeasuredTrainer", "local", "cpu", table, str(EPOCH))), EPOCH),
        "shared": (Peer("shared", java("org.sparkvae.bench.MeasuredTrainer", "shared", "cpu", table, str(EPOCH))), EPOCH),
        "stock": (Peer("stock", java("org.sparkvae.bench.MeasuredTrainer", "local", "stock", table, str(STOCK_EPOCH))),
                  STOCK_EPOCH),
    }
    rates = {name: [] for name in ("torch", *sides)}
    last, sgemm, since = {}, [], time.monotonic()
    for number in range(rounds + 1):
        sgemm.append(torch.ask("sgemm")["gflops"])
        time.sleep(1)  # its threads spin for a while
        for name, (peer, images) in sides.items():
            last[name] = peer.ask("epoch")
            if number:  # the first warms up
                rates[name].append(images / last[name]["seconds"])
        last["torch"] = torch.ask(f"train {EPOCH // BATCH}")
        if number:
            rates["torch"].append(EPOCH / last["torch"]["seconds"])
        time.sleep(1)
        progress("training, round", number + 1, rounds + 1, since)
    for peer, _ in sides.values():
        peer.close()
    return rates, last, sgemm


def avx2(table, rounds):
    options, environment = AVX2
    peers = {layers: Peer(f"avx2-{layers}", java("org.sparkvae.bench.MeasuredTrainer", "local", layers, table,
                                                 str(STOCK_EPOCH), options=options), environment)
             for layers in ("cpu", "stock")}
    rates = {layers: [] for layers in peers}
    for number in range(rounds + 1):
        for layers, peer in peers.items():
            answer = peer.ask("epoch")
            if number:
                rates[layers].append(STOCK_EPOCH / answer["seconds"])
    for peer in peers.values():
        peer.close()
    return rates


def reconstruction(torch, run, rounds):
    rates = {"ours": [], "torch": []}
    peak, since = 0, time.monotonic()
    for number in range(rounds):
        subprocess.run(["rm", "-rf", WORK / run / "reconstructions"], check=True)
        seconds, memory, _ = launcher("reconstruct", "--run-id", run, "--output", str(WORK))
        rates["ours"].append(ALL_IMAGES / seconds)
        peak = max(peak, memory)
        rates["torch"].append(DECODED / torch.ask(f"decode {DECODED}")["seconds"])
        time.sleep(1)
        progress("reconstruction, round", number + 1, rounds, since)
    return rates, peak


def fifty_epochs(table):
    """Resident memory after each of fifty short epochs, in MB."""
    memory = {}
    for kind in ("local", "shared"):
        peer = Peer(f"fifty-{kind}", java("org.sparkvae.bench.MeasuredTrainer", kind, "cpu", table, str(STOCK_EPOCH)))
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
    parser.add_argument("--data", help="folder with MNIST's IDX files")
    chosen = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    data = ["--data", chosen.data] if chosen.data else []

    launcher("data", "--output", str(WORK), *data)
    table = str(next((WORK / "_data").glob("*/split=train")))
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "spark-vae" / "mnist"
    idx = next(Path(chosen.data or cache).glob("train-images*ubyte"))
    print("training the model to decode with", file=sys.stderr)
    launcher("train", "--run-id", "one-epoch", "--output", str(WORK), "--epochs", "1", "--trainer", "local", *data)

    torch = Peer("torch", [sys.executable, HOME / "bench/pytorch_speed.py", idx])
    rates, last, sgemm = training(torch, table, chosen.rounds)
    decoded, decoding_peak = reconstruction(torch, "one-epoch", chosen.rounds)
    torch_peak = torch.ask("sgemm")["peak_mb"]
    torch.close()
    older = avx2(table, 3)
    memory = fifty_epochs(table)

    ratios = {
        "training_ratio": median(rates["local"]) / median(rates["torch"]),
        "shared_ratio": median(rates["shared"]) / median(rates["local"]),
        "reconstruct_ratio": median(decoded["ours"]) / median(decoded["torch"]),
    }
    reached = median(rates["local"]) * TRAINING_GFLOP_PER_IMAGE
    java_version = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    template = (HOME / "bench/performance.template.md").read_text()
    (HOME / "docs/performance.md").write_text(template.format(
        processor=processor(), cores=os.cpu_count(), java=re.sub(r'openjdk version|"', "", java_version).strip(),
        torch=torch.about["torch"], python=torch.about["python"], threads=torch.about["threads"],
        rounds=chosen.rounds, epoch=EPOCH, decoded=DECODED,
        local=spread(rates["local"]), shared=spread(rates["shared"]), stock=spread(rates["stock"]),
        pytorch=spread(rates["torch"]), ours_decoded=spread(decoded["ours"]), torch_decoded=spread(decoded["torch"]),
        **{name: f"{value:.2f}" for name, value in ratios.items()},
        stock_ratio=f"{median(rates['local']) / median(rates['stock']):.1f}",
        local_peak=f"{last['local']['peak_mb']:,.0f}", shared_peak=f"{last['shared']['peak_mb']:,.0f}",
        stock_peak=f"{last['stock']['peak_mb']:,.0f}", torch_peak=f"{torch_peak:,.0f}",
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
