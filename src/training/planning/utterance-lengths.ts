// How long the utterances of a corpus are that nobody has yet: drawn from measured ones, or from a log-normal distribution.

import { RandomStream } from "../../random.ts";

export type UtteranceLengths =
  | { readonly measuredSeconds: readonly number[] }
  | {
      readonly meanSeconds: number;
      /** Standard deviation of the logarithm. */
      readonly spread: number;
    };

export const SHORTEST_SECONDS = 0.5;
export const LONGEST_SECONDS = 30;

/** Cut off to what training usually takes, `SHORTEST_SECONDS` to `LONGEST_SECONDS`; measured ones as they are. */
export function drawLengths(lengths: UtteranceLengths, count: number, seed: number): number[] {
  const random = new RandomStream(seed, "utterance lengths");
  if ("measuredSeconds" in lengths) {
    const { measuredSeconds: own } = lengths;
    const whole = count - (count % own.length); // all of them so often, then some
    return Array.from(
      { length: count },
      (_, i) => own[i < whole ? i % own.length : random.integer(own.length)],
    );
  }
  const { meanSeconds, spread } = lengths;
  const atMedian = Math.log(meanSeconds) - spread ** 2 / 2;
  const draw = () => Math.exp(atMedian + spread * random.normal());
  return Array.from({ length: count }, () => Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, draw())));
}

/** Enough that the mean is known to half a percent. */
const DRAWN_FOR_MEAN = 20_000;

/** Of those that are drawn, which differs from what was asked for where many lengths are cut off. */
export function meanLength(lengths: UtteranceLengths, seed: number): number {
  const drawn =
    "measuredSeconds" in lengths ? lengths.measuredSeconds : drawLengths(lengths, DRAWN_FOR_MEAN, seed);
  return drawn.reduce((sum, seconds) => sum + seconds, 0) / drawn.length;
}
