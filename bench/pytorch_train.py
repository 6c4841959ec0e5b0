#!/usr/bin/env python3
"""Trains the report's model in PyTorch, eager, on all 60,000 images, and writes what it lost epoch by epoch.

    python3 bench/pytorch_train.py IDX_DIRECTORY HISTORY_CSV [--epochs 10] [--latent-channels 256] [--dropout 0.01]
                                   [--biases ours|zero|pytorch]

IDX_DIRECTORY is what `submit/sparkvae data` fetched, ~/.cache/spark-vae/mnist. Columns are those of a run's history.csv;
a JSON file beside it says versions and seed. Initial weights, shuffling and noise are PyTorch's own, from the seed. Biases
begin as this project's do, at 0 but for the output's, at -1/√3 (VaeGraph.untrained); or all at 0; or as PyTorch's own.
A checkpoint beside it is gone on from, where an earlier try was stopped. Needs torch and numpy, nothing else.
"""
import argparse
import json
import math
import os
import pathlib
import platform
import sys
import time

import torch

from pytorch_speed import BATCH, Vae, loss_of, read_images

COLUMNS = ("epoch,train_loss_last,train_loss_mean,bce_last,bce_mean,reg_term_last,reg_term_mean,test_bce,test_reg_term,"
           "examples,seconds,examples_per_second")


@torch.no_grad()
def set_biases(model, output):
    """All to 0, but for the output's. Batch norm's are there from the first."""
    for name, parameter in model.named_parameters():
        if "bias" in name:
            parameter.zero_()
    model.output.bias.fill_(output)


def train(model, adam, images):
    """An epoch: every minibatch's cross-entropy and regularisation term."""
    model.train()
    losses = []
    for chosen in torch.randperm(len(images)).split(BATCH):
        bce, reg_term = loss_of(model, images[chosen].float() / 255)
        adam.zero_grad()
        (bce + reg_term).backward()
        adam.step()
        losses.append((bce.item(), reg_term.item()))
    return losses


@torch.no_grad()
def test(model, images):
    model.eval()
    losses = [loss_of(model, part.float() / 255) for part in images.split(BATCH)]
    return [sum(part.item() for part in kind) / len(kind) for kind in zip(*losses)]


def row(epoch, losses, tested, seconds, images):
    (bce_last, reg_last), (bce_mean, reg_mean) = losses[-1], (sum(kind) / len(losses) for kind in zip(*losses))
    numbers = [bce_last + reg_last, bce_mean + reg_mean, bce_last, bce_mean, reg_last, reg_mean, *tested]
    return ",".join([str(epoch), *(f"{n:.6f}" for n in numbers), str(images), f"{seconds:.1f}", f"{images / seconds:.1f}"])


def aside(path, write):
    """So that nothing is ever half-written."""
    part = path.with_name("_" + path.name)
    write(part)
    os.replace(part, path)


def write_down(history, rows, facts):
    aside(history.with_suffix(".json"), lambda path: path.write_text(json.dumps(facts, indent=2) + "\n"))
    aside(history, lambda path: path.write_text("\n".join([COLUMNS, *rows]) + "\n"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("idx", type=pathlib.Path)
    parser.add_argument("history", type=pathlib.Path)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--latent-channels", type=int, default=256)
    parser.add_argument("--dropout", type=float, default=0.01)
    parser.add_argument("--biases", choices=["ours", "zero", "pytorch"], default="ours")
    parser.add_argument("--seed", type=int, default=42)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    train_images = read_images(given.idx / "train-images-idx3-ubyte")
    test_images = read_images(given.idx / "t10k-images-idx3-ubyte")
    model = Vae(given.latent_channels, given.dropout)
    if given.biases != "pytorch":
        set_biases(model, -1 / math.sqrt(3) if given.biases == "ours" else 0)
    adam = torch.optim.Adam(model.parameters(), lr=0.001)
    facts = {"torch": str(torch.__version__), "python": platform.python_version(), "threads": torch.get_num_threads(),
             "latent_size": given.latent_channels, "dropout": given.dropout, "biases": given.biases, "seed": given.seed,
             "output_bias": round(model.output.bias.mean().item(), 4)}
    rows = []
    checkpoint = given.history.with_suffix(".pt")
    if checkpoint.exists():
        state = torch.load(checkpoint)
        if state["facts"] != facts:
            sys.exit(f"pytorch_train: {checkpoint} is of {state['facts']}, not {facts}; delete it or name another file")
        model.load_state_dict(state["model"])
        adam.load_state_dict(state["adam"])
        torch.set_rng_state(state["random"])
        rows = state["rows"]
        if len(rows) > given.epochs:
            sys.exit(f"pytorch_train: {checkpoint} is of {len(rows)} epochs, not {given.epochs}; delete it or name another file")
    given.history.parent.mkdir(parents=True, exist_ok=True)
    write_down(given.history, rows, facts)
    for epoch in range(len(rows) + 1, given.epochs + 1):
        start = time.perf_counter()
        losses = train(model, adam, train_images)
        seconds = time.perf_counter() - start
        rows.append(row(epoch, losses, test(model, test_images), seconds, len(train_images)))
        print(rows[-1], flush=True)
        state = {"model": model.state_dict(), "adam": adam.state_dict(), "random": torch.get_rng_state(), "rows": rows,
                 "facts": facts}
        aside(checkpoint, lambda path, state=state: torch.save(state, path))
        write_down(given.history, rows, facts)


if __name__ == "__main__":
    main()
