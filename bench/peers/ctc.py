"""CTC loss and gradient at the logits in PyTorch, as peer: python ctc.py LOGITS.f32 LABELS.i32 T B V L THREADS.

Prints its version, then answers "check" with the loss of the batch (a sum) and the length of its gradient, and "time"
with the milliseconds of one loss and gradient. All utterances have T steps and L labels; the blank is the last symbol.
"""
import json, sys, time
import numpy as np
import torch

T, B, V, L, threads = map(int, sys.argv[3:])
torch.set_num_threads(threads)
logits = torch.from_numpy(np.fromfile(sys.argv[1], np.float32).reshape(T, B, V)).requires_grad_()
labels = torch.from_numpy(np.fromfile(sys.argv[2], np.int32).reshape(B, L).astype(np.int64))
steps, lengths = torch.full((B,), T), torch.full((B,), L)


def run():
    logits.grad = None
    log_probabilities = torch.log_softmax(logits, 2)
    loss = torch.nn.functional.ctc_loss(log_probabilities, labels, steps, lengths, V - 1, reduction="sum")
    loss.backward()
    return loss.item()


print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    start = time.process_time()
    loss = run()
    ms = (time.process_time() - start) * 1e3
    print(json.dumps({"ms": ms, "loss": loss, "length": float(logits.grad.norm())}), flush=True)
