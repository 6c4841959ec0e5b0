#!/usr/bin/env python3
"""Prints the speed of two executors with --trainer allreduce as rows of a Markdown table.

    python3 bench/speed_table.py docs/results/convergence

The directory has a history speed-NAME-ROUND.csv for each measurement, which bench/convergence writes. The speed is that
of the last epoch. Ratios compare runs of the same round. Requires only Python.
"""
import csv
import pathlib
import statistics
import sys

ROWS = {"allreduce-1": "`allreduce`, one executor of one core", "allreduce-2": "`allreduce`, two executors of one core",
        "local-2": "`local` on two cores"}


def speeds(directory, name):
    """Returns the images per second of each round."""
    rates = []
    for path in sorted(directory.glob(f"speed-{name}-*.csv")):
        with path.open() as file:
            rates.append(float(list(csv.DictReader(file))[-1]["examples_per_second"]))
    return rates


def median_and_range(values, digits):
    return (f"{statistics.median(values):.{digits}f} "
            f"({min(values):.{digits}f}–{max(values):.{digits}f})").replace(" (1.00–1.00)", "")


def main():
    directory = pathlib.Path(sys.argv[1])
    rates = {name: speeds(directory, name) for name in ROWS}
    for name, label in ROWS.items():
        ratios = [median_and_range([a / b for a, b in zip(rates[name], rates[other])], 2)
                  for other in ("allreduce-1", "local-2")]
        print(f"| {label} | {median_and_range(rates[name], 0)} | {ratios[0]} | {ratios[1]} |")


if __name__ == "__main__":
    main()
