// How long a text takes to say: letters and words, each with its own time, fitted to the corpus itself. A robust fit, so
// that the faults which it is to show do not bend it (iteratively reweighted least squares, Holland & Welsch 1977).

import type { MeasuredUtterance } from "./evidence.ts";
import { median } from "../../quantiles.ts";
import { correlation, deviation, robustDeviation } from "./statistics.ts";

export interface SpeechRate {
  /** What each text takes to say, in seconds. */
  readonly expected: readonly number[];
  /** Of each utterance: ln of the loud time over what its text takes, in robust standard deviations. */
  readonly residuals: readonly number[];
  /** Of one of those standard deviations, in ln of seconds. */
  readonly spread: number;
  /** Between ln of the time that the texts take and ln of the loud time, of the rows that it is learned from. */
  readonly correlation: number;
  /** Of ln of the number of letters, of the same rows: where it is small, time says nothing of texts. */
  readonly textSpread: number;
  /** Rows whose texts are of a length unlike the others; and where these are not learned from, whatever lies far away. */
  readonly unusual: readonly boolean[];
  readonly secondsPerLetter: number;
  readonly secondsPerWord: number;
}

const ROUNDS = 20;
const FAR = 2; // deviations from which on a row counts less and less (Cauchy's weights)
/** Of ln letters: a few texts ten times as long as the others would bend any line to themselves. */
const UNUSUAL = 3; // robust deviations
/** Of a row against the rate: what lies beyond is no speech of that text. */
export const OUTLYING = 5; // deviations
const LEAST_LENGTH_DEVIATION = 0.2;
/** Texts that differ less say nothing of the time that a letter takes: all time is taken to be of letters then. */
export const LEAST_TEXT_SPREAD = 0.3;
const LEAST_SECONDS = 0.05;
/** Nobody speaks more evenly than this, in ln of seconds; copies of one recording would seem to. */
const LEAST_DEVIATION = 0.1;

export function lettersOf(transcript: string): number {
  return transcript.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

const wordsOf = (transcript: string): number => transcript.split(/\s+/u).filter(Boolean).length;

/** Learned from all rows, or from those whose texts are as long as most. */
export function fitSpeechRate(
  measured: readonly MeasuredUtterance[],
  from: "all" | "usual lengths" = "all",
): SpeechRate {
  const letters = measured.map(({ transcript }) => lettersOf(transcript));
  const words = measured.map(({ transcript }) => wordsOf(transcript));
  const seconds = measured.map(({ sound }) => Math.max(sound.activeSeconds, LEAST_SECONDS));
  const lengths = letters.map((number) => Math.log(Math.max(1, number)));
  const unusual = farFromMiddle(lengths);
  const leftOut = from === "all" ? letters.map(() => false) : unusual;
  const counted = <T>(values: readonly T[]): T[] => values.filter((_, i) => !leftOut[i]);
  const textSpread = deviation(counted(lengths));
  const isAlike = from === "usual lengths" && textSpread < LEAST_TEXT_SPREAD;
  const perLetter = median(seconds) / Math.max(1, median(letters));
  const counts = { letters, words, seconds, isCounted: leftOut.map((isOut) => !isOut) };
  const { expected, slopes, residuals, spread } = fitTimes(counts, isAlike ? perLetter : undefined);
  if (from === "usual lengths")
    residuals.forEach((residual, i) => (leftOut[i] ||= Math.abs(residual) > OUTLYING));
  return {
    expected,
    residuals,
    spread,
    correlation: correlation(counted(expected).map(Math.log), counted(seconds).map(Math.log)),
    textSpread,
    unusual,
    secondsPerLetter: slopes[1],
    secondsPerWord: slopes[2],
  };
}

interface Counts {
  readonly letters: readonly number[];
  readonly words: readonly number[];
  readonly seconds: readonly number[];
  readonly isCounted: readonly boolean[];
}

/** Seconds as a sum over letters and words; in each round, rows far from it weigh less. @param perLetter where it is known */
function fitTimes({ letters, words, seconds, isCounted }: Counts, perLetter?: number) {
  let expected = seconds.map(() => median(seconds));
  let slopes = [0, 0, 0];
  let residuals = seconds.map(() => 0);
  let spread = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const weights = expected.map((time, i) =>
      isCounted[i] ? 1 / (time * time * (1 + (residuals[i] / FAR) ** 2)) : 0,
    );
    slopes = perLetter === undefined ? leastSquares(letters, words, seconds, weights) : [0, perLetter, 0];
    expected = letters.map((number, i) =>
      Math.max(slopes[0] + slopes[1] * number + slopes[2] * words[i], LEAST_SECONDS),
    );
    const logs = seconds.map((time, i) => Math.log(time / expected[i]));
    const middle = median(logs);
    spread = Math.max(robustDeviation(logs), LEAST_DEVIATION);
    residuals = logs.map((log) => (log - middle) / spread);
  }
  return { expected, slopes, residuals, spread };
}

function farFromMiddle(values: readonly number[]): boolean[] {
  const middle = median(values);
  const far = UNUSUAL * Math.max(robustDeviation(values), LEAST_LENGTH_DEVIATION);
  return values.map((value) => Math.abs(value - middle) > far);
}

/** Weighted least squares of y on 1, a and b; a little is added to the diagonal, as a and b may go together. */
function leastSquares(
  a: readonly number[],
  b: readonly number[],
  y: readonly number[],
  weights: readonly number[],
): number[] {
  const matrix = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  for (let i = 0; i < y.length; i++) {
    const row = [1, a[i], b[i], y[i]];
    for (let j = 0; j < 3; j++) for (let k = 0; k < 4; k++) matrix[j][k] += weights[i] * row[j] * row[k];
  }
  for (let j = 0; j < 3; j++) matrix[j][j] *= 1 + 1e-6;
  return solve(matrix);
}

/** Gauss and Jordan, for a positive matrix with its right side as the last column. */
function solve(matrix: number[][]): number[] {
  for (let j = 0; j < matrix.length; j++) {
    const pivot = matrix[j][j] || 1;
    for (let row = 0; row < matrix.length; row++) {
      if (row === j) continue;
      const factor = matrix[row][j] / pivot;
      for (let k = j; k <= matrix.length; k++) matrix[row][k] -= factor * matrix[j][k];
    }
  }
  return matrix.map((row, j) => row[matrix.length] / (row[j] || 1));
}
