#!/usr/bin/env python3
"""Fits the lowest cross-entropy that the decoder's output layer can reach, and counts images with a digit's blank rows.

    python3 bench/floor.py TEST_IMAGES_IDX RESULT_JSON [--steps 3000]

TEST_IMAGES_IDX is a file that `submit/sparkvae data` fetches: ~/.cache/spark-vae/mnist/t10k-images-idx3-ubyte.
Requires torch and numpy.

The output layer is Linear(3→28) on each row, shared by all rows of all images, and a sigmoid. Its logits are therefore
a rank-3 affine family. The script fits the family, and three codes per row of the test images, by gradient descent on
the cross-entropy (logistic PCA; Schein et al., 2003). It fits with any codes and with nonnegative codes, because the
decoder's codes come from a ReLU. The batch norm after the ReLU has one channel, so it changes all codes alike.
The problem is not convex, so the fitted value can be above the true floor. There are three fits of each kind. The
result has each fit's cross-entropy after every tenth of its steps, in nats per pixel.

BLANK_ROWS and INKED_ROWS are image rows that are at least four apart. In images generated from N(0, I) such rows are
independent and have the same distribution (LatentDecoderTest). If a row is blank with probability p, at most
p²(1 − p)³ of the generated images, 3.5 %, have this pattern. The script counts the test images that have it.
"""
import argparse
import json
import pathlib

import torch
from torch.nn import functional as F

from pytorch_speed import read_images
from pytorch_train import write_atomically

RANK = 3
FITS = 3
BLANK_ROWS, INKED_ROWS = (3, 27), (11, 15, 19)


def entropy(pixels):
    """Returns the entropy of the gray pixels, which is the cross-entropy of a perfect reconstruction."""
    return F.binary_cross_entropy(pixels, pixels).item()


def pattern_share(pixels):
    """Returns the share of images with the pattern. A row is blank if no pixel is above 0.5."""
    inked = pixels.amax(dim=2) > 0.5
    return (~inked[:, BLANK_ROWS].any(dim=1) & inked[:, INKED_ROWS].all(dim=1)).float().mean().item()


def fit(rows, steps, nonnegative, seed):
    """Returns the cross-entropy after each tenth of the steps, in nats per pixel."""
    torch.manual_seed(seed)
    codes = torch.randn(len(rows), RANK)
    if nonnegative:
        codes = codes.abs()
    codes.requires_grad_()
    weights = torch.randn(RANK, rows.shape[1], requires_grad=True)
    bias = torch.zeros(rows.shape[1], requires_grad=True)
    parameters = [codes, weights, bias]
    adam = torch.optim.Adam(parameters, lr=0.1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(adam, steps)
    losses = []
    for step in range(1, steps + 1):
        adam.zero_grad()
        logits = codes @ weights + bias
        # The sum over rows makes the step of a row's codes independent of the number of rows.
        bce = F.binary_cross_entropy_with_logits(logits, rows, reduction="sum") / rows.shape[1]
        bce.backward()
        adam.step()
        schedule.step()
        if nonnegative:
            with torch.no_grad():
                codes.clamp_(min=0)
        if step * 10 // steps > (step - 1) * 10 // steps:
            losses.append(bce.item() / len(rows))
            kind = "nonnegative" if nonnegative else "any"
            print(f"{kind} codes, fit {seed}: step {step} of {steps}, {losses[-1]:.5f} nats per pixel", flush=True)
    return losses


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("images", type=pathlib.Path)
    parser.add_argument("result", type=pathlib.Path)
    parser.add_argument("--steps", type=int, default=3000)
    arguments = parser.parse_args()
    pixels = read_images(arguments.images).float() / 255
    rows = pixels.reshape(-1, pixels.shape[-1])
    result = {"images": len(pixels), "rank": RANK, "steps": arguments.steps, "entropy_floor": entropy(rows),
              "laid_out_as_digits": pattern_share(pixels),
              "any": [fit(rows, arguments.steps, False, seed) for seed in range(FITS)],
              "nonnegative": [fit(rows, arguments.steps, True, seed) for seed in range(FITS)]}
    write_atomically(arguments.result, lambda path: path.write_text(json.dumps(result, indent=2) + "\n"))


if __name__ == "__main__":
    main()
