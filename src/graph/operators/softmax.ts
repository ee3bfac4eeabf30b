// Probabilities over the last axis, and their logarithms, which a network ends in.

import type { OperatorDefinition, Tensor } from "../graph.ts";
import { apply, commonType, FLOATS, resolveAxis } from "../operator.ts";
import { exp, mul, sub } from "./elementwise.ts";
import { reduceSum } from "./reduction.ts";

const overLastAxis =
  (name: string): OperatorDefinition["infer"] =>
  ([x]) => {
    resolveAxis(name, -1, x.shape.length);
    return [{ type: commonType(name, [x], FLOATS), shape: x.shape }];
  };
const total = (x: Tensor): Tensor => reduceSum(x, [-1], { keep: true });

export const LogSoftmax: OperatorDefinition = {
  name: "LogSoftmax",
  infer: overLastAxis("LogSoftmax"),
  gradient: ({ output, upstream }) => [
    () => sub(upstream, mul(exp(output(0)), total(upstream))), // u − softmax · Σ u
  ],
  examples: [{ shapes: [[2, 3, 4]], build: (x) => logSoftmax(x) }],
};
/** x − log Σ e^x over the last axis. */
export const logSoftmax = (x: Tensor): Tensor => apply(LogSoftmax, [x], { axis: -1 });

export const Softmax: OperatorDefinition = {
  name: "Softmax",
  infer: overLastAxis("Softmax"),
  gradient: ({ output, upstream }) => [
    () => mul(output(0), sub(upstream, total(mul(upstream, output(0))))), // y · (u − Σ u y)
  ],
  examples: [{ shapes: [[2, 3, 4]], build: (x) => softmax(x) }],
};
/** e^x / Σ e^x over the last axis. */
export const softmax = (x: Tensor): Tensor => apply(Softmax, [x], { axis: -1 });
