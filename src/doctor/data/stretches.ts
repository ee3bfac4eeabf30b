// A stretch of the manifest whose rows fit each other no longer, as when one line is missing from one of two lists.

import { count, outOf } from "../brief.ts";
import { finding, type Finding } from "../finding.ts";
import type { MeasuredUtterance } from "./evidence.ts";
import { farthest } from "./farthest.ts";
import { LEAST_TEXT_SPREAD, type SpeechRate } from "./speech-rate.ts";
import { correlation, deviation, deviationsBelow } from "./statistics.ts";

/** Beyond these deviations lies 1 in 100 on either side; many more are a fault of the corpus. */
export const FAR = 3;

/** Whether what lies far away lies on both sides. */
export function isBalanced(residuals: readonly number[]): boolean {
  const short = residuals.filter((residual) => residual < -FAR).length;
  const long = residuals.filter((residual) => residual > FAR).length;
  return short + long > 0 && Math.min(short, long) >= 0.3 * (short + long);
}

const BLOCK = 50;
const SURELY = 4; // deviations

/** Rows from some row on that fit each other no longer, as when one line is missing from one of two lists. */
export function mismatchedBlock(
  spoken: readonly MeasuredUtterance[],
  rate: SpeechRate,
): readonly Finding[] | undefined {
  const texts = rate.expected.map(Math.log);
  const sounds = spoken.map(({ sound }) => Math.log(sound.activeSeconds));
  const rows = mismatchedRows(texts, sounds, rate);
  return rows.length === 0 ? undefined : [mismatch(spoken, rate, texts, sounds, rows)];
}

/** All rows of the blocks in which text and speech go together far less than over all rows. */
function mismatchedRows(texts: readonly number[], sounds: readonly number[], rate: SpeechRate): number[] {
  const bad = new Set<number>();
  for (let from = 0; from + BLOCK <= texts.length; from += BLOCK / 2) {
    const isUsual = (_: unknown, i: number): boolean => !rate.unusual[from + i];
    const [x, y, residuals] = [texts, sounds, rate.residuals].map((values) =>
      values.slice(from, from + BLOCK).filter(isUsual),
    );
    const isBad =
      deviation(x) >= LEAST_TEXT_SPREAD &&
      isBalanced(residuals) &&
      deviationsBelow(correlation(x, y), rate.correlation, x.length) > SURELY;
    if (isBad) for (let row = from; row < from + BLOCK; row++) bad.add(row);
  }
  return [...bad];
}

function mismatch(
  spoken: readonly MeasuredUtterance[],
  rate: SpeechRate,
  texts: readonly number[],
  sounds: readonly number[],
  rows: readonly number[],
): Finding {
  const shift = bestShift(texts, sounds, rows);
  const inBlock = new Set(rows.map((row) => spoken[row]));
  const first = spoken[rows[0]].where;
  const last = spoken[rows.at(-1)!].where;
  return finding({
    code: "MISMATCHED_PAIRS",
    severity: "wrong",
    diagnosis: "In a stretch of the manifest, recordings and texts do not belong together.",
    evidence: [
      `${outOf(rows.length, spoken.length)} rows, about ${first} to ${last}: text and speech go together by ${correlationOf(texts, sounds, rows, 0).toFixed(2)}, over all rows by ${rate.correlation.toFixed(2)}`,
      ...(shift === 0
        ? []
        : [
            `with the recording ${count(Math.abs(shift), "row")} ${shift > 0 ? "later" : "earlier"} they go together by ${correlationOf(texts, sounds, rows, shift).toFixed(2)}`,
          ]),
      ...farthest(spoken, rate, (one) => inBlock.has(one)),
    ],
    remedy:
      shift === 0
        ? "Check how these rows were made, and join paths and transcripts by name."
        : "A line is missing from one of two lists: join paths and transcripts by name.",
  });
}

function correlationOf(
  texts: readonly number[],
  sounds: readonly number[],
  rows: readonly number[],
  shift: number,
): number {
  const inside = rows.filter((row) => row + shift >= 0 && row + shift < sounds.length);
  return correlation(
    inside.map((row) => texts[row]),
    inside.map((row) => sounds[row + shift]),
  );
}

/** Of which neighbor the recording is that fits the text, in rows; 0 when none fits clearly better. */
function bestShift(texts: readonly number[], sounds: readonly number[], rows: readonly number[]): number {
  const fits = [-3, -2, -1, 1, 2, 3].map((shift) => ({
    shift,
    fit: correlationOf(texts, sounds, rows, shift),
  }));
  const best = fits.toSorted((a, b) => b.fit - a.fit)[0];
  const here = correlationOf(texts, sounds, rows, 0);
  return deviationsBelow(here, best.fit, rows.length) > SURELY ? best.shift : 0;
}
