// How long a text takes to say: letters and words, each with its own time, fitted to the corpus itself. A robust fit, so
// that the faults which it is to show do not bend it (iteratively reweighted least squares, Holland & Welsch 1977).

import type { MeasuredUtterance } from "./evidence.ts";
import { correlation, deviation, median, robustDeviation } from "./statistics.ts";

export interface SpeechRate {
  /** What each text takes to say, in seconds. */
  readonly expected: readonly number[];
  /** Of each utterance: ln of the loud time over what its text takes, in robust standard deviations. */
  readonly residuals: readonly number[];
  /** Of one of those standard deviations, in ln of seconds. */
  readonly spread: number;
  /** Between ln of the time that the texts take and ln of the loud time. */
  readonly correlation: number;
  /** Of ln of the number of letters: where it is small, time says nothing of texts. */
  readonly textSpread: number;
  readonly secondsPerLetter: number;
  readonly secondsPerWord: number;
}

const ROUNDS = 20;
const FAR = 2; // deviations from which on a row counts less and less (Cauchy's weights)
const LEAST_SECONDS = 0.05;
/** Nobody speaks more evenly than this, in ln of seconds; copies of one recording would seem to. */
const LEAST_DEVIATION = 0.1;

export function lettersOf(transcript: string): number {
  return transcript.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

const wordsOf = (transcript: string): number => transcript.split(/\s+/u).filter(Boolean).length;

export function fitSpeechRate(measured: readonly MeasuredUtterance[]): SpeechRate {
  const letters = measured.map(({ transcript }) => lettersOf(transcript));
  const words = measured.map(({ transcript }) => wordsOf(transcript));
  const seconds = measured.map(({ sound }) => Math.max(sound.activeSeconds, LEAST_SECONDS));
  let expected = seconds.map(() => median(seconds));
  let slopes = [0, 0, 0];
  let residuals = seconds.map(() => 0);
  let spread = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const weights = expected.map((time, i) => 1 / (time * time * (1 + (residuals[i] / FAR) ** 2)));
    slopes = leastSquares(letters, words, seconds, weights);
    expected = letters.map((number, i) =>
      Math.max(slopes[0] + slopes[1] * number + slopes[2] * words[i], LEAST_SECONDS),
    );
    const logs = seconds.map((time, i) => Math.log(time / expected[i]));
    const middle = median(logs);
    spread = Math.max(robustDeviation(logs), LEAST_DEVIATION);
    residuals = logs.map((log) => (log - middle) / spread);
  }
  return {
    expected,
    residuals,
    spread,
    correlation: correlation(expected.map(Math.log), seconds.map(Math.log)),
    textSpread: deviation(letters.map((number) => Math.log(Math.max(1, number)))),
    secondsPerLetter: slopes[1],
    secondsPerWord: slopes[2],
  };
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
