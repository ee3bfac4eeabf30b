"""Prints test/graph/pytorch.json: GELU, attention, batch normalization, row convolution, an LSTM and a GRU by PyTorch, in
float64; and cells with layer normalization, of PyTorch's parts.

    python3 tools/oracles/compositions_pytorch.py > test/graph/pytorch.json

The stored file came from PyTorch 1.13.1 as Debian packs it, which calls itself 1.13.0a0. Every operand is a formula, so
that the tests can make it themselves: its i-th element is sin(phase + 0.7 i).
"""

import json

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)  # of weights that are overwritten


def wave(*shape, phase):
    return torch.sin(phase + 0.7 * torch.arange(torch.Size(shape).numel())).reshape(shape)


def numbers(tensor):
    return [round(value, 9) for value in tensor.detach().flatten().tolist()]


STEPS = torch.tensor([3, 1, 2])  # of each utterance
padding = torch.arange(3)[None, :] >= STEPS[:, None]  # [B, S]


def attention():
    """Two heads. The projections are the identity."""
    T, S, B, H = 2, 3, 3, 4
    module = torch.nn.MultiheadAttention(H, num_heads=2, bias=False)
    with torch.no_grad():
        module.in_proj_weight.copy_(torch.eye(H).repeat(3, 1))
        module.out_proj.weight.copy_(torch.eye(H))
    q, k, v = wave(T, B, H, phase=1), wave(S, B, H, phase=2), wave(S, B, H, phase=3)
    return numbers(module(q, k, v, key_padding_mask=padding)[0])


def batch_normalization():
    """PyTorch gets the frames without the padding, one utterance's steps after the other's in time order."""
    x = wave(3, 3, 2, phase=4)
    frames = x[~padding.T]
    norm = torch.nn.BatchNorm1d(2, momentum=1.0)
    with torch.no_grad():
        norm.weight.copy_(wave(2, phase=5))
        norm.bias.copy_(wave(2, phase=6))
    output = norm(frames)
    variance = norm.running_var * (len(frames) - 1) / len(frames)  # PyTorch keeps the unbiased one
    return {
        "output": numbers(output),
        "mean": numbers(norm.running_mean),
        "variance": numbers(variance),
        "unbiasedVariance": numbers(norm.running_var),
        "fixed": numbers(norm.eval()(x.reshape(9, 2))),
    }


def lstm(backward):
    I, H, T, B = 2, 4, 3, 2
    module = torch.nn.LSTM(I, H)
    with torch.no_grad():
        module.weight_ih_l0.copy_(wave(I, 4 * H, phase=1).T)
        module.weight_hh_l0.copy_(wave(H, 4 * H, phase=2).T)
        module.bias_ih_l0.copy_(wave(4 * H, phase=3))
        module.bias_hh_l0.zero_()
    turn = lambda sequence: sequence.flip(0) if backward else sequence
    states = wave(1, B, H, phase=5), wave(1, B, H, phase=6)
    outputs, (h, c) = module(turn(wave(T, B, I, phase=4)), states)
    return {"outputs": numbers(turn(outputs)), "h": numbers(h), "c": numbers(c)}


def gru(backward):
    """PyTorch's order of gates and place of the reset; b_hh is zero but for the candidate."""
    I, H, T, B = 2, 4, 3, 2
    module = torch.nn.GRU(I, H)
    with torch.no_grad():
        module.weight_ih_l0.copy_(wave(I, 3 * H, phase=1).T)
        module.weight_hh_l0.copy_(wave(H, 3 * H, phase=2).T)
        module.bias_ih_l0.copy_(wave(3 * H, phase=3))
        module.bias_hh_l0.zero_()
        module.bias_hh_l0[2 * H :] = wave(H, phase=7)
    turn = lambda sequence: sequence.flip(0) if backward else sequence
    outputs, h = module(turn(wave(T, B, I, phase=4)), wave(1, B, H, phase=5))
    return {"outputs": numbers(turn(outputs)), "h": numbers(h)}


def row_convolution():
    """A convolution of each channel apart, over time."""
    T, ahead, B, H = 4, 2, 2, 3
    x, rows = wave(T + ahead, B, H, phase=1), wave(ahead + 1, H, phase=2)
    kernel = rows.T[:, None, :]  # [H, 1, ahead + 1]
    return numbers(torch.nn.functional.conv1d(x.permute(1, 2, 0), kernel, groups=H).permute(2, 0, 1))


def normalized_cell(name):
    """Forward over [T, B, gates H]: every sum that enters a gate through one layer_norm (Global Joined Norm)."""
    T, B, H = 3, 2, 3
    gates = {"clipped": 1, "gru": 3, "lstm": 4}[name]
    x, matrix, bias = wave(T, B, gates * H, phase=1), wave(H, gates * H, phase=2), wave(H, phase=3)
    h, c = wave(B, H, phase=4), wave(B, H, phase=5)

    def norm(sums, phase):
        units = sums.shape[-1]
        return torch.nn.functional.layer_norm(sums, (units,), wave(units, phase=phase), wave(units, phase=phase + 1))

    outputs = []
    for step in x:
        if name == "clipped":
            h = norm(step + h @ matrix, 6).clamp(0, 2)
        if name == "lstm":
            i, f, g, o = norm(step + h @ matrix, 6).chunk(4, -1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        if name == "gru":
            product = h @ matrix
            r, z = norm(step[:, : 2 * H] + product[:, : 2 * H], 6).sigmoid().chunk(2, -1)
            n = norm(step[:, 2 * H :] + r * (product[:, 2 * H :] + bias), 8).tanh()
            h = (1 - z) * n + z * h
        outputs.append(h)
    return numbers(torch.stack(outputs))


results = {
    "gelu": numbers(torch.nn.functional.gelu(wave(6, phase=0) * 3)),
    "multiHeadAttention": attention(),
    "batchNormalization": batch_normalization(),
    "lstm": {"forward": lstm(False), "backward": lstm(True)},
    "gru": {"forward": gru(False), "backward": gru(True)},
    "rowConvolution": row_convolution(),
    "normalizedCells": {name: normalized_cell(name) for name in ("clipped", "gru", "lstm")},
}
print(json.dumps(results, indent=2))
