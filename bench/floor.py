#!/usr/bin/env python3
"""How near the report's last layer can come to the images at all, whatever stands before it.

    python3 bench/floor.py TEST_IMAGES_IDX RESULT_JSON [--steps 3000]

TEST_IMAGES_IDX is what `submit/sparkvae data` fetched, ~/.cache/spark-vae/mnist/t10k-images-idx3-ubyte. The output is
Linear(3→28) of each row, the same for all rows of all images, and a sigmoid: its logits are a rank-3 affine family. Fits, by
gradient descent on the cross-entropy itself, the best such family and the best three numbers for every row of the test
images (logistic PCA; Schein et al., 2003): once with any numbers, and once with numbers of 0 and more, since the three
come out of a ReLU, whose batch norm, one channel, only scales and shifts them all alike. Both are fitted to the very
images that they are measured on, so no model of this architecture can have less. Writes nats per pixel after each of the
last tenths of the steps too, for a reader to see how far it still falls. Needs torch and numpy.
"""
import argparse
import json
import pathlib

import torch
from torch.nn import functional as F

from pytorch_speed import read_images
from pytorch_train import aside

RANK = 3


def entropy(pixels):
    """Of the grey pixels themselves: what a perfect reconstruction has."""
    return F.binary_cross_entropy(pixels, pixels).item()


def fit(rows, steps, nonnegative):
    """Nats per pixel after each tenth of the steps."""
    torch.manual_seed(42)
    codes = torch.randn(len(rows), RANK)
    if nonnegative:
        codes = codes.abs()
    codes.requires_grad_()
    weights = torch.randn(RANK, rows.shape[1], requires_grad=True)
    bias = torch.zeros(rows.shape[1], requires_grad=True)
    parameters = [codes, weights, bias]
    adam = torch.optim.Adam(parameters, lr=0.1)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(adam, steps)
    seen = []
    for step in range(1, steps + 1):
        adam.zero_grad()
        logits = codes @ weights + bias
        # Each row's own three numbers learn from that row alone, however many rows there are.
        bce = F.binary_cross_entropy_with_logits(logits, rows, reduction="sum") / rows.shape[1]
        bce.backward()
        adam.step()
        falling.step()
        if nonnegative:
            with torch.no_grad():
                codes.clamp_(min=0)
        if step % (steps // 10) == 0:
            seen.append(bce.item() / len(rows))
            print(f"{'0 and more' if nonnegative else 'any'}: step {step} of {steps}, {seen[-1]:.5f}", flush=True)
    return seen


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("images", type=pathlib.Path)
    parser.add_argument("result", type=pathlib.Path)
    parser.add_argument("--steps", type=int, default=3000)
    given = parser.parse_args()
    pixels = read_images(given.images).float() / 255
    rows = pixels.reshape(-1, pixels.shape[-1])
    found = {"images": len(pixels), "rank": RANK, "steps": given.steps, "entropy_floor": entropy(rows),
             "any": fit(rows, given.steps, False), "nonnegative": fit(rows, given.steps, True)}
    aside(given.result, lambda path: path.write_text(json.dumps(found, indent=2) + "\n"))


if __name__ == "__main__":
    main()
