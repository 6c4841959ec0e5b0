#!/usr/bin/env python3
"""An independent PyTorch implementation of the reference's variational autoencoder, and a fixture of its values.

The Java tests give their model the same weights, images and noise. They compare its forward pass, loss and gradients
with the values printed here. The inputs are not stored. Both sides compute them from formulas over the splitmix64
finalizer (`weights`, `images`, `noise`). The fixture has samples of each input, so that tests can check each formula
separately.

Requires torch and numpy. To regenerate the fixture, run this from the repository's root:

    python3 bench/pytorch_reference.py > src/test/resources/pytorch-reference.json

All values are computed in float32 and, as a check, in float64. `float64_difference` is the difference between the two,
which is the precision to expect of a float32 implementation. The last digits depend on the machine.
"""
import json
import math
import platform
import re

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from pytorch_vae import COLUMNS, HIDDEN, KERNEL, ROWS, Vae

LATENT = {"model1": 256, "model2": 16}
SEED, TRAIN_EPOCH, EVAL_EPOCH = 7, 3, 0
IMAGES = 3
LAMBDA = 0.5
GOLDEN = np.uint64(0x9E3779B97F4A7C15)

np.seterr(over="ignore")  # 64-bit integers wrap here, as Java's do


# --- inputs computed from formulas -----------------------------------------------------------------------------

