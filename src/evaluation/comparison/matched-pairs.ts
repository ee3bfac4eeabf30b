// Whether two systems differ by more than chance: the matched-pairs test on sentence segments (Gillick & Cox 1989; NIST
// sctk's mapsswe). An utterance falls into segments at stretches of two words that both have right, since errors on the two
// sides of such a stretch hardly depend on each other; segments without an error are no evidence. Of the others the
// difference in errors has mean zero if the systems are equally good.

import { countWordErrors, markWords, type RecognizedUtterance, type MarkedWord } from "./word-marks.ts";

export interface MatchedPairs {
  /** Segments in which one of the two has an error. */
  readonly segments: number;
  /** Errors of the first less those of the second, a segment. */
  readonly meanDifference: number;
  /** The mean by its standard error: beyond ±1.96 in one of twenty comparisons of equals. 0 where nothing varies. */
  readonly z: number;
  /**
   * How probable so large a difference, or a larger one, is between equals: by the normal distribution from 50 segments on,
   * of fewer exactly, by all ways of exchanging the two systems within segments.
   */
  readonly p: number;
}

/** Words that both have right and that part segments. */
const GOOD_WORDS = 2;
/** From so many on the mean is normal enough (Gillick & Cox: about 50). */
const MANY_SEGMENTS = 50;

/** @param utterances each with the texts of two systems */
export function matchedPairs(utterances: readonly RecognizedUtterance[]): MatchedPairs {
  const differences = utterances.flatMap(segmentDifferences);
  const n = differences.length;
  const sum = differences.reduce((total, difference) => total + difference, 0);
  const mean = n === 0 ? 0 : sum / n;
  const variance = differences.reduce((total, each) => total + (each - mean) ** 2, 0) / Math.max(1, n - 1);
  const z = variance > 0 ? mean / Math.sqrt(variance / n) : 0;
  const isNormal = n >= MANY_SEGMENTS && variance > 0;
  return {
    segments: n,
    meanDifference: mean,
    z,
    p: isNormal ? twoTailed(z) : exchangeProbability(differences),
  };
}

/** In each segment, the errors of the first system less those of the second. */
function segmentDifferences(utterance: RecognizedUtterance): number[] {
  const marks = markWords(utterance);
  if (marks !== undefined) return segmentsOf(marks).map(([first, second]) => first - second);
  const [first, second] = countWordErrors(utterance); // spelled in different words: one segment
  return first + second === 0 ? [] : [first - second];
}

/** Errors of both systems in each segment that has any. */
export function segmentsOf(marks: readonly MarkedWord[]): [first: number, second: number][] {
  const segments: [number, number][] = [];
  let errors: [number, number] = [0, 0];
  let good = 0;
  const end = (): void => {
    if (errors[0] + errors[1] > 0) segments.push(errors);
    errors = [0, 0];
  };
  for (const { word, wrong, inserted } of marks) {
    const here = [0, 1].map((system) => inserted[system] + Number(wrong[system]));
    if (inserted[0] + inserted[1] > 0) good = 0;
    errors = [errors[0] + here[0], errors[1] + here[1]];
    good = word === undefined || wrong[0] || wrong[1] ? 0 : good + 1;
    if (good >= GOOD_WORDS) end();
  }
  end();
  return segments;
}

/** The share of the normal distribution beyond ±z. */
export const twoTailed = (z: number): number => complementaryError(Math.abs(z) / Math.SQRT2);

/** erfc(x), x ≥ 0: the series of erf up to 2, beyond it the continued fraction (Abramowitz & Stegun 7.1.6 and 7.1.14). */
function complementaryError(x: number): number {
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let n = 1; term > 1e-17 * sum; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - 2 * scale * sum;
  }
  let fraction = 0;
  for (let n = 100; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return scale / (x + fraction);
}

/** P(|Σ ±dᵢ| ≥ |Σ dᵢ|) over all signs, exactly: the distribution of the sum, a difference at a time. */
function exchangeProbability(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs).filter((size) => size > 0);
  const most = sizes.reduce((sum, size) => sum + size, 0);
  let chances = Float64Array.of(1); // of the sums −reach … reach
  for (const size of sizes) {
    const wider = new Float64Array(chances.length + 2 * size);
    for (const [i, chance] of chances.entries()) {
      wider[i] += chance / 2;
      wider[i + 2 * size] += chance / 2;
    }
    chances = wider;
  }
  const found = Math.abs(differences.reduce((sum, difference) => sum + difference, 0));
  return Math.min(
    1,
    chances.reduce((sum, chance, i) => (Math.abs(i - most) >= found ? sum + chance : sum), 0),
  );
}
