// A short run of a described program, before its first recording: whether it gives as many steps as were described, and
// numbers of the kind that was described. Knows nothing of how it is run.

import { SAMPLE_RATE_HZ } from "../../audio/index.ts";
import type { OnnxDescription } from "./description.ts";
import { mismatch } from "./runner.ts";

const TRIAL_SECONDS = 2;
const SHORTER_SECONDS = 1.25;
/** Convolutions give some steps less at the ends. */
const STRIDE_TOLERANCE = 0.2;
/** More than this is taken for an influence, which costs no more than the time of runs one by one. */
const ROUNDING = 1e-3;
/** Of the sum of a step's probabilities. */
const SUM_TOLERANCE = 1e-2;

/** A tone that rises and falls: of two seconds, and a shorter one that is not its beginning. */
export const trialSamples = (): Float32Array[] =>
  [TRIAL_SECONDS, SHORTER_SECONDS].map((seconds) =>
    Float32Array.from(
      { length: seconds * SAMPLE_RATE_HZ },
      (_, n) => (Math.sin(n / 8) * (2 + Math.sin(n / (900 * seconds)))) / 20,
    ),
  );

/**
 * @param rows [T', V], what the program gave for the trial
 * @param rowMs from one row of what the program was fed to the next
 * @throws DESCRIPTION_MISMATCH
 */
export function checkTrial(
  rows: Float32Array,
  V: number,
  rowMs: number,
  { stride, output: { gives } }: Pick<OnnxDescription, "stride" | "output">,
  where: string,
): void {
  const steps = rows.length / V;
  const came = (1000 * TRIAL_SECONDS) / (steps * rowMs);
  if (steps === 0 || Math.abs(came / stride - 1) >= STRIDE_TOLERANCE)
    throw mismatch(
      where,
      `Two seconds give ${steps} steps, which is a stride of about ${Math.round(came)}, not ${stride}.`,
      "Correct stride in the description: frames, or samples, from one step to the next.",
    );
  const are = areProbabilities(rows, V);
  if (are === (gives === "probabilities")) return;
  throw mismatch(
    where,
    `Its outputs are described as ${gives}, but they are ${are ? "" : "not "}probabilities.`,
    "Correct output.gives in the description.",
  );
}

/** Fewer steps must come of less sound. @throws DESCRIPTION_MISMATCH */
export function checkShorter(steps: number, fewer: number, where: string): void {
  if (Math.abs((fewer * TRIAL_SECONDS) / (steps * SHORTER_SECONDS) - 1) < STRIDE_TOLERANCE) return;
  throw mismatch(
    where,
    `${SHORTER_SECONDS} seconds give ${fewer} steps, and ${TRIAL_SECONDS} seconds give ${steps}.`,
    "A length was fixed when it was exported: export it with a dynamic axis for time.",
  );
}

/** Whether utterances got the same rows together as alone, but for rounding. */
export const areClose = (together: readonly Float32Array[], alone: readonly Float32Array[]): boolean =>
  together.every(
    (rows, b) =>
      rows.length === alone[b].length &&
      rows.every((value, i) => Math.abs(value - alone[b][i]) <= ROUNDING * Math.max(1, Math.abs(value))),
  );

function areProbabilities(rows: Float32Array, V: number): boolean {
  if (!rows.every((value) => value >= 0)) return false;
  for (let at = 0; at < rows.length; at += V) {
    const sum = rows.subarray(at, at + V).reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) > SUM_TOLERANCE) return false;
  }
  return true;
}