def mix(z):
    """Returns the splitmix64 finalizer of unsigned 64-bit integers, elementwise."""
    z = np.asarray(z, dtype=np.uint64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def fnv1a64(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return np.uint64(value)


def center_and_bound(name, fan):
    """Returns the center and half the width of the interval that a tensor's values are spread over."""
    layer, _, kind = name.rpartition(".")
    if layer.endswith(".norm"):
        return {"weight": (1, 0.25), "bias": (0, 0.25), "running_mean": (0, 0.1), "running_var": (1, 0.5)}[kind]
    return 0, 1 / math.sqrt(fan)


def weights(name, shape, fan):
    """Returns a tensor's values. Element i, counted row by row, depends only on the tensor's name and i."""
    i = np.arange(1, math.prod(shape) + 1, dtype=np.uint64)
    u = (mix(fnv1a64(name) + i * GOLDEN) >> np.uint64(40)) * 2.0**-24
    center, bound = center_and_bound(name, fan)
    return (center + (2 * u - 1) * bound).astype(np.float32).reshape(shape)


def image_bytes(n):
    """Returns image n, 28×28 bytes. About a quarter of the pixels are nonzero."""
    q = mix(np.arange(ROWS * COLUMNS, dtype=np.uint64) + np.uint64(n * 1000003 + 12345))
    return np.where(q & np.uint64(3), 0, q >> np.uint64(56)).astype(np.uint8).reshape(ROWS, COLUMNS)


def images():
    return np.stack([(image_bytes(n) / 255.0).astype(np.float32) for n in range(IMAGES)])


def noise_key(epoch, n):
    """Returns the 48-bit key of the noise of image n in an epoch."""
    return mix(mix(mix(SEED) + np.uint64(epoch)) + np.uint64(n)) >> np.uint64(16)


def noise(key, latent):
    """Returns standard normals [28, latent] by the Box-Muller transform. The latent channel varies fastest."""
    j = np.arange(ROWS * latent // 2, dtype=np.uint64) * np.uint64(2)
    u1 = ((mix(key + (j + np.uint64(1)) * GOLDEN) >> np.uint64(11)) + np.uint64(1)) * 2.0**-53
    u2 = (mix(key + (j + np.uint64(2)) * GOLDEN) >> np.uint64(11)) * 2.0**-53
    r, angle = np.sqrt(-2 * np.log(u1)), 2 * math.pi * u2
    return np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1).astype(np.float32).reshape(ROWS, latent)


def batch_noise(epoch, latent):
    return np.stack([noise(noise_key(epoch, n), latent) for n in range(IMAGES)])


# --- the model ---------------------------------------------------------------------------------------------------

def reference_model(latent, dtype=torch.float32):
    """Returns a model with the weights that the formula gives.

    It has no dropout, whose random numbers no other implementation can reproduce.
    """
    model = Vae(latent)
    for name, tensor in named_tensors(model):
        with torch.no_grad():
            tensor.copy_(torch.from_numpy(weights(name, tuple(tensor.shape), fan_in(model, name))))
    return model.to(dtype)


def fan_in(model, name):
    layer = model.get_submodule(name.rpartition(".")[0])
    if isinstance(layer, nn.ConvTranspose2d):
        return KERNEL**2 * layer.out_channels
    return layer.in_features if isinstance(layer, nn.Linear) else HIDDEN


def named_tensors(model):
    """Returns parameters and running statistics in the model's order."""
    return [(name, t) for name, t in model.state_dict(keep_vars=True).items() if t.is_floating_point()]


# --- recorded values --------------------------------------------------------------------------------------------

def numbers(tensor, digits=7):
    """Returns a scalar, or a tensor's values row by row, rounded to significant digits."""
    def rounded(value):
        return float(f"{value:.{digits}g}")
    values = torch.as_tensor(tensor).detach()
    return rounded(values.item()) if values.ndim == 0 else [rounded(v) for v in values.flatten().tolist()]


def exact(tensor):
    """Returns the values to nine digits, which determine a float32 exactly."""
    return numbers(tensor, 9)


def total(tensor):
    return exact(tensor.detach().double().sum())


def moments(tensor):
    values = tensor.detach().double()
    return {"mean": exact(values.mean()), "sum_abs": exact(values.abs().sum())}


def spread(tensor, parts):
    """Returns the values at parts + 1 evenly spaced flat indices, including the first and the last."""
    n = tensor.numel()
    index = [n * k // parts for k in range(parts)] + [n - 1]
    return {"index": index, "value": exact(tensor.detach().flatten()[index])}


def gradient(parameter):
    flat = parameter.grad.flatten()
    n = flat.numel()
    index = [0, n // 3, n - 1]
    return {"l2": exact(flat.double().norm()), "index": index, "value": exact(flat[index])}


def running_statistics(norm):
    return {kind: {"first": exact(values[:3]), "sum": total(values)}
            for kind, values in (("running_mean", norm.running_mean), ("running_var", norm.running_var))}


def train_step(latent, dtype):
    """Runs a forward and a backward pass with batch statistics. Returns the model and the outputs."""
    model = reference_model(latent, dtype).train()
    x, eps = (torch.from_numpy(a).to(dtype) for a in (images(), batch_noise(TRAIN_EPOCH, latent)))
    logits, mean, log_var, z = model(x, eps)
    reconstruction = torch.sigmoid(logits)
    bce = F.binary_cross_entropy(reconstruction, x)
    reg_term = -LAMBDA * torch.mean(1 + log_var - mean**2 - torch.exp(log_var))
    loss = bce + reg_term
    loss.backward()
    return model, {"reconstruction": reconstruction, "mean": mean, "log_var": log_var, "z": z,
                   "bce": bce, "reg_term": reg_term, "loss": loss}


def evaluate(latent, dtype):
    """Runs a forward pass with the running statistics that the formula gives. Returns the outputs."""
    model = reference_model(latent, dtype).eval()
    x, eps = (torch.from_numpy(a).to(dtype) for a in (images(), batch_noise(EVAL_EPOCH, latent)))
    with torch.no_grad():
        logits, mean, log_var, _ = model(x, eps)
        reconstruction = torch.sigmoid(logits)
        bce = F.binary_cross_entropy(reconstruction, x, reduction="none").mean(dim=(1, 2))
        kl = 0.5 * torch.sum(mean**2 + torch.exp(log_var) - 1 - log_var, dim=(1, 2))
    return {"reconstruction": reconstruction, "bce": bce, "kl": kl}


def difference(a, b):
    return float(f"{(a.detach().double() - b.detach()).abs().max().item():.2g}")


def float64_difference(model, step, evaluated, latent):
    """Returns the largest absolute differences of the outputs, and the largest relative difference of a gradient.

    A gradient's difference is relative to its L2 norm.
    """
    model64, step64 = train_step(latent, torch.float64)
    evaluated64 = evaluate(latent, torch.float64)
    gradients = [((p.grad.double() - q.grad).norm() / q.grad.norm()).item()
                 for p, q in zip(model.parameters(), model64.parameters())]
    return {"train": {key: difference(step[key], step64[key]) for key in step},
            "train_gradients_relative": float(f"{max(gradients):.2g}"),
            "eval": {key: difference(evaluated[key], evaluated64[key]) for key in evaluated}}


def noise_samples(latent):
    """Returns the first and last values of each key's noise. Fails if all values together are not standard normal."""
    values = np.concatenate([batch_noise(epoch, latent).ravel() for epoch in (TRAIN_EPOCH, EVAL_EPOCH)])
    error = 1 / math.sqrt(values.size)
    assert abs(values.mean()) < 4 * error and abs(values.var() - 1) < 4 * math.sqrt(2) * error
    samples = []
    for epoch in (TRAIN_EPOCH, EVAL_EPOCH):
        for n in range(IMAGES):
            eps = torch.from_numpy(noise(noise_key(epoch, n), latent)).flatten()
            samples.append({"epoch": epoch, "image": n, "key": int(noise_key(epoch, n)), "count": eps.numel(),
                            "first": exact(eps[:4]), "last": exact(eps[-4:]), **moments(eps)})
    return samples


def reference(latent):
    samples = {name: {"shape": list(t.shape), **spread(t, 3)} for name, t in named_tensors(reference_model(latent))}
    model, step = train_step(latent, torch.float32)
    evaluated = evaluate(latent, torch.float32)
    return {
        "latent": latent,
        "weights": samples,
        "noise": noise_samples(latent),
        "train": {
            **{key: exact(step[key]) for key in ("bce", "reg_term", "loss")},
            **{key: moments(step[key]) for key in ("mean", "log_var", "z")},
            "reconstruction_sums": [total(r) for r in step["reconstruction"]],
            "reconstruction_image1": numbers(step["reconstruction"][1]),
            "gradients": {name: gradient(p) for name, p in model.named_parameters()},
            "norms": {name: running_statistics(block.norm) for name, block in model.blocks().items()},
        },
        "eval": {
            "bce_per_image": exact(evaluated["bce"]),
            "kl_per_image": exact(evaluated["kl"]),
            "reconstruction_sums": [total(r) for r in evaluated["reconstruction"]],
            "reconstruction_image2": numbers(evaluated["reconstruction"][2]),
        },
        "float64_difference": float64_difference(model, step, evaluated, latent),
    }


def main():
    torch.set_num_threads(1)
    result = {
        "made_by": "bench/pytorch_reference.py",
        "versions": {"torch": torch.__version__, "numpy": np.__version__, "python": platform.python_version()},
        "settings": {"seed": SEED, "train_epoch": TRAIN_EPOCH, "eval_epoch": EVAL_EPOCH,
                     "images": list(range(IMAGES)), "lambda": LAMBDA, "dropout": 0, "dtype": "float32"},
        "images": [{"image": n, "sum": int(image_bytes(n).sum()), "lit": int(np.count_nonzero(image_bytes(n)))}
                   for n in range(IMAGES)],
        **{name: reference(latent) for name, latent in LATENT.items()},
    }
    text = json.dumps(result, indent=1, allow_nan=False)
    print(re.sub(r"\[[^][{}]*]", lambda array: " ".join(array[0].split()), text))


if __name__ == "__main__":
    main()
