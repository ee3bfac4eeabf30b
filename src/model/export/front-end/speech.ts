// Frames relative to the level of the speech in them, on a graph: speech-frames.ts of the audio room, step by step. The level
// (ITU-T P.56) is iterated a fixed number of times; it only ever rises, and stays where it has arrived.

import type { FrontEndNumbers } from "../../../audio/index.ts";
import {
  add,
  cast,
  clip,
  concat,
  conv,
  div,
  exp,
  less,
  log,
  mul,
  reduceMean,
  reduceSum,
  scan,
  slice,
  sub,
  transpose,
  where,
  type Tensor,
} from "../../../graph/index.ts";
import { withGraphSlopes, type SlopeSettings } from "./slopes.ts";
import type { GraphFrames } from "./spectral-frames.ts";

/** Each raises the level, or none after it does; of thousands of frames a dozen are enough. */
const ITERATIONS = 64;

export interface SpeechFrames {
  /** [T, B, F], log energies less the level, floored, and their slopes. */
  readonly values: Tensor;
  /** [T, B, 1], float64: 1 where it is speech. */
  readonly isSpeech: Tensor;
}

/** @param frames before slopes */
export function speechFrames(
  { values, silent }: GraphFrames,
  settings: SlopeSettings,
  { speech, floor }: FrontEndNumbers,
): SpeechFrames {
  const logs = cast(values, "float64");
  const powers = bandPowers(logs, speech.bins); // [T, B, 1]
  const level = activeLevel(powers, speech.activeMargin); // [1, B, 1]
  const least = (share: number) => sub(1, cast(less(powers, mul(level, share)), "float64"));
  const isHeard = withinReach(least(speech.heard), speech.reach);
  const leveled = log(add(exp(sub(logs, log(level))), Math.exp(-speech.floor)));
  const floored = cast(where(less(isHeard, 0.5), -speech.floor, leveled), "float32");
  const none = less(mul(cast(silent, "float32"), 0), 0); // nothing is silent here: the floor is a value like others
  const { values: all } = withGraphSlopes({ values: floored, silent: none }, settings, floor);
  return { values: all, isSpeech: least(speech.activeMargin) };
}

/** The mean power of the filters in the band of speech. [T, B, 1] */
function bandPowers(logs: Tensor, bins: readonly number[]): Tensor {
  const F = logs.shape[2] as number;
  const inBand = bins.map((bin) => slice(logs, 2, { start: bin, trim: F - bin - 1 }));
  return reduceMean(exp(concat(inBand, 2)), [2], { keep: true });
}

/** The mean power of the frames that are active. [1, B, 1] */
function activeLevel(powers: Tensor, margin: number): Tensor {
  const { graph } = powers;
  const rounds = graph.constant("rounds", "float64", [ITERATIONS, 1], new Float64Array(ITERATIONS));
  const { states } = scan({
    states: [reduceMean(powers, [0], { keep: true })],
    sequences: [rounds],
    direction: "forward",
    step: ([level]) => {
      const active = sub(1, cast(less(powers, mul(level, margin)), "float64"));
      const sum = reduceSum(mul(powers, active), [0], { keep: true });
      return { states: [div(sum, reduceSum(active, [0], { keep: true }))], outputs: [] };
    },
  });
  return states[0];
}

/** [T, B, 1] 1 where a frame at most so many away is marked. */
function withinReach(marks: Tensor, reach: number): Tensor {
  const width = 2 * reach + 1;
  const ones = marks.graph.constant("reach", "float32", [1, 1, width], new Float32Array(width).fill(1));
  const byUtterance = transpose(cast(marks, "float32"), [1, 2, 0]); // [B, 1, T]
  const near = conv(byUtterance, ones, undefined, { padding: [[reach, reach]] });
  return cast(transpose(clip(near, 0, 1), [2, 0, 1]), "float64");
}
