"""A whole training step of Deep Speech in PyTorch, as peer of Earshot's: commands on stdin, one JSON answer per line.

   python step.py CASE.safetensors loop|rnn|lstm|gru[-padded]|attention[-compiled] THREADS|cuda

"loop" shares W4 between the directions and walks time in Python; the others are torch.nn.RNN, LSTM and GRU, whose
directions have input weights of their own and whose rectifier does not clip. They take packed sequences, or with "-padded"
the whole batch: then a backward direction begins in the padding, so that the function is another one. "-compiled" has what
torch.compile makes of the network for any length. Commands: "check FILE"
(loss and gradients with the dropout masks of the case; the gradients go to a file), "step" (milliseconds of one step that
draws its own masks), "epoch FILE" (milliseconds of a step for each batch of the file, of noise in the lengths that it names; a
step of AdamW where it says so).
"""
import json, re, struct, sys, time
import numpy as np
import torch
import torch.nn.functional as F


def read_safetensors(path):
    types = {"F32": np.float32, "U8": np.uint8, "I64": np.int64}
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    read = lambda e: np.frombuffer(data[slice(*e["data_offsets"])], types[e["dtype"]]).reshape(e["shape"])
    return {name: torch.from_numpy(read(entry).copy()) for name, entry in header.items()}


path, (kind, *how), threads = sys.argv[1], sys.argv[2].split("-"), sys.argv[3]
padded = "padded" in how
device = "cuda" if threads == "cuda" else "cpu"
if device == "cpu":
    torch.set_num_threads(int(threads))
elsewhere = ("steps", "labelLengths", "numbers")  # read by the processor
case = {k: v if k in elsewhere else v.to(device) for k, v in read_safetensors(path).items()}
before, after, stride, rate, ceiling, cap, learning_rate, momentum, heads = case["numbers"].tolist()
before, after, stride, heads = int(before), int(after), int(stride), int(heads)
frames, mask, labels, lengths, label_lengths = (
    case[k] for k in ("frames", "mask", "labels", "steps", "labelLengths")
)
weights = {k[2:]: v.requires_grad_() for k, v in case.items() if k.startswith("w/")}
masks = {k[5:]: v for k, v in case.items() if k.startswith("keep/")}
width = (weights["norm.bias"] if kind == "attention" else weights["h1.bias"]).numel()
g = lambda x: x.clamp(0, ceiling)
dense = lambda x, name: F.linear(x, weights[name + ".weight"].T, weights[name + ".bias"])


def drop(x, name, given):
    return x * masks[name] * (1 / (1 - rate)) if given else F.dropout(x, rate)


def window(x):
    wide = F.pad(x, (0, 0, 0, 0, before, after))
    steps = (x.shape[0] + stride - 1) // stride
    columns = [wide[k : k + stride * (steps - 1) + 1 : stride] for k in range(before + 1 + after)]
    return torch.cat(columns, 2)


directions = [name for name in ("forward", "backward") if "h4." + name in weights]
suffixes = dict(forward="", backward="_reverse")
layers = dict(rnn=lambda *a, **k: torch.nn.RNN(*a, nonlinearity="relu", **k), lstm=torch.nn.LSTM, gru=torch.nn.GRU)
if kind in layers:
    layer = layers[kind](width, width, bidirectional=len(directions) == 2).to(device)
    p = dict(layer.named_parameters())
    learned = [n for n in p if kind == "gru" or not n.startswith("bias_hh")]
    for direction in directions:
        suffix = suffixes[direction]
        with torch.no_grad():
            p["weight_ih_l0" + suffix].copy_(weights["h4.weight"].T)
            p["weight_hh_l0" + suffix].copy_(weights["h4." + direction].T)
            p["bias_ih_l0" + suffix].copy_(weights["h4.bias"])
            p["bias_hh_l0" + suffix].zero_()
            if kind == "gru":
                p["bias_hh_l0" + suffix][2 * width :] = weights[f"h4.{direction}.bias"]
    for name in p:
        p[name].requires_grad_(name in learned)
    parameters = [v for k, v in weights.items() if not k.startswith("h4.")] + [p[n] for n in learned]
else:
    parameters = list(weights.values())


def recurrence(h):
    if kind in layers:
        pack = torch.nn.utils.rnn.pack_padded_sequence
        both = layer(h if padded else pack(h, lengths, enforce_sorted=False))[0]
        if not padded:
            both, _ = torch.nn.utils.rnn.pad_packed_sequence(both, total_length=h.shape[0])
        return both[..., :width] + both[..., width:] if len(directions) == 2 else both
    x = dense(h, "h4") + (mask - 1) * 1e30
    total = []
    for name in directions:
        times = range(len(x)) if name == "forward" else range(len(x) - 1, -1, -1)
        state, states, matrix = torch.zeros_like(x[0]), [None] * len(x), weights["h4." + name]
        for t in times:
            states[t] = state = g(torch.addmm(x[t], state, matrix))
        total.append(torch.stack(states))
    return sum(total)


def deep_speech(given):
    h = window(frames)
    for name in ("h1", "h2", "h3"):
        h = drop(g(dense(h, name)), name, given)
    h = drop(g(dense(recurrence(h), "h5")), "h5", given)
    return dense(h, "h6")


