"""Prints test/graph/pytorch.json: GELU, attention, batch normalization, an LSTM and a GRU by PyTorch, in float64.

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


results = {
    "gelu": numbers(torch.nn.functional.gelu(wave(6, phase=0) * 3)),
    "multiHeadAttention": attention(),
    "batchNormalization": batch_normalization(),
    "lstm": {"forward": lstm(False), "backward": lstm(True)},
    "gru": {"forward": gru(False), "backward": gru(True)},
}
print(json.dumps(results, indent=2))
