// Log-softmax over the last axis: the log-probabilities that a network ends in.

import type { OperatorDefinition, Tensor } from "../graph.ts";
import { apply, commonType, FLOATS, resolveAxis } from "../operator.ts";
import { exp, mul, sub } from "./elementwise.ts";
import { reduceSum } from "./reduction.ts";

export const LogSoftmax: OperatorDefinition = {
  name: "LogSoftmax",
  infer: ([x]) => {
    resolveAxis("LogSoftmax", -1, x.shape.length);
    return [{ type: commonType("LogSoftmax", [x], FLOATS), shape: x.shape }];
  },
  gradient: ({ output, upstream }) => [
    () => sub(upstream, mul(exp(output(0)), reduceSum(upstream, [-1], { keep: true }))), // u − softmax · Σ u
  ],
  examples: [{ shapes: [[2, 3, 4]], build: (x) => logSoftmax(x) }],
};
export const logSoftmax = (x: Tensor): Tensor => apply(LogSoftmax, [x], { axis: -1 });
