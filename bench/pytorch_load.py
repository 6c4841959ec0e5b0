#!/usr/bin/env python3
"""Loads an exported model in PyTorch and checks that its reconstructions equal the run's.

    submit/sparkvae export --run-id first
    duckdb -c "COPY (SELECT image_id, hex(original) AS original, reconstruction, bce, kl
                     FROM read_parquet('runs/first/reconstructions/split=test/*.parquet')
                     ORDER BY image_id LIMIT 100) TO 'rows.json'"
    python3 bench/pytorch_load.py runs/first rows.json

The script samples the posterior with the run's noise, which depends on the run's seed and each image's id. It prints
the largest difference of a pixel and exits with code 1 if this is greater than 1e-4. Requires torch and numpy.
"""
import json
import pathlib
import struct
import sys

import numpy as np
import torch
from torch.nn import functional as F

import pytorch_reference as reference
from pytorch_vae import COLUMNS, ROWS, Vae

TOLERANCE = 1e-4


def read_safetensors(path):
    """Returns the tensors by name. Supports float32 only.

    The format is the header's length, a JSON header and the values.
    """
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            values = np.frombuffer(data[begin:end], dtype="<f4").reshape(entry["shape"])
            tensors[name] = torch.from_numpy(values.copy())
    return tensors


def load(run):
    """Returns the model in evaluation mode and its description."""
    description = json.loads((run / "model.json").read_text())
    tensors = read_safetensors(run / "model.safetensors")
    channels = [len(values) for name, values in tensors.items() if name.endswith(".deconv.bias")]
    model = Vae(description["architecture"]["latent_size"], channels=channels)
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    # num_batches_tracked is a counter that only training uses.
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing, unexpected)
    return model.eval(), description


def noise(description, image_ids):
    """Returns the standard normal noise of each image in the run, [images, 28, latent channels]."""
    seed, epoch = description["noise"]["seed"], description["noise"]["epoch"]
    latent_channels = description["architecture"]["latent_size"]
    epoch_key = reference.mix(reference.mix(seed) + np.uint64(epoch))
    keys = [reference.mix(epoch_key + np.uint64(n)) >> np.uint64(16) for n in image_ids]
    return torch.from_numpy(np.stack([reference.noise(key, latent_channels) for key in keys]))


def main():
    run, rows = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    rows = [json.loads(line) for line in rows.read_text().splitlines()]
    model, description = load(run)
    pixels = np.stack([np.frombuffer(bytes.fromhex(row["original"]), dtype=np.uint8) for row in rows])
    images = torch.from_numpy(pixels.astype(np.float32) / 255).reshape(-1, ROWS, COLUMNS)
    expected = torch.tensor([row["reconstruction"] for row in rows]).reshape(-1, ROWS, COLUMNS)
    with torch.no_grad():
        logits, mean, log_var, _ = model(images, noise(description, [row["image_id"] for row in rows]))
        reconstruction = torch.sigmoid(logits)
        bce = F.binary_cross_entropy(reconstruction, images, reduction="none").mean(dim=(1, 2))
        kl = 0.5 * torch.sum(mean**2 + torch.exp(log_var) - 1 - log_var, dim=(1, 2))
    difference = (reconstruction - expected).abs().max().item()
    print(f"images={len(rows)}")
    print(f"bce_difference={(bce - torch.tensor([row['bce'] for row in rows])).abs().max().item():.1e}")
    print(f"kl_difference={(kl - torch.tensor([row['kl'] for row in rows])).abs().max().item():.1e}")
    print(f"largest_difference={difference:.1e}")
    return 0 if difference <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
