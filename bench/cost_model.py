#!/usr/bin/env python3
"""Prints a model of the images/s of --trainer allreduce on 1 to 64 executors of one core, as rows of a Markdown table.

    python3 bench/cost_model.py docs/results/convergence

The directory has the measured pieces, which bench/convergence writes: local-batch-N.csv, histories of runs in one JVM
with one core and minibatches of N images, and sums.csv, the time of sums over two threads. Requires only Python.

A step on n executors with a minibatch of B images takes

    t(n) = c(⌈B/n⌉) + 6·s(n, 2 KB) + s(n, encoder) + s(n, decoder)

c(m) is the measured time of a step with m images. s is the time of a ring all-reduce. It has 2(n − 1) rounds, in each
of which an executor sends 1/n of the bytes:

    s(n, size) = 2(n − 1)·(latency + size/n·(copying + 1/bandwidth))

Latency and copying follow from the measured sums over two threads, which have two rounds. The six small sums are those
of batch norm in three blocks, forward and backward. The others are those of the gradients of the encoder, which are 2 %
of all, and of the decoder.
"""
import csv
import math
import pathlib
import statistics
import sys

BATCH = 100
EXECUTORS = [1, 2, 4, 8, 16, 32, 64]
GBITS = [1, 10, 25]
BATCH_NORM_SUMS = 6
ENCODER_SHARE = 0.02


def step_seconds(path, images):
    """Returns the seconds of a step with a number of images, after the first epoch."""
    with path.open() as file:
        epochs = list(csv.DictReader(file))[1:]
    return statistics.median(images / float(epoch["examples_per_second"]) for epoch in epochs)


def main():
    directory = pathlib.Path(sys.argv[1])
    with (directory / "sums.csv").open() as file:
        (small, small_ms), (large, large_ms) = [(int(b), float(ms)) for b, ms in csv.reader(file)]
    latency = small_ms / 1000 / 2
    copying = (large_ms - small_ms) / 1000 / large

    def sum_seconds(n, size, gbit):
        return 2 * (n - 1) * (latency + size / n * (copying + 8 / (gbit * 1e9)))

    def images_per_second(n, gbit):
        part = math.ceil(BATCH / n)
        compute = step_seconds(directory / f"local-batch-{part}.csv", part)
        return BATCH / (compute + BATCH_NORM_SUMS * sum_seconds(n, small, gbit)
                        + sum_seconds(n, ENCODER_SHARE * large, gbit)
                        + sum_seconds(n, (1 - ENCODER_SHARE) * large, gbit))

    for n in EXECUTORS:
        print(f"| {n} |", " | ".join(f"{round(images_per_second(n, gbit), -1):,.0f}" for gbit in GBITS), "|")
    print(f"\nIn the measured sums, a message has a latency of {1000 * latency:.2f} ms, and copying takes "
          f"{1e9 * copying:.2f} ms per MB.")


if __name__ == "__main__":
    main()
