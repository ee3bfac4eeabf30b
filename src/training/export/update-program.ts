// One update of every weight as a graph: the cap on the gradient's norm, and the rule of an optimizer, as optimizers/ have
// them for arrays. The state of the optimizer comes in and goes out.

import {
  add,
  cast,
  clip,
  div,
  exp,
  Graph,
  identity,
  mul,
  reduceSum,
  sqrt,
  sub,
  writeOnnx,
  type Tensor,
} from "../../graph/index.ts";
import { EarshotError } from "../../errors.ts";
import type { OptimizerSettings } from "../optimizers.ts";

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

interface Update {
  readonly weight: Tensor;
  /** Times what the cap leaves. */
  readonly gradient: Tensor;
  readonly slots: readonly Tensor[];
  readonly learningRate: Tensor;
  /** Steps taken before this one. */
  readonly step: Tensor;
  readonly decays: boolean;
}

interface Updated {
  readonly weight: Tensor;
  readonly slots: readonly Tensor[];
}

type Rule = (update: Update) => Updated;

/**
 * Inputs: each weight by its name, its `gradient/…` and its slots; `learning_rate` and `step`, the steps taken before,
 * both scalars. Outputs: `next/…` of each weight and slot, and `gradient_norm`.
 * @throws EarshotError NOT_EXPORTABLE
 */
export function updateProgram(
  shapes: ReadonlyMap<string, readonly number[]>,
  optimizer: OptimizerSettings,
  gradientCap: number,
): UpdateProgram {
  const { rule, slots: count } = ruleOf(optimizer);
  const graph = new Graph();
  const learningRate = graph.input("learning_rate", "float32", []);
  const step = graph.input("step", "float32", []);
  const variables = [...shapes].map(([name, shape]) => ({
    name,
    weight: graph.input(name, "float32", shape),
    gradient: graph.input(`gradient/${name}`, "float32", shape),
    slots: Array.from({ length: count }, (_, i) => graph.input(`slot${i}/${name}`, "float32", shape)),
  }));
  const norm = sqrt(variables.map(({ gradient }) => sumOfSquares(gradient)).reduce((a, b) => add(a, b)));
  const scale = clip(div(gradientCap, clip(norm, 1e-30, 1e30)), 0, 1);
  const weights = Object.fromEntries(
    variables.map(({ name, weight, gradient, slots }) => {
      const decays = weight.shape.length > 1;
      const scaled = mul(gradient, scale);
      const after = rule({ weight, gradient: scaled, slots, learningRate, step, decays });
      const nextSlots = after.slots.map((slot, i) => named(slot, `next/${slots[i].name}`));
      const names = { gradient: gradient.name, slots: slots.map((slot) => slot.name) };
      return [name, { ...names, next: named(after.weight, `next/${name}`), nextSlots }];
    }),
  );
  const gradientNorm = named(norm, "gradient_norm");
  return { program: writeOnnx(graph, "update"), weights, gradientNorm };
}

/** An output of this name. */
const named = (x: Tensor, name: string): string => x.graph.output(identity(x, x.graph, name)).name;

const sumOfSquares = (x: Tensor): Tensor => reduceSum(mul(x, x), [...x.shape.keys()]);

function ruleOf(optimizer: OptimizerSettings): { readonly rule: Rule; readonly slots: number } {
  switch (optimizer.name) {
    case "adamw":
      return { rule: adamwRule(optimizer), slots: 2 };
    case "nesterov":
      return { rule: nesterovRule(optimizer), slots: 1 };
    default:
      throw noRule((optimizer as { readonly name: string }).name);
  }
}

/** v ← μ v − ε g, w ← w + μ v − ε g (nesterov.ts) */
const nesterovRule =
  ({ momentum }: Extract<OptimizerSettings, { name: "nesterov" }>): Rule =>
  ({ weight, gradient, slots: [velocity], learningRate }) => {
    const slide = mul(gradient, learningRate);
    const after = sub(mul(velocity, momentum), slide);
    return { weight: sub(add(weight, mul(after, momentum)), slide), slots: [after] };
  };

/** Loshchilov & Hutter 2019, algorithm 2 (adamw.ts) */
const adamwRule =
  ({ beta1, beta2, epsilon, weightDecay }: Extract<OptimizerSettings, { name: "adamw" }>): Rule =>
  ({ weight, gradient, slots: [mean, square], learningRate, step, decays }) => {
    const rate = div(learningRate, sub(1, powerOf(beta1, step)));
    const correction = sub(1, powerOf(beta2, step));
    const m = add(mul(mean, beta1), mul(gradient, 1 - beta1));
    const v = add(mul(square, beta2), mul(mul(gradient, gradient), 1 - beta2));
    const keep = decays ? sub(1, mul(learningRate, weightDecay)) : undefined;
    const slide = div(mul(m, rate), add(sqrt(div(v, correction)), epsilon));
    return { weight: sub(keep ? mul(weight, keep) : weight, slide), slots: [m, v] };
  };

/** base^(step + 1); in float64, since near 1 it is what is missing to 1 that counts. */
function powerOf(base: number, step: Tensor): Tensor {
  const exponent = add(cast(step, "float64"), 1);
  return cast(exp(mul(exponent, Math.log(Math.max(base, 1e-300)))), "float32");
}

function noRule(name: string): EarshotError {
  return new EarshotError({
    code: "NOT_EXPORTABLE",
    where: "optimizer.name",
    problem: `The update of "${name}" has no program.`,
    remedy: "Export with adamw or nesterov, or update the weights in the program that trains.",
  });
}
