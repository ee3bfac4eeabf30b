"""Ten faults and ten healthy set-ups, written from the issue's text alone by somebody who had not seen the doctor's code.

  EARSHOT_DATA=… python recipes/doctor/blind.py OUT [SEED]     (PyTorch, onnx, ffmpeg; a built dist/; two minutes)

writes the cases into OUT, OUT/cases.json with what is expected of each, and with --run also asks the doctor about each.
"""
import json, os, random, shutil, struct, subprocess, sys
from pathlib import Path
import numpy as np, torch
from torch import nn
import torch.nn.functional as F

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from probe import probe

DATA = Path(os.environ["EARSHOT_DATA"])
CLI = ["node", str(ROOT / "dist/apps/cli/main.js")]
arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
OUT = Path(arguments[0]).resolve()
SEED = int(arguments[1]) if len(arguments) > 1 else 20261122
OUT.mkdir(parents=True, exist_ok=True)
rng = random.Random(SEED)
torch.manual_seed(SEED)
torch.set_num_threads(1)
CASES = []
BLANK, SYMBOLS = 0, ["<blank>"] + list("abcdefghijklmnopqrstuvwxyz '")


def case(name, operands, expected):
    CASES.append({"name": name, "operands": [str(o) for o in operands], "expected": expected})
    (OUT / "cases.json").write_text(json.dumps(CASES, indent=1))


def rows_of(folder, manifest="manifest.csv"):
    import csv
    with open(folder / manifest, encoding="utf8") as f:
        return [{**r, "path": str((folder / r["path"]).resolve())} for r in csv.DictReader(f)]


def write_manifest(path, rows):
    import csv
    with open(path, "w", encoding="utf8", newline="") as f:
        w = csv.DictWriter(f, ["path", "transcript", "speaker", "split"])
        w.writeheader()
        w.writerows(rows)
    return path


def convert(source, target, *options):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, *options, str(target)], check=True)
    return target


def train(name, rows, *settings):
    manifest = write_manifest(OUT / f"{name}.csv", rows)
    shutil.rmtree(OUT / name, ignore_errors=True)
    sets = [x for s in settings for x in ("--set", s)]
    small = ["network.width=48", "features.bins=32", "network.context=3", "data.workers=1", "report=false",
             "data.augmentation.preset=none"]
    sets += [x for s in small for x in ("--set", s)]
    subprocess.run([*CLI, "train", str(manifest), "--out", str(OUT / name), *sets], check=False, cwd=OUT,
                   stdout=subprocess.DEVNULL)
    return OUT / name


# ---- features and networks as PyTorch users write them

def decoded(paths, rate=8000):  # all at once: starting ffmpeg takes longer than a recording
    raws = [OUT / f"decoded{i}.f32" for i in range(len(paths))]
    maps = [x for i, raw in enumerate(raws) for x in ("-map", str(i), "-ac", "1", "-ar", str(rate), "-f", "f32le", str(raw))]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *[x for p in paths for x in ("-i", p)], *maps], check=True)
    sounds = [np.fromfile(raw, "float32") for raw in raws]
    [raw.unlink() for raw in raws]
    return sounds


