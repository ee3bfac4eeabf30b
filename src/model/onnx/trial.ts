// A short run of a described program, before its first recording: whether it gives as many steps as were described, and
// numbers of the kind that was described. Knows nothing of how it is run.

import { SAMPLE_RATE_HZ } from "../../audio/index.ts";
import type { OnnxDescription } from "./description.ts";
import { mismatch } from "./onnx-program.ts";

const TRIAL_SECONDS = 2;
/** Convolutions give some steps less at the ends. */
const STRIDE_TOLERANCE = 0.2;
/** Of the sum of a step's probabilities. */
const SUM_TOLERANCE = 1e-2;

/** Two seconds of a tone. */
export const trialSamples = (): Float32Array =>
  Float32Array.from({ length: TRIAL_SECONDS * SAMPLE_RATE_HZ }, (_, n) => Math.sin(n / 8) / 10);

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

function areProbabilities(rows: Float32Array, V: number): boolean {
  if (!rows.every((value) => value >= 0)) return false;
  for (let at = 0; at < rows.length; at += V) {
    const sum = rows.subarray(at, at + V).reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) > SUM_TOLERANCE) return false;
  }
  return true;
}
