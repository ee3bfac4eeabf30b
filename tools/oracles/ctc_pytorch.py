"""Prints test/ctc/pytorch.json: CTC losses and gradients at the logits by PyTorch, in float64.

    python3 tools/oracles/ctc_pytorch.py > test/ctc/pytorch.json

The stored file came from PyTorch 1.13.1 as Debian packs it, which calls itself 1.13.0a0. The logits are a formula, so
that the test can make them itself: logit[t, b, v] = 2 sin(1.3 t + 0.7 b + 2.1 v + 0.5 t v).
"""

import json

import torch

T, B, V, BLANK = 7, 5, 4, 3
STEPS = [7, 6, 5, 3, 4]
LABELS = [[0, 1, 2], [], [1, 1, 1], [2, 0, 2], [0]]  # plain, empty, repeats and no repeats at the fewest steps, short

t = torch.arange(T, dtype=torch.float64).view(T, 1, 1)
b = torch.arange(B, dtype=torch.float64).view(1, B, 1)
v = torch.arange(V, dtype=torch.float64).view(1, 1, V)
logits = (2 * torch.sin(1.3 * t + 0.7 * b + 2.1 * v + 0.5 * t * v)).requires_grad_()


def losses(reduction):
    return torch.nn.functional.ctc_loss(
        logits.log_softmax(-1),
        torch.tensor([label for labels in LABELS for label in labels]),
        torch.tensor(STEPS),
        torch.tensor([len(labels) for labels in LABELS]),
        blank=BLANK,
        reduction=reduction,
    )


losses("sum").backward()
answers = {
    "program": f"PyTorch {torch.__version__}",
    "symbols": V,
    "blank": BLANK,
    "steps": STEPS,
    "labels": LABELS,
    "losses": losses("none").tolist(),
    "gradient": logits.grad.tolist(),
}
print(json.dumps(answers))