def transformer(given):
    norm = lambda x, name: F.layer_norm(x, [width], weights[name + ".scale"], weights[name + ".bias"])
    parts = lambda x: x.reshape(*x.shape[:2], heads, width // heads).permute(1, 2, 0, 3)
    count = lambda pattern: len([name for name in weights if re.fullmatch(pattern, name)])
    halvings, blocks = count(r"front\.conv\d+\.bias"), count(r"b\d+\.feed\.norm\.bias")
    x = F.pad(frames, (0, 0, 0, 0, 2**halvings - 1, 2**halvings - 1)).permute(1, 0, 2)[:, None]
    for i in range(1, halvings + 1):
        kernel, bias = weights[f"front.conv{i}.weight"], weights[f"front.conv{i}.bias"]
        x = F.gelu(F.conv2d(x, kernel, bias, stride=2, padding=(0, 1)))
    x = drop(dense(x.permute(2, 0, 1, 3).flatten(2), "front"), "front", given)
    size = width // heads
    angles = torch.arange(len(x))[:, None] * 10000.0 ** (-2 * torch.arange(size // 2) / size)
    sin, cos = angles.sin(), angles.cos()

    def turn(x):
        a, b = x.split(size // 2, -1)
        return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)

    visible = mask.permute(1, 2, 0)[:, None] > 0
    for name in (f"b{i + 1}" for i in range(blocks)):
        q, k, v = dense(norm(x, name + ".attention.norm"), name + ".attention.in").split(width, -1)
        y = F.scaled_dot_product_attention(turn(parts(q)), turn(parts(k)), parts(v), attn_mask=visible)
        y = dense(y.permute(2, 0, 1, 3).flatten(2), name + ".attention.out")
        x = x + drop(y, name + ".attention", given)
        y = drop(F.gelu(dense(norm(x, name + ".feed.norm"), name + ".feed.in")), name + ".feed.wide", given)
        x = x + drop(dense(y, name + ".feed.out"), name + ".feed", given)
    return dense(norm(x, "norm"), "out")


network = transformer if kind == "attention" else deep_speech
if "compiled" in how:
    network = torch.compile(network, dynamic=True)


def loss_of(given):
    logits = network(given)
    # In float32 its CTC is off by up to 2e-4: good enough to be timed, not to be compared with.
    log_probabilities = F.log_softmax(logits.double() if given else logits, 2)
    blank = log_probabilities.shape[2] - 1
    losses = F.ctc_loss(log_probabilities, labels, lengths, label_lengths, blank, reduction="none")
    return losses.mean()


optimizer = torch.optim.SGD(parameters, learning_rate, momentum, nesterov=True)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = loss_of(False)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(parameters, cap)
    optimizer.step()
    return loss.item(), float(norm)


def check(path):
    """Writes the gradients, by the names of the weights in their alphabetical order, and gives the loss."""
    loss = loss_of(True)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    found = {name: weight.grad for name, weight in weights.items()}
    if kind in layers:
        ends = [suffixes[direction] for direction in directions]
        found["h4.weight"] = sum(p["weight_ih_l0" + end].grad for end in ends).T
        found["h4.bias"] = sum(p["bias_ih_l0" + end].grad for end in ends)
        for direction, end in zip(directions, ends):
            found["h4." + direction] = p["weight_hh_l0" + end].grad.T
            if kind == "gru":
                found[f"h4.{direction}.bias"] = p["bias_hh_l0" + end].grad[2 * width :]
    np.concatenate([found[name].contiguous().cpu().numpy().ravel() for name in sorted(found)]).tofile(path)
    return {"loss": loss.item()}


def epoch(path):
    global frames, mask, labels, lengths, label_lengths, optimizer
    with open(path) as file:
        asked = json.load(file)
    batches = asked["batches"]
    if asked.get("optimizer") == "adamw" and not isinstance(optimizer, torch.optim.AdamW):
        optimizer = torch.optim.AdamW(parameters, learning_rate, (0.9, 0.99), weight_decay=0.01, fused=True)
    start, processor = time.perf_counter(), time.process_time()
    for batch in batches:
        longest = max(batch["lengths"])
        lengths = torch.tensor([(length + stride - 1) // stride for length in batch["lengths"]])
        label_lengths = torch.tensor(batch["labels"])
        frames = torch.randn(longest, len(lengths), case["frames"].shape[2], device=device)
        times = torch.arange(int(lengths.max()), device=device)[:, None, None]
        mask = (times < lengths.to(device)[None, :, None]).float()
        labels = torch.randint(0, 28, (len(lengths), int(label_lengths.max())), device=device)
        step()
    taken = {"ms": (time.perf_counter() - start) * 1e3, "steps": len(batches)}
    return taken | {"processorMs": (time.process_time() - processor) * 1e3}


blas = "mkl" if torch.backends.mkl.is_available() else "OpenBLAS"
count = sum(parameter.numel() for parameter in parameters)
same = not padded or len(directions) == 1
greeting = {"version": torch.__version__, "blas": blas, "parameters": count, "same": same}
if device == "cuda":
    greeting["device"] = torch.cuda.get_device_name()
print(json.dumps(greeting), flush=True)
for line in sys.stdin:
    if line.startswith("check "):
        answer = check(line.split()[1])
    elif line.startswith("epoch "):
        answer = epoch(line.split()[1])
    else:
        start, processor = time.perf_counter(), time.process_time()
        loss, norm = step()
        answer = {"ms": (time.perf_counter() - start) * 1e3, "loss": loss, "norm": norm}
        answer["processorMs"] = (time.process_time() - processor) * 1e3
    print(json.dumps(answer), flush=True)
