"""Trains two small CTC models in PyTorch on frames that Earshot computed, and exports them to ONNX with PyTorch's own exporters:

    python3 train.py conformer TRAIN OUT [--minutes 5]    word pieces; the exporter of torch.export (dynamo)
    python3 train.py bilstm TRAIN OUT [--minutes 5]       characters; the older exporter (TorchScript)

TRAIN.f32 and TRAIN.json are what frames.mjs writes; OUT.onnx, OUT.json and OUT.tokens.txt are what Earshot takes.
"""

import argparse
import json
import time
from collections import Counter

import numpy
import torch
from torch import nn

STRIDE = 4


# ── Tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def word_pieces(texts, merges):
    """Byte-pair encoding (Sennrich et al. 2016) of the words, each with "▁" before it, as SentencePiece writes them."""
    words = Counter(word for text in texts for word in text.split())
    spelled = {word: ["▁" + word[0], *word[1:]] for word in words}
    pieces = {piece for spelling in spelled.values() for piece in spelling}
    for letter in {letter for word in words for letter in word}:
        pieces |= {letter, "▁" + letter}
    for _ in range(merges):
        pairs = Counter()
        for word, spelling in spelled.items():
            for pair in zip(spelling, spelling[1:]):
                pairs[pair] += words[word]
        if not pairs:
            break
        (left, right), _count = max(pairs.items(), key=lambda item: (item[1], item[0]))
        pieces.add(left + right)
        for word, spelling in spelled.items():
            merged = []
            for piece in spelling:
                if merged and merged[-1] == left and piece == right:
                    merged[-1] = left + right
                else:
                    merged.append(piece)
            spelled[word] = merged
    tokens = ["<blk>", "<unk>", *sorted(pieces)]
    at = {token: index for index, token in enumerate(tokens)}
    return tokens, [[at[piece] for word in text.split() for piece in spelled[word]] for text in texts]


def characters(texts):
    """The blank is the last."""
    tokens = [*sorted(set("".join(texts)) - {" "}), "|", "<blank>"]
    at = {token: index for index, token in enumerate(tokens)}
    return tokens, [[at["|" if c == " " else c] for c in text] for text in texts]


# ── Networks ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Subsampling(nn.Module):
    """[B, T, F] -> [B, ceil(T / 4), D]"""

    def __init__(self, bins, width):
        super().__init__()
        self.first = nn.Conv1d(bins, width, 3, stride=2, padding=1)
        self.second = nn.Conv1d(width, width, 3, stride=2, padding=1)

    def forward(self, frames):
        return torch.relu(self.second(torch.relu(self.first(frames.transpose(1, 2))))).transpose(1, 2)


class Block(nn.Module):
    """Gulati et al. 2020 (arXiv 2005.08100), with positions by a convolution before the blocks."""

    def __init__(self, width, heads, kernel):
        super().__init__()
        self.feed = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.SiLU(), nn.Linear(4 * width, width))
            for _ in range(2)
        )
        self.norm, self.heads = nn.LayerNorm(width), heads
        self.projections, self.joined = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.before, self.gate = nn.LayerNorm(width), nn.Linear(width, 2 * width)
        self.depthwise = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.inner, self.pointwise, self.last = nn.LayerNorm(width), nn.Linear(width, width), nn.LayerNorm(width)

    def attend(self, x, mask):
        B, T, D = x.shape
        q, k, v = (each.reshape(B, T, self.heads, -1).transpose(1, 2) for each in self.projections(x).chunk(3, -1))
        scores = q @ k.transpose(-1, -2) * (q.shape[-1] ** -0.5) + (mask[:, None, None] - 1) * 1e9
        return self.joined((scores.softmax(-1) @ v).transpose(1, 2).reshape(B, T, D))

    def convolve(self, x, mask):
        x = nn.functional.glu(self.gate(x), -1) * mask[..., None]
        return self.pointwise(nn.functional.silu(self.inner(self.depthwise(x.transpose(1, 2)).transpose(1, 2))))

    def forward(self, x, mask):
        x = x + 0.5 * self.feed[0](x)
        x = x + self.attend(self.norm(x), mask)
        x = x + self.convolve(self.before(x), mask)
        return self.last(x + 0.5 * self.feed[1](x))


class Conformer(nn.Module):
    """frames [B, T, F], lengths [B] -> log-probabilities [B, T', V], lengths [B]"""

    def __init__(self, bins, symbols, width=80, blocks=2, heads=4, kernel=9):
        super().__init__()
        self.subsampling = Subsampling(bins, width)
        self.positions = nn.Conv1d(width, width, 15, padding=7, groups=width)
        self.blocks = nn.ModuleList(Block(width, heads, kernel) for _ in range(blocks))
        self.out = nn.Linear(width, symbols)

    def forward(self, frames, lengths):
        inside = (torch.arange(frames.shape[1])[None] < lengths[:, None]).to(frames.dtype)
        x = self.subsampling(frames * inside[..., None])
        lengths = torch.div(lengths + STRIDE - 1, STRIDE, rounding_mode="floor")
        mask = (torch.arange(x.shape[1])[None] < lengths[:, None]).to(x.dtype)
        x = x * mask[..., None]
        x = x + self.positions(x.transpose(1, 2)).transpose(1, 2)
        for block in self.blocks:
            x = block(x, mask)
        return self.out(x).log_softmax(-1), lengths


