"""Writes test/model/foreign/weights: networks of Earshot's architectures made of PyTorch's own layers, with random weights:
their state as safetensors, some frames and the logits that PyTorch gives for them.

    python3 tools/oracles/weights_pytorch.py test/model/foreign/weights

The stored files came from PyTorch 2.15.0 and safetensors 0.8.0. A seed gives the same weights.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

F, H, V, CONTEXT, AHEAD, STRIDE, CEILING = 6, 5, 7, 1, 2, 2, 20.0
LENGTHS = [11, 8]


def clipped(z):
    return z.clamp(0, CEILING)


def window(x, before, after):
    """[B, T, F] -> [B, T', (before + 1 + after) F]"""
    padded = nn.functional.pad(x, (0, 0, before, after))
    return padded.unfold(1, before + 1 + after, 1).transpose(2, 3).flatten(2)[:, ::STRIDE]


class Network(nn.Module):
    def __init__(self, before, after):
        super().__init__()
        self.before, self.after = before, after
        self.fc1 = nn.Linear((before + 1 + after) * F, H)
        self.fc2, self.fc3, self.fc5, self.out = nn.Linear(H, H), nn.Linear(H, H), nn.Linear(H, H), nn.Linear(H, V)

    def forward(self, x):
        h = window(x, self.before, self.after)
        for layer in (self.fc1, self.fc2, self.fc3):
            h = clipped(layer(h))
        return self.out(clipped(self.fc5(self.recur(h))))


class Plain(Network):
    """Hannun et al. 2014: the input's product is shared by both directions."""

    def __init__(self):
        super().__init__(CONTEXT, CONTEXT)
        self.fc4, self.ahead, self.back = nn.Linear(H, H), nn.Linear(H, H, bias=False), nn.Linear(H, H, bias=False)

    def one_way(self, steps, matrix):
        h, outputs = torch.zeros_like(steps[0]), []
        for z in steps:
            h = clipped(z + matrix(h))
            outputs.append(h)
        return outputs

    def recur(self, h):
        steps = list(self.fc4(h).unbind(1))
        forward, backward = self.one_way(steps, self.ahead), self.one_way(steps[::-1], self.back)[::-1]
        return torch.stack(forward, 1) + torch.stack(backward, 1)


class Both(Network):
    """A bidirectional layer of PyTorch whose directions share what our network shares."""

    def __init__(self, layer):
        super().__init__(CONTEXT, CONTEXT)
        self.rnn = layer(H, H, bidirectional=True, batch_first=True)
        for name in ("weight_ih_l0", "bias_ih_l0", "bias_hh_l0"):
            if layer is nn.GRU and name == "bias_hh_l0":
                with torch.no_grad():  # of a GRU each direction keeps the candidate's
                    self.rnn.bias_hh_l0_reverse[: 2 * H] = self.rnn.bias_hh_l0[: 2 * H]
            else:
                getattr(self.rnn, name + "_reverse").data = getattr(self.rnn, name).data.clone()

    def recur(self, h):
        forward, backward = self.rnn(h)[0].chunk(2, -1)
        return forward + backward


class Forward(Network):
    def __init__(self, layer, layers, **options):
        super().__init__(CONTEXT, AHEAD)
        self.rnn = layer(H, H, num_layers=layers, batch_first=True, **options)

    def recur(self, h):
        return self.rnn(h)[0]


NETWORKS = {
    "clipped": lambda: Plain(),
    "lstm-both-ways": lambda: Both(nn.LSTM),
    "gru-both-ways": lambda: Both(nn.GRU),
    "lstm-forward": lambda: Forward(nn.LSTM, 2),
    "gru-forward": lambda: Forward(nn.GRU, 2),
    "rnn-forward": lambda: Forward(nn.RNN, 1, nonlinearity="relu"),
}

folder = Path(sys.argv[1])
for seed, (name, create) in enumerate(NETWORKS.items()):
    torch.manual_seed(seed)
    network = create().eval()
    frames = [torch.randn(1, length, F) for length in LENGTHS]
    with torch.no_grad():
        answers = {f"logits.{i}": network(each)[0].contiguous() for i, each in enumerate(frames)}
    answers |= {f"frames.{i}": each[0].contiguous() for i, each in enumerate(frames)}
    save_file({key: value.contiguous() for key, value in network.state_dict().items()}, folder / f"{name}.safetensors")
    save_file(answers, folder / f"{name}.answers.safetensors", {"torch": torch.__version__})
