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

/** Within what training usually takes; of measured ones as they are. */
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

export const meanLength = (lengths: UtteranceLengths): number =>
  "measuredSeconds" in lengths
    ? lengths.measuredSeconds.reduce((sum, seconds) => sum + seconds, 0) / lengths.measuredSeconds.length
    : lengths.meanSeconds;