def log_mel(sound, rate=8000, bins=40):
    n, hop = rate * 25 // 1000, rate // 100
    power = torch.stft(torch.tensor(sound), 512, hop, n, torch.hann_window(n),
                       return_complex=True).abs() ** 2
    mel = np.linspace(0, 2595 * np.log10(1 + rate / 2 / 700), bins + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    hz = np.linspace(0, rate / 2, 257)
    filters = np.stack([np.clip(np.minimum((hz - a) / (b - a), (c - hz) / (c - b)), 0, None)
                        for a, b, c in zip(edges, edges[1:], edges[2:])])
    x = torch.log(torch.tensor(filters, dtype=torch.float32) @ power + 1e-6).T
    return (x - x.mean(0)) / (x.std(0) + 1e-5)


def batch_of(rows, blank=BLANK):
    xs = [log_mel(sound) for sound in decoded([r["path"] for r in rows])]
    ids = [[SYMBOLS.index(c) if blank == 0 else SYMBOLS.index(c) - 1 for c in r["transcript"]] for r in rows]
    x = nn.utils.rnn.pad_sequence(xs, batch_first=True)
    y = nn.utils.rnn.pad_sequence([torch.tensor(i) for i in ids], batch_first=True)
    return x, torch.tensor([len(a) for a in xs]), y, torch.tensor([len(i) for i in ids])


class Net(nn.Module):  # [B, T, 40] -> log-probabilities [T / 2, B, V]
    def __init__(self, width=64, bidirectional=False, batch_first=True, packed=False, axis=-1, rectify=False):
        super().__init__()
        self.conv = nn.Conv1d(40, width, 5, stride=2, padding=2)
        self.rnn = nn.GRU(width, width, batch_first=batch_first, bidirectional=bidirectional)
        self.head = nn.Linear(width * (2 if bidirectional else 1), len(SYMBOLS))
        self.packed, self.axis, self.rectify = packed, axis, rectify

    def forward(self, x, frames=None):
        h = torch.relu(self.conv(x.transpose(1, 2))).transpose(1, 2)
        if self.packed:
            p = nn.utils.rnn.pack_padded_sequence(h, (frames + 1) // 2, batch_first=True, enforce_sorted=False)
            h, _ = nn.utils.rnn.pad_packed_sequence(self.rnn(p)[0], batch_first=True, total_length=h.shape[1])
        else:
            h = self.rnn(h)[0]
        logits = self.head(h).transpose(0, 1)
        return F.log_softmax(torch.relu(logits) if self.rectify else logits, self.axis)


class Convolutions(nn.Module):
    def __init__(self, width=96):
        super().__init__()
        self.a, self.b = nn.Conv1d(40, width, 7, stride=2, padding=3), nn.Conv1d(width, width, 7, padding=3)
        self.head = nn.Conv1d(width, len(SYMBOLS), 1)

    def forward(self, x, frames=None):
        h = torch.relu(self.b(torch.relu(self.a(x.transpose(1, 2)))))
        return F.log_softmax(self.head(h).permute(2, 0, 1), -1)


def fit(net, data, steps, rate=3e-3, blank=BLANK, size=8):
    x, n, y, m = data
    optimizer, losses = torch.optim.Adam(net.parameters(), rate), []
    for _ in range(steps):
        i = torch.tensor(rng.sample(range(len(n)), min(size, len(n))))
        loss = F.ctc_loss(net(x[i], n[i]), y[i], (n[i] + 1) // 2, m[i], blank, zero_infinity=True)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimizer.step()
        losses.append(loss.item())
    return losses


def part(data, i):  # a batch of some utterances, no more padded than these need
    x, n, y, m = (a[i] for a in data)
    return x[:, : n.max()], n, y[:, : m.max()], m


def arrays(net, data):
    x, n, y, m = data
    with torch.no_grad():
        return {"log_probs": net.eval()(x, n).numpy(), "input_lengths": ((n + 1) // 2).numpy(), "frames": n.numpy(),
                "targets": y.numpy(), "target_lengths": m.numpy(), "blank": np.array(BLANK)}


def save_safetensors(path, data):
    kinds, header, body = {"float32": "F32", "int64": "I64"}, {}, b""
    for name, a in data.items():
        a = np.ascontiguousarray(a)
        header[name] = {"dtype": kinds[str(a.dtype)], "shape": list(a.shape), "data_offsets": [len(body), len(body) + a.nbytes]}
        body += a.tobytes()
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def probed(path, net, data, step=None):
    x, n, y, m = data

    def forward(x, frames):
        with torch.no_grad():
            return net(torch.tensor(x), torch.tensor(frames)), (torch.tensor(frames) + 1) // 2

    probe(str(path), forward, x, n, y, m, parameters=lambda: dict(net.named_parameters()), step=step, blank=BLANK,
          symbols=SYMBOLS, mode="eval", features={"sample_rate": 8000, "f_min": 0, "f_max": 4000, "n_mels": 40, "n_fft": 512})


def stepper(net, data, optimizer):
    def step():
        x, n, y, m = data
        optimizer.zero_grad()
        F.ctc_loss(net(x, n), y, (n + 1) // 2, m, BLANK).backward()
        optimizer.step()
        return {name: p.grad for name, p in net.named_parameters()}
    return step


def save_onnx(path, net, data, batch):
    x, n, y, m = data
    torch.onnx.export(net.eval(), (x,), str(path), input_names=["features"], output_names=["log_probs"], dynamo=False,
                      dynamic_axes={"features": {0: "batch", 1: "time"}, "log_probs": {0: "steps", 1: "batch"}})
    np.savez(batch, features=x, frames=n, input_lengths=(n + 1) // 2, targets=y, target_lengths=m, blank=BLANK)


an4, libri, demo = rows_of(DATA / "an4"), rows_of(DATA / "librispeech"), rows_of(ROOT / "demo/corpus")
dev_rows = [r for r in demo if r["split"] == "dev"]
digits = [r for r in rows_of(DATA / "fsdd")]
fluent = [r for r in an4 if r["split"] == "train"]
# ---- 5: more filters than the spectrum has bins
bins, window = rng.randint(150, 256), rng.choice([8, 10, 16])
(OUT / "f5.yaml").write_text(f"features: {{ kind: log-mel, bins: {bins}, windowMs: {window}, hopMs: {window // 2} }}\nnetwork: {{ width: 256 }}\n")
case("F5 empty filters", [OUT / "f5.yaml"], f"{bins} mel filters on a window of {window} ms: empty filters")

# ---- 4: hop and stride too coarse
hop, stride = rng.choice([(20, 5), (20, 6), (25, 5)])
(OUT / "f4.yaml").write_text(f"features: {{ windowMs: 40, hopMs: {hop} }}\nnetwork: {{ width: 128, stride: {stride} }}\n")
case("F4 coarse stride", [ROOT / "demo/corpus/manifest.csv", "--config", OUT / "f4.yaml"],
     f"{hop * stride} ms for each output: fewer steps than letters in most utterances")

# ---- 1: a part of the list slipped by one line
count = rng.randint(250, 500)
at = rng.randint(0, len(fluent) - count)
texts = [r["transcript"] for r in fluent]
block = texts[at : at + count]
texts[at : at + count] = block[-1:] + block[:-1]
slipped = [{**r, "transcript": t} for r, t in zip(fluent, texts)] + [r for r in an4 if r["split"] != "train"]
case("F1 slipped lines", [write_manifest(OUT / "f1.csv", slipped)],
     f"{count} of 840 transcripts belong to the next recording: mismatched pairs")

# ---- healthy ones that need no PyTorch
case("H1 AN4 as it is", [write_manifest(OUT / "h1.csv", an4)], "healthy: a published corpus")
(OUT / "h2.yaml").write_text("features: { kind: mfcc, bins: 40, coefficients: 26, deltas: 1, windowMs: 25 }\nnetwork: { width: 800, context: 7 }\nalphabet: english\n")
case("H2 LibriSpeech, MFCC", [write_manifest(OUT / "h2.csv", rng.sample(libri, 400)), "--config", OUT / "h2.yaml"], "healthy: read speech, usual settings")
(OUT / "h5.yaml").write_text("epochs: 20\nfeatures: { bins: 40, windowMs: 25, preEmphasis: 0.97, lowestHz: 60, highestHz: 3800 }\nnetwork: { width: 384, context: 5, dropout: 0.1 }\noptimizer: { name: nesterov, momentum: 0.9 }\nschedule: { name: annealed, initial: 0.0005, divisor: 1.05 }\n")
case("H5 settings for telephones", [OUT / "h5.yaml"], "healthy: usual for 8 kHz")

pool = batch_of(rng.sample(digits, 64))
pool = part(pool, [i for i in range(64) if pool[1][i] >= 30])
spoken = batch_of(rng.sample(fluent, 24))
few = part(spoken, rng.sample(range(24), 5))
some = part(pool, rng.sample(range(len(pool[1])), 7))

# ---- 3: the head was replaced after the optimizer was made
net = Net()
fit(net, pool, 60)
optimizer = torch.optim.Adam(net.parameters(), 1e-3)
net.head = nn.Linear(64, len(SYMBOLS))
probed(OUT / "f3.npz", net, few, stepper(net, few, optimizer))
case("F3 new head, old optimizer", [OUT / "f3.npz"], "head.weight and head.bias have gradients but never change: not in the optimizer")

# ---- 7: log_softmax(dim=1) of [T, B, V]
net = Net(axis=1)
fit(net, pool, 60)
save_safetensors(OUT / "f7.safetensors", arrays(net, some))
case("F7 softmax over the batch", [OUT / "f7.safetensors"], "probabilities sum to one over the batch, not the symbols: softmax over the wrong axis")

# ---- 8: target lengths = length of the padded labels; the padding is the blank
net = Net()
losses = fit(net, pool, 100)
bad = {k: v.tolist() for k, v in arrays(net, few).items()}
bad["target_lengths"] = [len(bad["targets"][0])] * len(bad["targets"])
(OUT / "f8.json").write_text(json.dumps({**bad, "symbols": SYMBOLS}))
case("F8 padding counted", [OUT / "f8.json"], "target_lengths is the padded length of every row: the blank is among the labels")

# ---- 9: nn.GRU without batch_first fed [B, T, F]
net = Net(batch_first=False)
probed(OUT / "f9.npz", net, few, stepper(net, few, torch.optim.Adam(net.parameters(), 1e-3)))
case("F9 no batch_first", [OUT / "f9.npz"], "the recurrence runs over the utterances of the batch instead of time")

# ---- 10: a rectifier on the output layer, as ONNX
net = Net(rectify=True)
fit(net, pool, 40)
save_onnx(OUT / "f10.onnx", net, some, OUT / "f10.npz")
case("F10 rectified output", [OUT / "f10.onnx", "--batch", OUT / "f10.npz"], "ReLU before log_softmax: rectified output layer")

# ---- healthy ones
case("H3 a first epoch", [train("h3", rng.sample([r for r in demo if r["split"] == "train"], 120) + dev_rows, "epochs=2", "seed=7")],
     "healthy: two epochs in, all blank is normal")
case("H4 a finished run", [train("h4", rng.sample([r for r in demo if r["split"] == "train"], 100) + dev_rows, "epochs=10", "schedule.peak=0.004", "seed=3")],
     "healthy: small, but it learns")
net = Net(bidirectional=True, packed=True)
probed(OUT / "h6.npz", net, few, stepper(net, few, torch.optim.Adam(net.parameters(), 1e-3)))
case("H6 untrained BiGRU, packed", [OUT / "h6.npz"], "healthy: untrained and right")
blank_last = batch_of(rng.sample(digits, 48), blank=len(SYMBOLS) - 1)
net = Convolutions()
losses = fit(net, blank_last, 150, blank=len(SYMBOLS) - 1)
seen = arrays(net, part(blank_last, rng.sample(range(48), 6)))
seen.update(log_probs=np.exp(seen["log_probs"]).transpose(1, 0, 2), blank=np.array(len(SYMBOLS) - 1))
seen["probs"] = seen.pop("log_probs")
np.savez(OUT / "h7.npz", layout="BTV", takes="probs", losses=losses, symbols=SYMBOLS[1:] + ["<blank>"], **seen)
case("H7 Keras' layout, half trained", [OUT / "h7.npz"], "healthy: convolutions, probabilities [B, T, V] as Keras' CTC takes them, blank last")
net = Net(width=96)
losses = fit(net, pool, 500)
late = arrays(net, some)
late["targets"] = np.concatenate([t[:m] for t, m in zip(late["targets"], late["target_lengths"])])
folder = OUT / "h8"
folder.mkdir(exist_ok=True)
for name, a in {**late, "losses": np.array(losses[::10])}.items():
    np.save(folder / f"{name}.npy", a)
case("H8 late in training, .npy", sorted(folder.glob("*.npy")), f"healthy: loss {losses[0]:.1f} -> {losses[-1]:.3f}; labels in one row")
net = Net(width=48)
fit(net, spoken, 60)
save_onnx(OUT / "h9.onnx", net, part(spoken, rng.sample(range(24), 6)), OUT / "h9.npz")
case("H9 ONNX, a short training", [OUT / "h9.onnx", "--batch", OUT / "h9.npz"], "healthy: AN4, causal GRU, sixty steps in")
folder = OUT / "h10"
folder.mkdir(exist_ok=True)
lines = ["path\tsentence\tclient_id\tsplit"]
for i, r in enumerate(rng.sample(libri, 60)):
    wav = convert(r["path"], folder / f"{i}.wav", "-ar", "22050", "-ac", "2")
    lines.append(f"{wav.name}\t{r['transcript'].upper()}\t{r['speaker']}\t{r['split']}")
(folder / "all.tsv").write_text("\n".join(lines) + "\n")
case("H10 TSV, upper case, 22 kHz stereo", [folder / "all.tsv"], "healthy: both channels alike; Earshot lower-cases and resamples")

# ---- 2: every recording cut after a few seconds "for the GPU", as NeMo's manifests
limit = rng.uniform(3, 5)
folder = OUT / "f2"
folder.mkdir(exist_ok=True)
for split, n in (("train", 60), ("dev", 12)):
    with open(folder / f"{split}_manifest.json", "w") as f:
        for i, r in enumerate(rng.sample([r for r in libri if r["split"] == split], n)):
            wav = convert(r["path"], folder / f"{split}{i}.wav", "-ar", "16000", "-t", f"{limit:.2f}")
            f.write(json.dumps({"audio_filepath": wav.name, "text": r["transcript"], "duration": limit}) + "\n")
case("F2 cut recordings", [folder / "train_manifest.json", folder / "dev_manifest.json"],
     f"all recordings cut at {limit:.1f} s, texts whole: audio shorter than its text")

# ---- 6: a run whose rate is far too high
rate = round(rng.uniform(0.3, 1), 2)
train_rows = rng.sample([r for r in demo if r["split"] == "train"], 96)
case("F6 rate too high", [train("f6", train_rows + dev_rows, "epochs=5", f"schedule.peak={rate}", "gradientCap=1000")],
     f"peak rate {rate}, cap 1000: the learning rate is too high")

if "--run" in sys.argv:
    for c in CASES:
        said = subprocess.run([*CLI, "doctor", *c["operands"], "--json"], capture_output=True, text=True, cwd=OUT)
        (OUT / (c["name"].split()[0] + ".said")).write_text(f"{said.returncode}\n{said.stdout}\n{said.stderr}")
