// Frames without any signal on a graph: the quietest frame that has one stands in their place, of the whole recording or of
// what came before.

import {
  cast,
  div,
  equal,
  less,
  mul,
  reduceMax,
  reduceSum,
  scan,
  where,
  zerosLike,
  add,
  type Tensor,
} from "../../../graph/index.ts";
import type { GraphFrames } from "./spectral-frames.ts";

const ABOVE_ALL = 1e30;

/** [T, B, F] */
export function quietestOfAll({ values, silent }: GraphFrames): Tensor {
  const x = cast(values, "float64");
  const sums = where(silent, ABOVE_ALL, reduceSum(x, [2], { keep: true }));
  const negative = mul(sums, -1);
  const least = reduceMax(negative, [0], { keep: true }); // [1, B, 1]
  const chosen = cast(equal(negative, least), "float64"); // of silence all of it, which stays
  const quietest = div(
    reduceSum(mul(x, chosen), [0], { keep: true }),
    reduceSum(chosen, [0], { keep: true }),
  );
  return where(silent, cast(quietest, "float32"), values);
}

/** [T, B, F]. Before the first sound silent frames stay. */
export function quietestBefore({ values, silent }: GraphFrames): Tensor {
  const frame = zerosLike(values, 1, 3); // [B, F]
  const lowest = add(reduceSum(frame, [1], { keep: true }), ABOVE_ALL); // [B, 1]
  const { outputs } = scan({
    states: [frame, lowest],
    sequences: [values, cast(silent, "float32")],
    direction: "forward",
    step: ([before, sum], [x, mark]) => {
      const isSilent = equal(mark, 1);
      const own = where(isSilent, 2 * ABOVE_ALL, reduceSum(x, [1], { keep: true }));
      const isQuieter = less(own, sum);
      const after = where(isQuieter, x, before);
      const least = where(isQuieter, own, sum);
      const known = where(less(least, ABOVE_ALL), after, x);
      return { states: [after, least], outputs: [where(isSilent, known, x)] };
    },
  });
  return outputs[0];
}
