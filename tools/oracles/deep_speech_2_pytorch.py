"""Prints test/network/deep-speech-2.json: the logits of a small Deep Speech 2 of PyTorch's modules, in float64.

    python3 tools/oracles/deep_speech_2_pytorch.py > test/network/deep-speech-2.json

The stored file came from PyTorch 1.13.1 as Debian packs it, which calls itself 1.13.0a0. Weights and frames are formulas:
the i-th element of a weight is sin(p + 0.7 i) / 2 for the p-th name in order; of a variance 1 + half its square.
"""

import json

import torch
from torch.nn.functional import batch_norm, conv2d, pad

torch.set_default_dtype(torch.float64)

F, V, H, C, STRIDE, STEPS, BINS = 6, 5, 3, 2, 4, 3, 5
NORM = ("mean", "variance", "scale", "bias")


def shapes():
    of = {"c1.weight": (C, 1, STEPS, BINS), "c2.weight": (C, C, STEPS, 3), "h6.weight": (H, V), "h6.bias": (V,)}
    of |= {f"{name}.{part}": (C,) for name in ("c1", "c2") for part in NORM}
    for name, inputs in (("h4", 2 * C), ("h4-2", H)):
        of |= {f"{name}.weight": (inputs, 3 * H)} | {f"{name}.{part}": (3 * H,) for part in NORM}
        for direction in ("forward", "backward"):
            of |= {f"{name}.{direction}": (H, 3 * H), f"{name}.{direction}.bias": (H,)}
    return of


def wave(shape, phase):
    return torch.sin(phase + 0.7 * torch.arange(torch.Size(shape).numel())).reshape(shape)


def weight(name, shape, place):
    values = wave(shape, place)
    return 1 + values**2 / 2 if name.endswith("variance") else values / 2


weights = {name: weight(name, shapes()[name], i) for i, name in enumerate(sorted(shapes()))}


def norm(x, name):
    """Over the second axis, by fixed statistics."""
    mean, variance, scale, bias = (weights[f"{name}.{part}"] for part in NORM)
    return batch_norm(x, mean, variance, scale, bias)


def recurrent(x, name):
    vertical = norm(x @ weights[f"{name}.weight"], name)
    total = 0
    for direction in ("forward", "backward"):
        gru = torch.nn.GRU(3 * H, H)
        with torch.no_grad():
            gru.weight_ih_l0.copy_(torch.eye(3 * H))
            gru.bias_ih_l0.zero_()
            gru.weight_hh_l0.copy_(weights[f"{name}.{direction}"].T)
            gru.bias_hh_l0.zero_()
            gru.bias_hh_l0[2 * H :] = weights[f"{name}.{direction}.bias"]
        turn = lambda steps: steps.flip(0) if direction == "backward" else steps
        total = total + turn(gru(turn(vertical))[0])
    return total


def logits(frames):
    x = pad(frames, (0, 0, 0, -len(frames) % STRIDE))[None, None]  # whole steps
    for name, around in (("c1", (1, 2)), ("c2", (1, 1))):
        x = norm(conv2d(x, weights[f"{name}.weight"], stride=2, padding=around), name).clamp(0, 20)
    h = x[0].permute(1, 2, 0).flatten(1)  # [T', bins · C]
    for name in ("h4", "h4-2"):
        h = recurrent(h, name)
    return h @ weights["h6.weight"] + weights["h6.bias"]


rows = {T: logits(wave((T, F), T)) for T in (9, 12, 2)}
print(json.dumps({T: [[round(x, 7) for x in row] for row in of.tolist()] for T, of in rows.items()}, indent=2))
