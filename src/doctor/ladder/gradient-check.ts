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

/** A step of the network that training would use, on an engine of so many threads (0 = one per core). */
export interface StepOf {
  readonly architecture: Architecture;
  readonly blank: number;
  readonly threads: number;
}

export function planOf({ architecture, blank, threads }: StepOf, optimizer: StepPlan["optimizer"]): StepPlan {
  const programs = trainingPrograms(architecture, blank);
  const { symbols } = architecture;
  return { programs, optimizer, gradientCap: 1e12, seed: SEED, threads, symbols, blank };
}

/** Every tensor with a gradient that moves the loss beyond what float32 rounds away. */
export async function checkGradients(of: StepOf, batch: StepBatch): Promise<TensorSlope[]> {
  const plan = planOf(of, DESCENT);
  const origin = initializeWeights(of.architecture, SEED);
  const weights = copyOf(origin);
  const step = await TrainStep.open(plan, { weights, slots: emptySlots(weights, plan.optimizer) });
  try {
    const untrained = new Set(plan.programs.followed.map(({ weight }) => weight));
    const trained = new Map([...origin].filter(([name]) => !untrained.has(name)));
    return await slopesOf({ step, batch, normalizesBatch: untrained.size > 0 }, origin, trained);
  } finally {
    await step.close();
  }
}

const SMALL = 0.0001; // of the loss: more of it crosses kinks of rectifiers, less of it is lost in float32
const FAR = 1; // a tensor that must move so far to be noticed is left to the others

interface Measured {
  readonly step: TrainStep;
  readonly batch: StepBatch;
  /** Then evaluation, by the statistics that training kept, has another loss than training. */
  readonly normalizesBatch: boolean;
}

/** @param trained those of the weights that have a gradient */
async function slopesOf(measured: Measured, origin: Weights, trained: Weights): Promise<TensorSlope[]> {
  const base = await lossAt(measured, origin);
  const gradients = await gradientsAt(measured, origin, trained);
  const slopes: TensorSlope[] = [];
  for (const [name, gradient] of gradients) {
    const norm = lengthOf(gradient);
    const reach = (SMALL * base) / norm; // along the gradient the loss changes by about that share
    if (!(norm > 0) || reach > FAR) continue;
    const moved = (sign: number) => lossAt(measured, shifted(origin, name, gradient, (sign * reach) / norm));
    const difference = ((await moved(1)) - (await moved(-1))) / (2 * reach);
    slopes.push({ name, gradient: norm, difference });
  }
  return slopes;
}

async function lossAt({ step, batch, normalizesBatch }: Measured, weights: Weights): Promise<number> {
  moveTo(step, weights);
  const { losses } = normalizesBatch ? await stepOn({ step, batch }, 0) : await step.evaluate(batch);
  return losses.reduce((sum, value) => sum + value, 0) / losses.length;
}

const stepOn = ({ step, batch }: Pick<Measured, "step" | "batch">, learningRate: number) =>
  step.step([batch], { step: 0, utterances: batch.B, learningRate });

/** g = (w − w′) / ε, for w′ = w − ε g. */
async function gradientsAt(
  { step, batch }: Measured,
  weights: Weights,
  trained: Weights,
): Promise<Map<string, Float32Array>> {
  moveTo(step, weights);
  await stepOn({ step, batch }, 1);
  const after = step.state.weights;
  return new Map(
    [...trained].map(([name, { data }]) => [name, data.map((value, i) => value - after.get(name)!.data[i])]),
  );
}

function moveTo(step: TrainStep, weights: Weights): void {
  for (const [name, { data }] of weights) step.state.weights.get(name)!.data.set(data);
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
