"""Re-creates, one by one, the faults of a notebook that would not train, as exports of tools/probe.py (development only).

  python test/doctor/notebook/make.py       needs PyTorch and NumPy; made with PyTorch 2.15, NumPy 2.4

The recordings are made up: each frame holds the pattern of the symbol that is spoken, and noise. Each case is the same
small Deep Speech with one fault; "healthy" has none. Outputs are rounded to half precision, to keep the files small.
"""
import json, os, sys
import numpy as np
import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../../tools"))
import probe as earshot

SYMBOLS = list("abcdefghijklmnopqrstuvwxyz '") + ["<blank>"]
V, BLANK, WIDTH = len(SYMBOLS), len(SYMBOLS) - 1, 24
TEXTS = ["hello", "it's a test", "bad cab"]


def recordings(texts):
    patterns = np.random.default_rng(7).normal(size=(V, 12)).astype("float32")
    random = np.random.default_rng(1)
    frames = []
    for text in texts:
        path = [BLANK, BLANK]
        for letter in text:
            path += [SYMBOLS.index(letter), BLANK]
        frames.append(patterns[path] + 0.2 * random.normal(size=(len(path), 12)).astype("float32"))
    n = np.array([len(f) for f in frames])
    x = np.zeros((len(texts), n.max(), 12), "float32")
    for b, f in enumerate(frames):
        x[b, : len(f)] = f
    return x, n


class DeepSpeech(nn.Module):
    """Three clipped layers, a recurrence in both directions, a fifth layer, an output layer."""

    def __init__(self, fault=None):
        super().__init__()
        self.fault, self.hidden = fault, None
        self.h1, self.h2, self.h3 = nn.Linear(12, WIDTH), nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.rnn = nn.RNN(WIDTH, WIDTH, bidirectional=fault != "rnn without batch_first", batch_first=fault != "rnn without batch_first")
        self.h5 = nn.Linear(WIDTH * (1 if fault == "rnn without batch_first" else 2), V if fault == "layer 5 as output" else WIDTH)
        self.h6 = nn.Linear(WIDTH, V)

    def forward(self, x, n):
        h = x
        for layer in (self.h1, self.h2, self.h3):
            h = layer(h).clamp(0, 20)
        h = self.recur(h, n)
        if self.fault == "no time axis":
            h = h[:, -1]
        h = self.h5(h).clamp(0, 20)
        if self.fault != "layer 5 as output":
            h = self.h6(h)
        if self.fault == "no time axis":
            return torch.log_softmax(h, -1)
        h = h.transpose(0, 1)  # [T, B, V]
        if self.fault == "softmax over time":
            return torch.log_softmax(h, 0)
        return torch.softmax(h, -1) if self.fault == "probabilities" else torch.log_softmax(h, -1)

    def recur(self, h, n):
        if self.fault == "rnn without batch_first":
            return self.rnn(h)[0]
        if self.fault == "hidden state kept":
            if self.hidden is None:
                self.hidden = torch.randn(2, len(h), WIDTH)
            out, hidden = self.rnn(h, self.hidden)
            self.hidden = hidden.detach()
            return out
        packed = nn.utils.rnn.pack_padded_sequence(h, n.clamp(max=h.shape[1]), batch_first=True, enforce_sorted=False)
        out = nn.utils.rnn.pad_packed_sequence(self.rnn(packed)[0], batch_first=True, total_length=h.shape[1])[0]
        return out


def encode(texts, fault):
    ids = [[SYMBOLS.index(c) if c in SYMBOLS else BLANK for c in text] for text in texts]
    lengths = [len(i) for i in ids]
    width = 20 if fault == "constant lengths" else max(lengths)
    targets = torch.full((len(ids), width), 0)
    for b, i in enumerate(ids):
        targets[b, : len(i)] = torch.tensor(i)
    if fault == "constant lengths":
        return targets, torch.full((len(ids),), width)
    if fault == "nonzero counted":
        return targets, (targets != 0).sum(1)
    return targets, torch.tensor(lengths)


def make(name, fault=None, texts=TEXTS, steps=0, rate=1e-3, reduction="mean", trains=True, only=None, **facts):
    torch.manual_seed(3)
    model = DeepSpeech(fault)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    x, n = recordings([t.replace("ñ", "n") for t in texts])
    targets, target_lengths = encode(texts, fault)

    def output_lengths(y, n):
        if fault == "constant lengths":
            return torch.full((len(n),), y.shape[0])
        if fault == "lengths from argmax":
            return (y.argmax(-1) != BLANK).sum(0)
        return torch.tensor(n)

    def forward(x, n):
        with torch.no_grad():
            y = model(torch.tensor(x), torch.tensor(n))
        return y, output_lengths(y, n)

    def step():
        optimizer.zero_grad()
        y = model(torch.tensor(x), torch.tensor(n))
        y = y.detach().requires_grad_() if fault == "detach in the loss" else y
        lengths = output_lengths(y, n).clamp(max=y.shape[0])
        loss = nn.functional.ctc_loss(y, targets, lengths, target_lengths, BLANK, reduction, zero_infinity=True)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        return {name: p.grad for name, p in model.named_parameters()}

    losses = []
    for _ in range(steps):
        step()
    model.eval()
    path = os.path.join(HERE, name + ".npz")
    facts = {"blank": BLANK, "symbols": SYMBOLS, "mode": "eval", "losses": list(losses), **facts}
    kwargs = {"parameters": lambda: dict(model.named_parameters()), "step": step} if trains else {}
    earshot.probe(path, forward, x, n, targets, target_lengths, **kwargs, **facts)
    shrink(path, only)


def shrink(path, only):
    """Half precision for outputs; of some cases only what somebody exported who did not run the probe."""
    with np.load(path) as file:
        data = {k: v.astype("float16") if v.ndim > 1 and v.dtype == "float32" else v for k, v in file.items()}
    if only:
        data = {k: v for k, v in data.items() if k in only}
        told = {k: v for k, v in json.loads(str(data["facts"])).items() if k not in ("failed", "parameter_names")}
        data["facts"] = np.array(json.dumps(told))
    np.savez_compressed(path, **data)


if __name__ == "__main__":
    ARRAYS = ("log_probs", "input_lengths", "targets", "target_lengths", "facts")
    make("healthy-early")
    make("healthy-late", steps=150, rate=1e-2)
    make("hidden-state-kept", "hidden state kept", steps=2, trains=False)
    make("no-time-axis", "no time axis", trains=False)
    make("softmax-over-time", "softmax over time", trains=False)
    make("probabilities", "probabilities", trains=False)
    make("constant-lengths", "constant lengths")
    make("detached-loss", "detach in the loss", steps=10, rate=1e-4, reduction="sum")
    make("nonzero-counted", "nonzero counted")
    make("lengths-from-argmax", "lengths from argmax", steps=60, rate=1e-2)
    make("rnn-without-batch-first", "rnn without batch_first")
    make("layer-5-as-output", "layer 5 as output")
    make("unknown-mapped-to-blank", texts=["señor", *TEXTS[1:]])
    make("mel-above-nyquist", features={"sample_rate": 8000, "n_mels": 40, "n_fft": 256, "f_max": 16000}, only=ARRAYS)
    make("arrays-only-hidden-state", "hidden state kept", trains=False, only=ARRAYS)
    make("arrays-only-detached", "detach in the loss", steps=10, rate=1e-4, reduction="sum", only=ARRAYS)
    make("arrays-only-rnn-over-batch", "rnn without batch_first", only=ARRAYS)