class BiLstm(nn.Module):
    """frames [T, B, F] -> logits [T', B, V]: time first, no lengths"""

    def __init__(self, bins, symbols, width=96, layers=2):
        super().__init__()
        self.subsampling = Subsampling(bins, width)
        self.lstm = nn.LSTM(width, width, num_layers=layers, bidirectional=True)
        self.out = nn.Linear(2 * width, symbols)

    def forward(self, frames):
        x = self.subsampling(frames.transpose(0, 1)).transpose(0, 1)
        return self.out(self.lstm(x)[0])


# ── Training and export ─────────────────────────────────────────────────────────────────────────────────────────────


def read(path):
    facts = json.load(open(path + ".json"))
    frames = numpy.fromfile(path + ".f32", dtype=numpy.float32).reshape(-1, facts["bins"])
    ends = numpy.cumsum(facts["frames"])
    return [torch.from_numpy(part.copy()) for part in numpy.split(frames, ends[:-1])], facts["texts"], facts["bins"]


def train(network, recordings, labels, blank, minutes, size=16):
    """Adam with one cycle of the rate over so many minutes of one core."""
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    order = sorted(range(len(recordings)), key=lambda i: len(recordings[i]))
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    start, epoch, share = time.process_time(), 0, 0.0
    while share < 1:
        losses = []
        for b in torch.randperm(len(batches)):
            share = min(1.0, (time.process_time() - start) / (60 * minutes))
            for group in optimizer.param_groups:
                group["lr"] = 2e-3 * min(1.0, share / 0.1) * (1 - share) + 1e-5
            chosen = [i for i in batches[b] if -(-len(recordings[i]) // STRIDE) >= 2 * len(labels[i])]
            frames = nn.utils.rnn.pad_sequence([recordings[i] for i in chosen], batch_first=True)
            lengths = torch.tensor([len(recordings[i]) for i in chosen])
            targets = [torch.tensor(labels[i]) for i in chosen]
            if isinstance(network, BiLstm):
                outputs, steps = network(frames.transpose(0, 1)).log_softmax(-1), -(-lengths // STRIDE)
            else:
                outputs, steps = network(frames, lengths)
                outputs = outputs.transpose(0, 1)
            loss = nn.functional.ctc_loss(
                outputs, torch.cat(targets), steps, torch.tensor([len(each) for each in targets]), blank=blank
            )
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            losses.append(loss.item())
        epoch += 1
        print(f"epoch {epoch}  loss {sum(losses) / len(losses):.3f}  {time.process_time() - start:.0f} s of one core", flush=True)


def export(network, bins, path):
    network.eval()
    if isinstance(network, BiLstm):  # the older exporter
        torch.onnx.export(
            network, (torch.zeros(200, 1, bins),), path, dynamo=False, opset_version=17,
            input_names=["frames"], output_names=["logits"],
            dynamic_axes={"frames": {0: "T", 1: "B"}, "logits": {0: "steps", 1: "B"}},
        )  # fmt: skip
        return
    dynamic = ({0: torch.export.Dim("B"), 1: torch.export.Dim("T")}, {0: torch.export.Dim("B")})
    torch.onnx.export(
        network, (torch.zeros(2, 200, bins), torch.tensor([200, 150])), path, dynamo=True, opset_version=18,
        input_names=["frames", "lengths"], output_names=["log_probs", "steps"], dynamic_shapes=dynamic,
    )  # fmt: skip


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["conformer", "bilstm"])
    parser.add_argument("train")
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--merges", type=int, default=120)
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    recordings, texts, bins = read(options.train)
    is_conformer = options.kind == "conformer"
    tokens, labels = word_pieces(texts, options.merges) if is_conformer else characters(texts)
    blank = 0 if is_conformer else len(tokens) - 1
    network = (Conformer if is_conformer else BiLstm)(bins, len(tokens))
    print(f"{len(recordings)} recordings, {len(tokens)} tokens, {sum(p.numel() for p in network.parameters())} parameters")
    train(network, recordings, labels, blank, options.minutes)
    export(network, bins, options.out + ".onnx")
    name = options.out.split("/")[-1]
    with open(options.out + ".tokens.txt", "w") as file:
        file.writelines(f"{token} {index}\n" for index, token in enumerate(tokens))
    features = {"name": "frames", "features": {"bins": bins, "normalization": "utterance"}}
    description = {"tokens": f"{name}.tokens.txt", "input": features, "stride": STRIDE}
    if is_conformer:
        description |= {"output": {"gives": "log-probabilities"}}
    else:
        description |= {"space": "|", "feed": {"axes": "TBF"}, "output": {"axes": "TBV"}}
    json.dump(description, open(options.out + ".json", "w"), indent=2)


if __name__ == "__main__":
    main()
