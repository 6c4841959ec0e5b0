#!/usr/bin/env python3
"""Trains the reference's model in PyTorch, in eager mode, on all 60,000 images, and writes the losses of each epoch.

    python3 bench/pytorch_train.py IDX_DIRECTORY HISTORY_CSV [--epochs 10] [--latent-channels 256] [--dropout 0.01]
                                   [--biases ours|zero|pytorch]

IDX_DIRECTORY is the folder that `submit/sparkvae data` fills: ~/.cache/spark-vae/mnist. HISTORY_CSV has the columns of
a run's history.csv. A JSON file of the same name records versions and settings. PyTorch initializes the weights,
shuffles, and samples noise from the seed. `--biases` selects the initial biases: `ours` are spark-vae's, 0 except -1/√3
in the output layer (VaeGraph.untrained); `zero` are all 0; `pytorch` are PyTorch's defaults. Rerun the same command to
resume from the last epoch's checkpoint, a .pt file of the same name. Requires torch and numpy.
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

from pytorch_speed import BATCH, loss_of, read_images
from pytorch_vae import Vae

COLUMNS = ("epoch,train_loss_last,train_loss_mean,bce_last,bce_mean,reg_term_last,reg_term_mean,test_bce,test_reg_term,"
           "examples,seconds,examples_per_second")


@torch.no_grad()
def set_biases(model, output):
    """Sets the output layer's biases to a value and all others to 0."""
    for name, parameter in model.named_parameters():
        if "bias" in name:
            parameter.zero_()
    model.output.bias.fill_(output)


def train(model, adam, images):
    """Trains one epoch. Returns the cross-entropy and the regularization term of every minibatch."""
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


def history_row(epoch, losses, test_losses, seconds, images):
    (bce_last, reg_last), (bce_mean, reg_mean) = losses[-1], (sum(kind) / len(losses) for kind in zip(*losses))
    numbers = [bce_last + reg_last, bce_mean + reg_mean, bce_last, bce_mean, reg_last, reg_mean, *test_losses]
    return ",".join([str(epoch), *(f"{number:.6f}" for number in numbers), str(images), f"{seconds:.1f}",
                     f"{images / seconds:.1f}"])


def write_atomically(path, write):
    """Writes a temporary file and renames it, so that the path never has an incomplete file."""
    temporary = path.with_name("_" + path.name)
    write(temporary)
    os.replace(temporary, path)


def write_history(history, rows, settings):
    write_atomically(history.with_suffix(".json"), lambda path: path.write_text(json.dumps(settings, indent=2) + "\n"))
    write_atomically(history, lambda path: path.write_text("\n".join([COLUMNS, *rows]) + "\n"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("idx", type=pathlib.Path)
    parser.add_argument("history", type=pathlib.Path)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--latent-channels", type=int, default=256)
    parser.add_argument("--dropout", type=float, default=0.01)
    parser.add_argument("--biases", choices=["ours", "zero", "pytorch"], default="ours")
    parser.add_argument("--seed", type=int, default=42)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    train_images = read_images(arguments.idx / "train-images-idx3-ubyte")
    test_images = read_images(arguments.idx / "t10k-images-idx3-ubyte")
    model = Vae(arguments.latent_channels, arguments.dropout)
    if arguments.biases != "pytorch":
        set_biases(model, -1 / math.sqrt(3) if arguments.biases == "ours" else 0)
    adam = torch.optim.Adam(model.parameters(), lr=0.001)
    settings = {"torch": str(torch.__version__), "python": platform.python_version(),
                "threads": torch.get_num_threads(), "latent_size": arguments.latent_channels,
                "dropout": arguments.dropout, "biases": arguments.biases, "seed": arguments.seed,
                "output_bias": round(model.output.bias.mean().item(), 4)}
    rows = []
    checkpoint = arguments.history.with_suffix(".pt")
    if checkpoint.exists():
        state = torch.load(checkpoint)
        if state["settings"] != settings:
            sys.exit(f"{checkpoint}: the settings differ: expected {settings}, found {state['settings']}. "
                     "Delete it or choose another HISTORY_CSV.")
        model.load_state_dict(state["model"])
        adam.load_state_dict(state["adam"])
        torch.set_rng_state(state["random"])
        rows = state["rows"]
        if len(rows) > arguments.epochs:
            sys.exit(f"--epochs: {arguments.epochs} is less than the {len(rows)} epochs of {checkpoint}. "
                     "Delete the checkpoint or choose another HISTORY_CSV.")
    arguments.history.parent.mkdir(parents=True, exist_ok=True)
    write_history(arguments.history, rows, settings)
    for epoch in range(len(rows) + 1, arguments.epochs + 1):
        start = time.perf_counter()
        losses = train(model, adam, train_images)
        seconds = time.perf_counter() - start
        rows.append(history_row(epoch, losses, test(model, test_images), seconds, len(train_images)))
        print(rows[-1], flush=True)
        state = {"model": model.state_dict(), "adam": adam.state_dict(), "random": torch.get_rng_state(), "rows": rows,
                 "settings": settings}
        write_atomically(checkpoint, lambda path, state=state: torch.save(state, path))
        write_history(arguments.history, rows, settings)


if __name__ == "__main__":
    main()
