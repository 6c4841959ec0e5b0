#!/usr/bin/env python3
"""The PyTorch side of bench/beside-pytorch: the reference's Model 1 in each of PyTorch's CPU modes.

Reads commands from standard input, one per line, and answers each with a line of JSON:

    train MODE N     trains N minibatches of 100; "seconds" is the time taken
    decode MODE N    encodes, samples and decodes N images in memory; "seconds" is the time taken
    matmul TYPE      multiplies matrices of this type, such as float32; "gflops" is the best rate in GFLOP/s

MODE is a key of MODES. Every answer has "peak_mb", the largest resident set of this process so far.

Usage: pytorch_speed.py TRAIN_IMAGES_IDX THREADS
"""
import json
import platform
import resource
import sys
import time

import numpy as np
import torch
from torch.nn import functional as F

from pytorch_vae import COLUMNS, ROWS, Vae

BATCH, LAMBDA = 100, 0.5
# Whether the weights' memory format is channels_last, autocast uses bfloat16, and torch.compile compiles the model.
MODES = {
    "eager": (False, False, False),
    "channels_last": (True, False, False),
    "compiled": (True, False, True),
    "bfloat16": (True, True, False),
    "bfloat16_compiled": (True, True, True),
}


def loss_of(model, x):
    """Returns the binary cross-entropy, mean over pixels, and the reference's regularization term."""
    logits, mean, log_var, _ = model(x)
    bce = F.binary_cross_entropy_with_logits(logits, x)
    return bce, -LAMBDA * torch.mean(1 + log_var - mean**2 - torch.exp(log_var))


def read_images(path):
    """Returns the images of an IDX file, bytes [images, 28, 28]."""
    return torch.from_numpy(np.fromfile(path, dtype=np.uint8)[16:].reshape(-1, ROWS, COLUMNS))


class Benchmark:
    def __init__(self, pixels, mode):
        channels_last, self.bfloat16, compiled = MODES[mode]
        self.pixels = pixels
        self.model = Vae(dropout=0.01)
        if channels_last:
            self.model.to(memory_format=torch.channels_last)
        self.adam = torch.optim.Adam(self.model.parameters(), lr=0.001)
        self.run = torch.compile(self.model) if compiled else self.model
        self.order = torch.randperm(len(pixels))
        self.position = 0

    def next_minibatch(self):
        if self.position + BATCH > len(self.pixels):
            self.position = 0
        indices = self.order[self.position:self.position + BATCH]
        self.position += BATCH
        return self.pixels[indices].float() / 255

    def train(self, minibatches):
        self.model.train()
        for _ in range(minibatches):
            x = self.next_minibatch()
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bfloat16):
                bce, reg_term = loss_of(self.run, x)
                loss = bce + reg_term
            self.adam.zero_grad()
            loss.backward()
            self.adam.step()
        return loss.item()

    @torch.no_grad()
    def decode(self, images):
        self.model.eval()
        for start in range(0, images, BATCH):
            x = self.pixels[start:min(start + BATCH, images)].float() / 255
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bfloat16):
                logits, *_ = self.run(x)
            decoded = torch.sigmoid(logits.float())
        return decoded[-1].mean().item()


def seconds(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def matmul_rate(dtype, size=2048):
    a, b = torch.randn(size, size).to(dtype), torch.randn(size, size).to(dtype)
    return 2 * size**3 / min(seconds(torch.mm, a, b) for _ in range(10)) / 1e9


def main():
    torch.set_num_threads(int(sys.argv[2]))
    torch.manual_seed(42)
    pixels = read_images(sys.argv[1])
    benchmarks = {mode: Benchmark(pixels, mode) for mode in MODES}
    print(json.dumps({"torch": torch.__version__, "python": platform.python_version(),
                      "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        command, name, *count = line.split()
        if command == "matmul":
            answer = {"gflops": matmul_rate(getattr(torch, name))}
        else:
            answer = {"seconds": seconds(getattr(benchmarks[name], command), int(count[0]))}
        answer["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
