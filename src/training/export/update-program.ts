// One update of every weight as a graph: the cap on the gradient's norm, and what the optimizer does with the rest. The state
// of the optimizer comes in and goes out.

import {
  add,
  clip,
  div,
  Graph,
  identity,
  mul,
  reduceSum,
  sqrt,
  writeOnnx,
  type Tensor,
} from "../../graph/index.ts";
import { TRAINING_PROGRAM } from "../../model/index.ts";
import { createOptimizer, updateOnGraph, type OptimizerSettings } from "../optimizers.ts";

/** The arrays of one weight, in and out. */
export interface UpdateNames {
  readonly gradient: string;
  readonly slots: readonly string[];
  readonly next: string;
  readonly nextSlots: readonly string[];
}

export interface UpdateProgram {
  readonly program: Uint8Array;
  /** By weight. */
  readonly weights: Readonly<Record<string, UpdateNames>>;
  /** The output that is the norm of the whole gradient, before the cap. */
  readonly gradientNorm: string;
}

/**
 * Inputs: each weight by its name, its `gradient/…` and its slots; `learning_rate` and `step`, the steps taken before,
 * both scalars. Outputs: `next/…` of each weight and slot, and `gradient_norm`.
 */
export function updateProgram(
  shapes: ReadonlyMap<string, readonly number[]>,
  optimizer: OptimizerSettings,
  gradientCap: number,
): UpdateProgram {
  const described = createOptimizer(optimizer);
  const graph = new Graph();
  const learningRate = graph.input("learning_rate", "float32", []);
  const step = graph.input("step", "float32", []);
  const variables = [...shapes].map(([name, shape]) => ({
    name,
    weight: graph.input(name, "float32", shape),
    gradient: graph.input(`gradient/${name}`, "float32", shape),
    slots: Array.from({ length: described.slots }, (_, i) =>
      graph.input(`slot${i}/${name}`, "float32", shape),
    ),
  }));
  const norm = sqrt(variables.map(({ gradient }) => sumOfSquares(gradient)).reduce((a, b) => add(a, b)));
  const scale = clip(div(gradientCap, clip(norm, 1e-30, 1e30)), 0, 1);
  const weights = Object.fromEntries(
    variables.map(({ name, weight, gradient, slots }) => {
      const decays = weight.shape.length > 1;
      const facts = { learningRate, step, decays };
      const after = updateOnGraph(described, { weight, slots }, mul(gradient, scale), facts);
      const nextSlots = after.slots.map((slot, i) => named(slot, `next/${slots[i].name}`));
      const names = { gradient: gradient.name, slots: slots.map((slot) => slot.name) };
      return [name, { ...names, next: named(after.weight, `next/${name}`), nextSlots }];
    }),
  );
  const gradientNorm = named(norm, "gradient_norm");
  return { program: writeOnnx(graph, "update", TRAINING_PROGRAM), weights, gradientNorm };
}

/** An output of this name. */
const named = (x: Tensor, name: string): string => x.graph.output(identity(x, x.graph, name)).name;

const sumOfSquares = (x: Tensor): Tensor => reduceSum(mul(x, x), [...x.shape.keys()]);
