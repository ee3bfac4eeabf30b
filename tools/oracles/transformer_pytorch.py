"""Prints test/network/transformer-pytorch.json: small transformers and conformers by PyTorch, in float64.

    python3 tools/oracles/transformer_pytorch.py > test/network/transformer-pytorch.json

The stored file came from PyTorch 2.15.0. The i-th weight, in the order in which the network names them, has as its j-th
element 0.4 sin(i + 0.7 j); the frames are sin(0.3 + 0.7 j). Convolutions, normalization, attention and activations are
PyTorch's; the rotary positions are products of complex numbers.
"""

import json

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
T, BANDS, WIDTH, HEADS, KERNEL, CHANNELS, SYMBOLS = 13, 5, 8, 2, 4, 2, 3


class Weights:
    """Numbered in the order in which they are asked for."""

    def __init__(self):
        self.count = 0

    def __call__(self, *shape):
        values = 0.4 * torch.sin(self.count + 0.7 * torch.arange(torch.Size(shape).numel()))
        self.count += 1
        return values.reshape(shape)


def dense(w, x, outputs):
    return F.linear(x, w(x.shape[-1], outputs).T, w(outputs))


def norm(w, x):
    return F.layer_norm(x, x.shape[-1:], w(x.shape[-1]), w(x.shape[-1]))


def front(w, frames):
    """Zeros for three frames on either side; of the bands, one."""
    x = F.pad(frames[None, None], (0, 0, 3, 3))
    for _ in range(2):
        x = F.gelu(F.conv2d(x, w(CHANNELS, x.shape[1], 3, 3), w(CHANNELS), stride=2, padding=(0, 1)))
    return dense(w, x[0].transpose(0, 1).flatten(1), WIDTH)


def turn(x):
    """[heads, T, D], whose i-th number and the i-th of the second half are a complex number."""
    half = x.shape[-1] // 2
    pairs = torch.complex(x[..., :half], x[..., half:])
    angles = torch.arange(x.shape[1])[:, None] * 10000.0 ** (-torch.arange(half) / half)
    turned = pairs * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], dim=-1)


def attend(w, x, reach):
    x = norm(w, x)
    q, k, v = dense(w, x, 3 * WIDTH).unflatten(-1, (3, HEADS, -1)).permute(1, 2, 0, 3)
    mask = None
    if reach:
        past, ahead = reach
        distance = torch.arange(len(x))[None, :] - torch.arange(len(x))[:, None]
        mask = (distance >= -past) & (distance <= ahead)
    attended = F.scaled_dot_product_attention(turn(q), turn(k), v, attn_mask=mask)
    return dense(w, attended.transpose(0, 1).flatten(1), WIDTH)


def feed(w, x, activation):
    return dense(w, activation(dense(w, norm(w, x), 2 * WIDTH)), WIDTH)


def convolve(w, x, reach):
    gated = F.glu(dense(w, norm(w, x), 2 * WIDTH), dim=-1)
    before = KERNEL - 1 if reach else KERNEL // 2
    around = F.pad(gated.T[None], (before, KERNEL - 1 - before))
    y = F.conv1d(around, w(WIDTH, 1, KERNEL), w(WIDTH), groups=WIDTH)[0].T
    return dense(w, F.silu(norm(w, y)), WIDTH)


def transformer(w, x, reach):
    x = x + attend(w, x, reach)
    return x + feed(w, x, F.gelu)


def conformer(w, x, reach):
    x = x + feed(w, x, F.silu) / 2
    x = x + attend(w, x, reach)
    x = x + convolve(w, x, reach)
    x = x + feed(w, x, F.silu) / 2
    return norm(w, x)


def network(block, reaches):
    w = Weights()
    x = front(w, torch.sin(0.3 + 0.7 * torch.arange(T * BANDS)).reshape(T, BANDS))
    for reach in reaches:
        x = block(w, x, reach)
    return [round(value, 9) for value in dense(w, norm(w, x), SYMBOLS).flatten().tolist()]


whole, reach = [None, None], [(2, 0), (2, 1)]  # a look-ahead of one step is the second layer's
results = {
    "transformer": {"whole": network(transformer, whole), "memory": network(transformer, reach)},
    "conformer": {"whole": network(conformer, whole), "memory": network(conformer, reach)},
}
print(json.dumps(results, indent=2))
