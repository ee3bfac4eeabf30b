// What a device does to all weights at once: the sums of squares that the norm of the gradient is made of, the update, sums
// of gradients, running averages, and copies to and from the device. One program each; a norm is all that comes back.

import {
  add,
  concat,
  Graph,
  identity,
  mul,
  reduceSum,
  reshape,
  sub,
  writeOnnx,
  type Tensor,
} from "../../graph/index.ts";
import { createOptimizer, updateOnGraph, type OptimizerSettings } from "../optimizers.ts";
import type { StayingProgram } from "./device-programs.ts";

export type WeightShapes = ReadonlyMap<string, readonly number[]>;

export const slotName = (weight: string, slot: number): string => `slot${slot}/${weight}`;

/** Copies: each input `x` to an output `next/x`, on the device or back from it. */
export const copyProgram = (shapes: WeightShapes, where: "there" | "back"): StayingProgram =>
  eachOf(shapes, where, (x) => identity(x));

/** `next/x` = `x` + `more/x`. */
export const sumProgram = (shapes: WeightShapes): StayingProgram =>
  eachOf(shapes, "there", (x, input) => add(x, input("more")));

/** `next/x` = `x` + (`newest/x` − `x`) · `share`. */
export function averageProgram(shapes: WeightShapes): StayingProgram {
  const graph = new Graph();
  const share = graph.input("share", "float32", []);
  return eachOf(shapes, "there", (x, input) => add(x, mul(sub(input("newest"), x), share)), graph);
}

function eachOf(
  shapes: WeightShapes,
  where: "there" | "back",
  next: (x: Tensor, input: (kind: string) => Tensor) => Tensor,
  graph = new Graph(),
): StayingProgram {
  const outputs = [...shapes].map(([name, shape]) => {
    const input = (kind: string) => graph.input(`${kind}/${name}`, "float32", shape);
    return named(next(graph.input(name, "float32", shape), input), `next/${name}`);
  });
  return { program: writeOnnx(graph), stays: where === "there" ? outputs : [] };
}

/** Of each gradient the sum of its squares: the output `squares`, in the order of the shapes. */
export function squaresProgram(shapes: WeightShapes): StayingProgram {
  const graph = new Graph();
  const sums = [...shapes].map(([name, shape]) => sumOfSquares(graph.input(name, "float32", shape)));
  named(sums.length === 1 ? sums[0] : concat(sums, 0), "squares");
  return { program: writeOnnx(graph), stays: [] };
}

/** Row by row, then over the rows: a device gives each sum that is left a group of its own. [1] */
function sumOfSquares(x: Tensor): Tensor {
  const rows = mul(x, x);
  const within = x.shape.slice(1).map((_, i) => i + 1);
  return reshape(reduceSum(within.length > 0 ? reduceSum(rows, within) : rows, [0]), [1]);
}

/**
 * The update of the optimizer. Inputs: each weight, its `gradient/…` and slots; the scalars `learning_rate`, `step`, the
 * steps taken before, and `scale`, of the gradient. Outputs: `next/…` of each weight and slot.
 * @param rates what of the learning rate a weight takes, where that is not all
 */
export function deviceUpdateProgram(
  shapes: WeightShapes,
  optimizer: OptimizerSettings,
  rates: Readonly<Record<string, number>> = {},
): StayingProgram {
  const described = createOptimizer(optimizer);
  const graph = new Graph();
  const scalarInput = (name: string) => graph.input(name, "float32", []);
  const [learningRate, step, scale] = ["learning_rate", "step", "scale"].map(scalarInput);
  const stays = [...shapes].flatMap(([name, shape]) => {
    const weight = graph.input(name, "float32", shape);
    const gradient = mul(graph.input(`gradient/${name}`, "float32", shape), scale);
    const slots = Array.from({ length: described.slots }, (_, i) =>
      graph.input(slotName(name, i), "float32", shape),
    );
    const rate = rates[name] === undefined ? learningRate : mul(learningRate, rates[name]);
    const facts = { learningRate: rate, step, decays: shape.length > 1 };
    const after = updateOnGraph(described, { weight, slots }, gradient, facts);
    return [
      named(after.weight, `next/${name}`),
      ...after.slots.map((slot, i) => named(slot, `next/${slotName(name, i)}`)),
    ];
  });
  return { program: writeOnnx(graph), stays };
}

/** An output of this name. */
const named = (x: Tensor, name: string): string => x.graph.output(identity(x, x.graph, name)).name;
