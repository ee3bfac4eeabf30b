// The first rung: whether the gradient that training uses is the slope of its loss, tensor by tensor. A step of plain
// descent gives the gradient; the loss a little up and a little down along it gives the slope.

import { initializeWeights, type Architecture, type Weights } from "../../network/index.ts";
import {
  emptySlots,
  TrainStep,
  trainingPrograms,
  type StepBatch,
  type StepPlan,
} from "../../training/index.ts";

export interface TensorSlope {
  readonly name: string;
  /** Norm of the tensor's gradient: the slope along it, by the gradient. */
  readonly gradient: number;
  /** The same by differences of the loss. */
  readonly difference: number;
}

const SEED = 1;
const DESCENT = { name: "nesterov", momentum: 0 } as const;

export function planOf(
  architecture: Architecture,
  blank: number,
  optimizer: StepPlan["optimizer"],
): StepPlan {
  const programs = trainingPrograms(architecture, blank);
  const { symbols } = architecture;
  return { programs, optimizer, gradientCap: 1e12, seed: SEED, threads: 0, symbols, blank };
}

/** Every tensor with a gradient that moves the loss beyond what float32 rounds away. */
export async function checkGradients(
  architecture: Architecture,
  blank: number,
  batch: StepBatch,
): Promise<TensorSlope[]> {
  const plan = planOf(architecture, blank, DESCENT);
  const weights = copyOf(initializeWeights(architecture, SEED));
  const loss = lossAt(plan, batch);
  const base = await loss(weights);
  const gradients = await gradientsAt(plan, batch, weights);
  const slopes: TensorSlope[] = [];
  for (const [name, gradient] of gradients) {
    const norm = lengthOf(gradient);
    const reach = (SMALL * base) / norm; // along the gradient the loss changes by about 1 in 200
    if (!(norm > 0) || reach > FAR) continue;
    const moved = (sign: number) => loss(shifted(weights, name, gradient, (sign * reach) / norm));
    const difference = ((await moved(1)) - (await moved(-1))) / (2 * reach);
    slopes.push({ name, gradient: norm, difference });
  }
  return slopes;
}

const SMALL = 0.005;
const FAR = 1; // a tensor that must move so far to be noticed is left to the others

function lossAt(plan: StepPlan, batch: StepBatch): (weights: Weights) => Promise<number> {
  return async (weights) => {
    const step = await TrainStep.open(plan, { weights, slots: emptySlots(weights, plan.optimizer) });
    try {
      const { losses } = await step.evaluate(batch);
      return losses.reduce((sum, value) => sum + value, 0) / losses.length;
    } finally {
      await step.close();
    }
  };
}

/** g = (w − w′) / ε, for w′ = w − ε g. */
async function gradientsAt(
  plan: StepPlan,
  batch: StepBatch,
  weights: Weights,
): Promise<Map<string, Float32Array>> {
  const before = copyOf(weights);
  const step = await TrainStep.open(plan, {
    weights: copyOf(weights),
    slots: emptySlots(weights, plan.optimizer),
  });
  try {
    await step.step([batch], { step: 0, utterances: batch.B, learningRate: 1 });
    const after = step.state.weights;
    return new Map(
      [...before].map(([name, { data }]) => [name, data.map((value, i) => value - after.get(name)!.data[i])]),
    );
  } finally {
    await step.close();
  }
}

function shifted(weights: Weights, name: string, direction: Float32Array, by: number): Weights {
  const { data, ...rest } = weights.get(name)!;
  return new Map([...weights, [name, { ...rest, data: data.map((value, i) => value + by * direction[i]) }]]);
}

function copyOf(weights: Weights): Weights {
  return new Map([...weights].map(([name, weight]) => [name, { ...weight, data: weight.data.slice() }]));
}

function lengthOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
