"""Three steps of AdamW, NAdamW and Nesterov's momentum on a small weight, and cosine annealing behind a warm-up, for
test/training/optimizers.test.ts.

Run with a Python that has PyTorch 2.2 or later (the numbers in the test: 1.13.1, Debian's package, float64; those of NAdamW
and of the schedule, 2.15.0).
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


# With so large a decay the warm-up of the momentum is over before the first step: 0.96 ** 1e9 is 0.
def nadamw(weights):
    return torch.optim.NAdam(
        weights,
        lr=0.1,
        betas=(0.9, 0.99),
        eps=1e-8,
        weight_decay=0.01,
        momentum_decay=1e9,
        decoupled_weight_decay=True,
    )


print("nadamw", steps(nadamw))


def cosine_behind_warm_up(steps_of_rise, steps_in_all):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedules = torch.optim.lr_scheduler
    rise = schedules.LinearLR(optimizer, start_factor=1e-12, total_iters=steps_of_rise)
    fall = schedules.CosineAnnealingLR(optimizer, T_max=steps_in_all - steps_of_rise, eta_min=0.1)
    both = schedules.SequentialLR(optimizer, [rise, fall], milestones=[steps_of_rise])
    rates = []
    for _ in range(steps_in_all + 1):
        rates.append(round(optimizer.param_groups[0]["lr"], 9))
        optimizer.step()
        both.step()
    return rates


print("cosine", cosine_behind_warm_up(2, 10))
