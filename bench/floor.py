#!/usr/bin/env python3
"""How near the report's last layer can come to the images at all, and how many draws from the prior can look like one.

    python3 bench/floor.py TEST_IMAGES_IDX RESULT_JSON [--steps 3000]

TEST_IMAGES_IDX is what `submit/sparkvae data` fetched, ~/.cache/spark-vae/mnist/t10k-images-idx3-ubyte. Needs torch and numpy.

The output is Linear(3→28) of each row, the same for all rows of all images, and a sigmoid: its logits are a rank-3 affine
family. Fits the best such family and the best three numbers for every row of the test images by gradient descent on the
cross-entropy itself (logistic PCA; Schein et al., 2003): once with any numbers, and once with numbers of 0 and more, since
the three come out of a ReLU, whose batch norm, of one channel, only scales and shifts them all alike. What is found is the floor
or a little above it: the problem is not convex. So three starts each, and what each has after every tenth of its steps, in
nats per pixel.

BLANK and INKED are image rows four and more apart, which are independent of one another and alike in a draw from N(0, I)
(LatentDecoderTest): whatever share p of rows is blank, at most p²(1 − p)³, 3.5 %, of draws have the BLANK ones blank and the INKED ones not.
Counts the test images that do.
"""
import argparse
import json
import pathlib

import torch
from torch.nn import functional as F

from pytorch_speed import read_images
from pytorch_train import aside

RANK = 3
STARTS = 3
BLANK, INKED = (3, 27), (11, 15, 19)


def entropy(pixels):
    """Of the grey pixels themselves: what a perfect reconstruction has."""
    return F.binary_cross_entropy(pixels, pixels).item()


def laid_out_as_digits(pixels):
    """The share of images with rows as above; a row is blank if no pixel is over half."""
    inked = pixels.amax(dim=2) > 0.5
    return (~inked[:, BLANK].any(dim=1) & inked[:, INKED].all(dim=1)).float().mean().item()


def fit(rows, steps, nonnegative, seed):
    """Nats per pixel after each tenth of the steps."""
    torch.manual_seed(seed)
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
        if step * 10 // steps > (step - 1) * 10 // steps:
            seen.append(bce.item() / len(rows))
            print(f"{'0 and more' if nonnegative else 'any'}, start {seed}: step {step} of {steps}, {seen[-1]:.5f}", flush=True)
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
             "laid_out_as_digits": laid_out_as_digits(pixels),
             "any": [fit(rows, given.steps, False, seed) for seed in range(STARTS)],
             "nonnegative": [fit(rows, given.steps, True, seed) for seed in range(STARTS)]}
    aside(given.result, lambda path: path.write_text(json.dumps(found, indent=2) + "\n"))


if __name__ == "__main__":
    main()
