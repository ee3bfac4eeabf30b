"""A whole training step of Deep Speech in PyTorch, as peer of Earshot's: commands on stdin, one JSON answer per line.

   python step.py CASE.safetensors loop|rnn THREADS

"loop" shares W4 between the directions and walks time in Python; "rnn" is torch.nn.RNN, whose directions have input
weights of their own and whose rectifier does not clip. Commands: "check FILE" (loss and gradients with the dropout masks
of the case; the gradients go to a file), "step" (milliseconds of one step that draws its own masks).
"""
import json, struct, sys, time
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


path, kind, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
case = read_safetensors(path)
context, stride, rate, ceiling, cap, learning_rate, momentum = case["numbers"].tolist()
context, stride = int(context), int(stride)
frames, mask, labels, lengths, label_lengths = (
    case[k] for k in ("frames", "mask", "labels", "steps", "labelLengths")
)
weights = {k[2:]: v.requires_grad_() for k, v in case.items() if k.startswith("w/")}
masks = {k[5:]: v for k, v in case.items() if k.startswith("keep/")}
width = weights["h1.bias"].numel()
g = lambda x: x.clamp(0, ceiling)
dense = lambda x, name: F.linear(x, weights[name + ".weight"].T, weights[name + ".bias"])


def drop(x, name, given):
    return x * masks[name] * (1 / (1 - rate)) if given else F.dropout(x, rate)


def window(x):
    padded = F.pad(x, (0, 0, 0, 0, context, context))
    steps = (x.shape[0] + stride - 1) // stride
    columns = [padded[k : k + stride * (steps - 1) + 1 : stride] for k in range(2 * context + 1)]
    return torch.cat(columns, 2)


if kind == "rnn":
    rnn = torch.nn.RNN(width, width, nonlinearity="relu", bidirectional=True)
    with torch.no_grad():
        for suffix, direction in (("", "forward"), ("_reverse", "backward")):
            getattr(rnn, "weight_ih_l0" + suffix).copy_(weights["h4.weight"].T)
            getattr(rnn, "weight_hh_l0" + suffix).copy_(weights[f"h4.{direction}"].T)
            getattr(rnn, "bias_ih_l0" + suffix).copy_(weights["h4.bias"])
            getattr(rnn, "bias_hh_l0" + suffix).zero_()
    outside = [v for k, v in weights.items() if not k.startswith("h4.")]
    parameters = outside + [p for n, p in rnn.named_parameters() if not n.startswith("bias_hh")]
    for name, p in rnn.named_parameters():
        p.requires_grad_(not name.startswith("bias_hh"))
else:
    parameters = list(weights.values())


def recurrence(h):
    if kind == "rnn":
        packed = torch.nn.utils.rnn.pack_padded_sequence(h, lengths, enforce_sorted=False)
        both, _ = torch.nn.utils.rnn.pad_packed_sequence(rnn(packed)[0], total_length=h.shape[0])
        return both[..., :width] + both[..., width:]
    x = dense(h, "h4") + (mask - 1) * 1e30
    total = []
    for name, times in (("forward", range(len(x))), ("backward", range(len(x) - 1, -1, -1))):
        state, states, matrix = torch.zeros_like(x[0]), [None] * len(x), weights["h4." + name]
        for t in times:
            states[t] = state = g(torch.addmm(x[t], state, matrix))
        total.append(torch.stack(states))
    return total[0] + total[1]


def loss_of(given):
    h = window(frames)
    for name in ("h1", "h2", "h3"):
        h = drop(g(dense(h, name)), name, given)
    h = drop(g(dense(recurrence(h), "h5")), "h5", given)
    logits = dense(h, "h6")
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
    if kind == "rnn":
        p = dict(rnn.named_parameters())
        found["h4.weight"] = (p["weight_ih_l0"].grad + p["weight_ih_l0_reverse"].grad).T
        found["h4.bias"] = p["bias_ih_l0"].grad + p["bias_ih_l0_reverse"].grad
        found["h4.forward"] = p["weight_hh_l0"].grad.T
        found["h4.backward"] = p["weight_hh_l0_reverse"].grad.T
    np.concatenate([found[name].contiguous().numpy().ravel() for name in sorted(found)]).tofile(path)
    return {"loss": loss.item()}


blas = "mkl" if torch.backends.mkl.is_available() else "OpenBLAS"
count = sum(p.numel() for p in parameters)
print(json.dumps({"version": torch.__version__, "blas": blas, "parameters": count}), flush=True)
for line in sys.stdin:
    if line.startswith("check "):
        answer = check(line.split()[1])
    else:
        start = time.perf_counter()
        loss, norm = step()
        answer = {"ms": (time.perf_counter() - start) * 1e3, "loss": loss, "norm": norm}
    print(json.dumps(answer), flush=True)
