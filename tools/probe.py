"""What one batch can tell of a model that does not learn, for `earshot doctor`. Needs NumPy; works with any framework.
  probe("probe.npz", forward, inputs, frames, targets, target_lengths, blank=0, symbols=[...], mode="eval",
        layout="TBV", takes="log_probs", features={"sample_rate": 16000, "f_max": 8000, "n_mels": 80, "n_fft": 512})
inputs [B, time, ...] hold at least three utterances of different lengths, frames [B] their lengths.
forward(inputs, frames) -> what your loss takes, and the lengths that you give it (input_lengths).
parameters() -> {name: array}; step() trains on the batch once -> {name: gradient or None}; activations() -> {layer:
array [..., units]}. For other losses: layout "BTV" (Keras), takes "logits" or "probs". mode: "eval" without dropout."""
import json, numpy as np

def array(x):
    return x.detach().cpu().float().numpy() if hasattr(x, "detach") else np.asarray(x)

def probe(path, forward, inputs, frames, targets, target_lengths, parameters=None, step=None, activations=None, **facts):
    x, n = array(inputs), array(frames).astype("int64")
    data = {"frames": n, "padded_frames": x.shape[1], "targets": array(targets), "target_lengths": array(target_lengths)}
    order, jolted, longer = np.roll(np.arange(len(n)), 1), x.copy(), x.shape[1] // 2 + 1
    jolted[0, n[0] // 2] += x.std() + 1
    runs = {"log_probs": (x, n), "again": (x, n), "third": (x, n), "permuted": (x[order], n[order]), "impulse": (jolted, n)}
    runs["padded"] = (np.pad(x, [(0, 0), (0, longer)] + [(0, 0)] * (x.ndim - 2)), n)
    runs.update({f"alone_{b}": (x[b : b + 1, : n[b]], n[b : b + 1]) for b in range(len(n))})
    for name, (batch, lengths) in runs.items():
        try:
            outputs, steps = forward(batch.copy(), lengths.copy())
            data[name], data["input_lengths" if name == "log_probs" else name + "_lengths"] = array(outputs), array(steps)
        except Exception as error:  # a batch of another size or length may be what the model cannot do
            facts.setdefault("failed", {})[name] = str(error)[:200]
    for i, (layer, a) in enumerate((activations() if activations else {}).items()):
        a = array(a).reshape(-1, np.shape(a)[-1])
        facts.setdefault("layer_names", []).append(layer)
        data[f"activity_{i}"] = np.stack([(a <= 0).mean(0), (a >= a.max()).mean(0)])  # shares at zero and at the ceiling
    if step and parameters:
        norm = lambda a: -1.0 if a is None else float(np.linalg.norm(array(a).astype("float64")))
        before = {name: array(p).copy() for name, p in parameters().items()}
        gradients, after = step(), {name: array(p) for name, p in parameters().items()}
        rows = [(p.ndim, p.size, norm(p), norm(gradients.get(name)), norm(after[name] - p)) for name, p in before.items()]
        keys = ["parameter_ranks", "parameter_sizes", "parameter_norms", "gradient_norms", "change_norms"]
        facts["parameter_names"] = list(before)
        data.update(zip(keys, np.array(rows, "float64").T))
    np.savez_compressed(path, order=order, facts=json.dumps(facts), **data)
