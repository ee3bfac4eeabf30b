"""Three steps of AdamW and of Nesterov's momentum on a small weight, for test/training/optimizers.test.ts.

Run with a Python that has PyTorch (the numbers in the test: 1.13.1, Debian's package, float64).
"""

import torch

torch.set_default_dtype(torch.float64)
GRADIENTS = [[0.5, -1.0, 2.0], [0.1, 0.2, -0.3], [-0.7, 0.0, 0.4]]


def steps(create):
    weight = torch.nn.Parameter(torch.tensor([1.0, -2.0, 0.5]))
    optimizer = create([weight])
    for gradient in GRADIENTS:
        weight.grad = torch.tensor(gradient)
        optimizer.step()
    return [round(value, 9) for value in weight.tolist()]


print(torch.__version__)
print("adamw", steps(lambda w: torch.optim.AdamW(w, lr=0.1, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.01)))
print("nesterov", steps(lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9, nesterov=True)))
