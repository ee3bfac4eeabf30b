# Trains an exported network in another program: Python with numpy and onnxruntime, nothing else of Earshot.
#
#   earshot export -m model.safetensors --out net.onnx --training
#   python3 examples/exported-training.py net
#
# The data is made up: each letter is a pattern of features that lasts a few frames. docs/exported-training.md is the
# contract; the CTC loss is the program's own (Graves et al. 2006, in logarithms).

import json
import struct
import sys

import numpy as np
import onnxruntime as ort

STEPS, UTTERANCES, LETTERS, FRAMES_PER_LETTER, LEARNING_RATE = 60, 8, 4, 12, 2e-3


def read_safetensors(path):
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(data[8 + length :], np.float32, (end - begin) // 4, begin).reshape(entry["shape"]).copy()
        for name, entry in header.items()
        for begin, end in [entry["data_offsets"]]
    }


def ctc(logits, labels, blank):
    """Loss of one utterance, and its gradient at the logits [T, V]."""
    y = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    path = [blank]
    for label in labels:
        path += [label, blank]
    T, S = len(y), len(path)
    skips = np.array([s > 1 and path[s] != blank and path[s] != path[s - 2] for s in range(S)])

    def forward(emit, skips):
        alpha = np.full((T, S), -np.inf)
        alpha[0, :2] = emit[0, :2]
        for t in range(1, T):
            one = np.concatenate([[-np.inf], alpha[t - 1, :-1]])
            two = np.where(skips, np.concatenate([[-np.inf] * 2, alpha[t - 1, :-2]]), -np.inf)
            alpha[t] = np.logaddexp(np.logaddexp(alpha[t - 1], one), two) + emit[t]
        return alpha

    emit = y[:, path]
    alpha = forward(emit, skips)
    backward_skips = np.concatenate([skips[2:], [False] * 2])[::-1] if S > 2 else np.zeros(S, bool)
    beta = forward(emit[::-1, ::-1], backward_skips)[::-1, ::-1]
    total = np.logaddexp(alpha[-1, -1], alpha[-1, -2])
    gradient = np.exp(y)
    for s, symbol in enumerate(path):
        gradient[:, symbol] -= np.exp(alpha[:, s] + beta[:, s] - emit[:, s] - total)
    return -total, gradient


def size_of(size, sizes):
    """A number, or one by its name, with steps that the layers above look ahead to: "T'+12"."""
    name, _, more = str(size).partition("+")
    return sizes[name] + int(more or 0) if name in sizes else int(size)


def make_batch(random, patterns, stride):
    labels = random.integers(0, len(patterns), (UTTERANCES, LETTERS))
    frames = np.repeat(patterns[labels], FRAMES_PER_LETTER, axis=1).transpose(1, 0, 2)  # [T, B, F]
    frames = (frames + 0.3 * random.standard_normal(frames.shape)).astype(np.float32)
    mask = np.ones((-(-len(frames) // stride), UTTERANCES, 1), np.float32)
    return {"frames": frames, "mask": mask}, labels


def main(stem):
    contract = json.load(open(f"{stem}.training.json"))
    load = lambda part: ort.InferenceSession(f"{stem}.{part}.onnx", providers=["CPUExecutionProvider"])
    run = lambda session, feeds: dict(zip((o.name for o in session.get_outputs()), session.run(None, feeds)))
    take = lambda names, feeds: {name: feeds[name] for name in names}
    forward, backward, update = load("forward"), load("backward"), load("update")
    rows = contract["update"]["weights"]

    random = np.random.default_rng(1)
    weights = read_safetensors(f"{stem}.weights.safetensors")
    slots = {slot: np.zeros_like(weights[name]) for name, row in rows.items() for slot in row["slots"]}
    features = forward.get_inputs()[[i.name for i in forward.get_inputs()].index("frames")].shape[2]
    patterns = random.standard_normal((5, features)).astype(np.float32)

    for step in range(STEPS):
        batch, labels = make_batch(random, patterns, contract["stride"])
        sizes = {"T'": len(batch["mask"]), "B": UTTERANCES}
        kept = {
            mask["name"]: random.random([size_of(size, sizes) for size in mask["shape"]]) >= mask["rate"]
            for mask in contract["dropout"]
        }
        feeds = {**batch, **weights, **kept}
        ahead = run(forward, take(contract["forward"]["inputs"], feeds))
        logits = ahead[contract["forward"]["logits"]].astype(np.float64)
        outcomes = [ctc(logits[:, b], labels[b], contract["blank"]) for b in range(UTTERANCES)]
        upstream = np.stack([gradient for _, gradient in outcomes], axis=1).astype(np.float32) / UTTERANCES

        feeds = {**feeds, **ahead, contract["backward"]["upstream"]: upstream}
        back = run(backward, take(contract["backward"]["inputs"], feeds))
        gradients = {rows[name]["gradient"]: back[output] for name, output in contract["backward"]["gradients"].items()}
        scalars = {"learning_rate": np.array(LEARNING_RATE, np.float32), "step": np.array(step, np.float32)}
        trained = take(rows, weights)
        after = run(update, {**trained, **gradients, **slots, **scalars})
        for name, row in rows.items():
            weights[name] = after[row["next"]]
            slots.update(zip(row["slots"], (after[slot] for slot in row["nextSlots"])))
        for statistic in contract["forward"]["statistics"]:
            weight = weights[statistic["weight"]]
            weight += 0.1 * (ahead[statistic["output"]].reshape(weight.shape) - weight)
        loss = np.mean([own for own, _ in outcomes])
        if step % 10 == 0 or step == STEPS - 1:
            print(f"step {step:3}  loss {loss:8.3f}  gradient {float(after[contract['update']['gradientNorm']]):.2f}")


main(sys.argv[1])
