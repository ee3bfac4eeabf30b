// Means and maxima over axes. (Sums are apart, in reduction.ts: every broadcast needs them, these included.)

import type { Tensor } from "../graph.ts";
import { cast, sizeOf } from "./shape.ts";
import { div, equal, mul } from "./elementwise.ts";
import { expandLike, reduction, reduceSum } from "./reduction.ts";

const mean = reduction("ReduceMean", ({ input, upstream }, withAxes) => {
  const count = (x: Tensor) => cast(sizeOf(x), upstream.type); // of symbolic axes too
  const share = div(count(upstream), count(input(0)));
  return expandLike(mul(withAxes(upstream), share), input(0));
});
export const ReduceMean = mean.operator;
/** The mean over `axes`, which vanish, or stay with size 1 when `keep` is set. */
export const reduceMean = mean.reduce;

/** Equal maxima share the gradient. */
const max = reduction("ReduceMax", ({ node, input, output, upstream }, withAxes) => {
  const greatest = withAxes(output(0));
  const chosen = cast(equal(input(0), greatest), upstream.type);
  const axes = greatest.shape.flatMap((size, axis) => (size === node.inputs[0].shape[axis] ? [] : [axis]));
  return mul(chosen, div(withAxes(upstream), reduceSum(chosen, axes, { keep: true })));
});
export const ReduceMax = max.operator;
/** The greatest over `axes`, which vanish, or stay with size 1 when `keep` is set. */
export const reduceMax = max.reduce;
