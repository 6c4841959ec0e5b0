#!/usr/bin/env python3
"""The measurements of bench/beside-pytorch. Prints the ratios and writes docs/results/performance.md."""
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

from pytorch_speed import MODES
from pytorch_vae import KERNEL, ROWS, decoder_blocks

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "bench"
BATCH, SHORT_EPOCH_IMAGES, EPOCH_IMAGES, FULL_EPOCH_IMAGES = 100, 1000, 6000, 60_000
DECODED_IMAGES, ALL_IMAGES = 12_000, 70_000
FORWARD_MULTIPLY_ADDS = sum(ROWS * columns * channels_in * KERNEL**2 * channels_out
                            for channels_in, columns, channels_out in decoder_blocks(latent=256)[0])
TRAINING_GFLOP_PER_IMAGE = 3 * 2 * FORWARD_MULTIPLY_ADDS / 1e9
CORES = len(os.sched_getaffinity(0))
AVX2 = (["-Dorg.bytedeco.javacpp.platform.extension=-onednn-avx2", "-XX:UseAVX=2"],
        {"OPENBLAS_CORETYPE": "Haswell", "ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2"})


class BenchmarkProcess:
    """A process that takes one measurement for each command on its standard input."""

    def __init__(self, name, command, environment=None):
        print(f"starting {name}", file=sys.stderr)
        self.log = WORK / f"{name}.log"
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(self.log, "w"), text=True, cwd=ROOT,
            env={**os.environ, **(environment or {})})
        self.versions = self.read_answer()

    def read_answer(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        sys.exit(f"beside-pytorch: {' '.join(map(str, self.process.args[-5:]))} ended unexpectedly. See {self.log}.")

    def measure(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.read_answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def java_command(main, *arguments, options=()):
    classpath = ":".join([str(ROOT / "target/test-classes"), str(ROOT / "target/classes"),
                          (ROOT / "target/bench-classpath").read_text().strip()])
    return ["java", f"@{ROOT}/conf/jvm-options", "-Xmx4g", f"-Dlog4j2.configurationFile={ROOT}/conf/log4j2.properties",
            f"-Dsparkvae.log={WORK}/bench.log", f"-Dspark.master=local[{CORES}]", *options, "-cp", classpath, main,
            *arguments]


def run_launcher(*arguments):
    """Runs submit/sparkvae. Returns the seconds and the largest resident set in MB."""
    start = time.perf_counter()
    process = subprocess.Popen([ROOT / "submit/sparkvae", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                               stderr=open(WORK / "launcher.log", "w"))
    process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"beside-pytorch: submit/sparkvae {' '.join(arguments)} failed. See {WORK}/launcher.log.")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def best_mode(rates, *precisions):
    """Returns PyTorch's fastest mode in one of the precisions."""
    return max((mode for mode in MODES if precision_of(mode) in precisions), key=lambda mode: median(rates[mode]))


def precision_of(mode):
    return "bfloat16" if mode.startswith("bfloat16") else "float32"


def pytorch_table(training_rates, decoding_rates):
    return "\n".join(f"| `{mode}` | {median_and_range(training)} | {median_and_range(decoding_rates[mode])} |"
                     for mode, training in training_rates.items() if mode in MODES)


def median(values):
    return statistics.median(values)


def median_and_range(values):
    return f"{median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


def print_progress(label, done, total, start):
    elapsed = time.monotonic() - start
    remaining = elapsed / done * (total - done) if done else 0
    print(f"{label}: {done} of {total}, {remaining:,.0f} s left", file=sys.stderr)


def start_trainer(kind, backend, table, images, name=None, options=(), environment=None, precision="float32"):
    command = java_command("org.sparkvae.bench.MeasuredTrainer", kind, backend, precision, table, str(images),
                           options=options)
    return BenchmarkProcess(name or f"{kind}-{backend}-{precision}", command, environment)


def alternate(label, sides, rounds):
    """Measures the sides in turns. Returns each side's images per second in each round, and its last answer.

    A side is a process, its command and the number of images. Each side is the first in every other round.
    """
    rates, last, start = {name: [] for name in sides}, {}, time.monotonic()
    for number in range(rounds + 1):
        for name in list(sides) if number % 2 else reversed(sides):
            process, command, images = sides[name]
            time.sleep(1)  # the other side's threads can still be spinning
            last[name] = process.measure(command)
            if number:  # round 0 warms up
                rates[name].append(images / last[name]["seconds"])
        print_progress(f"{label}, round", number + 1, rounds + 1, start)
    return rates, last


def measure_training(torch, table, rounds):
    """Compares local in both precisions with each of PyTorch's modes, and shared with local."""
    local = start_trainer("local", "cpu", table, EPOCH_IMAGES)
    local_bf16 = start_trainer("local", "cpu", table, EPOCH_IMAGES, precision="bfloat16")
    sides = {mode: (torch, f"train {mode} {EPOCH_IMAGES // BATCH}", EPOCH_IMAGES) for mode in MODES}
    sides["local"] = (local, "epoch", EPOCH_IMAGES)
    sides["local_bf16"] = (local_bf16, "epoch", EPOCH_IMAGES)
    pytorch_rates, last = alternate("local and PyTorch", sides, rounds)
    local_bf16.close()
    local.close()
    # The fixed costs of an epoch of shared count as much as they do in a real training.
    processes = {kind: start_trainer(kind, "cpu", table, FULL_EPOCH_IMAGES) for kind in ("local", "shared")}
    sides = {kind: (process, "epoch", FULL_EPOCH_IMAGES) for kind, process in processes.items()}
    shared_rates, last_shared = alternate("shared and local", sides, rounds)
    for process in processes.values():
        process.close()
    return pytorch_rates, shared_rates, last, last_shared


def measure_backends(table, rounds, name, options=(), environment=None):
    """Compares this project's layers with Deeplearning4j's."""
    processes = {
        backend: start_trainer("local", backend, table, SHORT_EPOCH_IMAGES, f"{name}-{backend}", options, environment)
        for backend in ("cpu", "dl4j")}
    sides = {backend: (process, "epoch", SHORT_EPOCH_IMAGES) for backend, process in processes.items()}
    rates, last = alternate(name, sides, rounds)
    for process in processes.values():
        process.close()
    return rates, last


def measure_reconstruction(torch, rounds):
    """Compares the reconstruction of the runs float32 and bfloat16 with each of PyTorch's modes."""
    runs = ("float32", "bfloat16")
    rates = {name: [] for name in (*(f"run_{run}" for run in runs), *MODES)}
    for mode in MODES:
        torch.measure(f"decode {mode} {DECODED_IMAGES}")  # compiles the model
    peak, start = 0, time.monotonic()
    for number in range(rounds):
        for run in runs:
            shutil.rmtree(WORK / run / "reconstructions", ignore_errors=True)
            seconds, memory = run_launcher("reconstruct", "--run-id", run, "--output", str(WORK))
            rates[f"run_{run}"].append(ALL_IMAGES / seconds)
            peak = max(peak, memory)
        for mode in MODES:
            rates[mode].append(DECODED_IMAGES / torch.measure(f"decode {mode} {DECODED_IMAGES}")["seconds"])
        time.sleep(1)
        print_progress("reconstruction, round", number + 1, rounds, start)
    return rates, peak


def measure_memory(table):
    """Returns the resident memory in MB after each of 50 short epochs. The heap is small to expose leaks."""
    memory = {}
    for kind in ("local", "shared"):
        process = start_trainer(kind, "cpu", table, SHORT_EPOCH_IMAGES, f"memory-{kind}", ["-Xmx1g"])
        memory[kind] = [process.measure("epoch")["resident_mb"] for _ in range(50)]
        process.close()
    return memory


def layer_table():
    return subprocess.run(java_command("org.sparkvae.bench.LayerTimes"), capture_output=True, text=True, check=True,
                          cwd=ROOT).stdout.strip()


def jmh_table():
    command = java_command("org.openjdk.jmh.Main", "-f", "1", "-wi", "3", "-w", "1", "-i", "5", "-r", "1",
                           "-foe", "true")
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if result.returncode:
        sys.exit("beside-pytorch: JMH failed:\n" + result.stdout[-2000:] + result.stderr[-2000:])
    return result.stdout[result.stdout.rindex("Benchmark "):].strip()


def processor():
    """Returns the name of the processor and its instructions for bfloat16."""
    facts = dict(line.split(":", 1) for line in Path("/proc/cpuinfo").read_text().splitlines() if ":" in line)
    facts = {key.strip(): value.strip() for key, value in facts.items()}
    flags = facts.get("flags", "").split()
    instructions = [name for flag, name in (("avx512_bf16", "AVX512-BF16"), ("amx_bf16", "AMX")) if flag in flags]
    return facts.get("model name", platform.processor()), " and ".join(instructions)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", help="folder with MNIST's uncompressed IDX files")
    arguments = parser.parse_args()
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    data = ["--data", arguments.data] if arguments.data else []

    run_launcher("data", "--output", str(WORK), *data)
    table = str(next((WORK / "_data").glob("*/split=train")))
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "spark-vae" / "mnist"
    idx = next(Path(arguments.data or cache).glob("train-images*ubyte"), None)
    if idx is None:
        sys.exit(f"beside-pytorch: {arguments.data or cache}/train-images-idx3-ubyte does not exist. "
                 "Unpack it or choose another folder with --data.")
    print("training the models for reconstruction", file=sys.stderr)
    for precision in ("float32", "bfloat16"):
        run_launcher("train", "--run-id", precision, "--output", str(WORK), "--epochs", "1", "--trainer", "local",
                     "--precision", precision, *data)

    torch = BenchmarkProcess("torch", [sys.executable, ROOT / "bench/pytorch_speed.py", idx, str(CORES)])
    gemm = {"float32": [], "bfloat16": []}

    def measure_products():
        for precision, rates in gemm.items():
            rates.append(torch.measure(f"matmul {precision}")["gflops"])

    measure_products()
    pytorch_rates, shared_rates, last, last_shared = measure_training(torch, table, arguments.rounds)
    measure_products()
    decoding_rates, decoding_peak = measure_reconstruction(torch, arguments.rounds)
    measure_products()
    last_torch = torch.measure("matmul float32")
    torch.close()
    backend_rates, last_backend = measure_backends(table, arguments.rounds, "DL4J")
    avx2_rates, _ = measure_backends(table, arguments.rounds, "AVX2", *AVX2)
    memory = measure_memory(table)

    training_mode = best_mode(pytorch_rates, "float32")
    bf16_training_mode = best_mode(pytorch_rates, "float32", "bfloat16")
    decoding_mode, bf16_decoding_mode = (best_mode(decoding_rates, precision) for precision in gemm)
    gflops = {"float32": median(pytorch_rates["local"]) * TRAINING_GFLOP_PER_IMAGE,
              "bfloat16": median(pytorch_rates["local_bf16"]) * TRAINING_GFLOP_PER_IMAGE}
    ratios = {
        "training_ratio": median(pytorch_rates["local"]) / median(pytorch_rates[training_mode]),
        "training_bf16_ratio": median(pytorch_rates["local_bf16"]) / median(pytorch_rates[bf16_training_mode]),
        "shared_ratio": median(shared_rates["shared"]) / median(shared_rates["local"]),
        "reconstruct_ratio": median(decoding_rates["run_float32"]) / median(decoding_rates[decoding_mode]),
        "reconstruct_bf16_ratio":
            median(decoding_rates["run_bfloat16"]) / median(decoding_rates[bf16_decoding_mode]),
        "float32_share": gflops["float32"] / median(gemm["float32"]),
        "bf16_share": gflops["bfloat16"] / median(gemm["bfloat16"]),
    }
    processor_name, bf16_instructions = processor()
    java_version = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    template = (ROOT / "bench/performance.template.md").read_text()
    (ROOT / "docs/results/performance.md").write_text(template.format(
        processor=processor_name, cores=CORES,
        bf16_instructions=bf16_instructions or "none: `bfloat16` computes in single precision",
        java=re.sub(r'openjdk version|"', "", java_version).strip(),
        torch=torch.versions["torch"], python=torch.versions["python"], threads=torch.versions["threads"],
        rounds=arguments.rounds, short_epoch_images=SHORT_EPOCH_IMAGES, epoch_images=EPOCH_IMAGES,
        full_epoch_images=FULL_EPOCH_IMAGES, decoded_images=DECODED_IMAGES,
        local=median_and_range(pytorch_rates["local"]), pytorch=median_and_range(pytorch_rates[training_mode]),
        training_mode=training_mode, decoding_mode=decoding_mode,
        bf16_training_mode=bf16_training_mode, bf16_decoding_mode=bf16_decoding_mode,
        local_bf16=median_and_range(pytorch_rates["local_bf16"]),
        bf16_pytorch=median_and_range(pytorch_rates[bf16_training_mode]),
        reconstruct_bf16=median_and_range(decoding_rates["run_bfloat16"]),
        bf16_torch_decoding=median_and_range(decoding_rates[bf16_decoding_mode]),
        pytorch_modes=pytorch_table(pytorch_rates, decoding_rates),
        local_again=median_and_range(shared_rates["local"]), shared=median_and_range(shared_rates["shared"]),
        reconstruct=median_and_range(decoding_rates["run_float32"]),
        torch_decoding=median_and_range(decoding_rates[decoding_mode]),
        cpu=median_and_range(backend_rates["cpu"]), dl4j=median_and_range(backend_rates["dl4j"]),
        dl4j_ratio=f"{median(backend_rates['cpu']) / median(backend_rates['dl4j']):.1f}",
        **{name: f"{value:.2f}" for name, value in ratios.items()},
        local_peak=f"{last_shared['local']['peak_mb']:,.0f}", shared_peak=f"{last_shared['shared']['peak_mb']:,.0f}",
        dl4j_peak=f"{last_backend['dl4j']['peak_mb']:,.0f}", torch_peak=f"{last_torch['peak_mb']:,.0f}",
        decoding_peak=f"{decoding_peak:,.0f}",
        sgemm=median_and_range(gemm["float32"]), bf16_gemm=median_and_range(gemm["bfloat16"]),
        gflops=f"{gflops['float32']:.0f}", bf16_gflops=f"{gflops['bfloat16']:.0f}",
        share=f"{100 * ratios['float32_share']:.0f}", bf16_percent=f"{100 * ratios['bf16_share']:.0f}",
        gflop_per_image=f"{TRAINING_GFLOP_PER_IMAGE:.3f}",
        avx2_cpu=median_and_range(avx2_rates["cpu"]), avx2_dl4j=median_and_range(avx2_rates["dl4j"]),
        avx2_ratio=f"{median(avx2_rates['cpu']) / median(avx2_rates['dl4j']):.1f}",
        **{f"{kind}_{epoch}": f"{values[epoch - 1]:,.0f}"
           for kind, values in memory.items() for epoch in (1, 10, 20, 30, 40, 50)},
        layers=layer_table(), jmh=jmh_table()))
    for name, value in ratios.items():
        print(f"{name}={value:.3f}")


if __name__ == "__main__":
    main()
