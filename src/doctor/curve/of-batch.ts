// The losses that came with the arrays of a batch → a curve, held against what this batch's texts and lengths allow.

import type { BatchEvidence } from "../arrays/evidence/batch-evidence.ts";
import type { CurveEvidence, CurveTarget } from "./evidence.ts";

export function curveOfBatch({
  losses,
  targets,
  targetLengths,
  lengths,
  outputs,
  blank,
}: BatchEvidence): CurveEvidence {
  if (losses === undefined) return {};
  const steps = losses.map((loss, i) => ({ step: i + 1, loss }));
  const labels = labelsOf(targets, targetLengths);
  if (labels === undefined || lengths === undefined || outputs === undefined || blank === undefined)
    return { steps };
  const known: CurveTarget[] = labels.map((row, b) => ({ labels: row, steps: lengths[b] }));
  return { steps, targets: known, symbols: outputs.V, blank };
}

function labelsOf(
  targets: BatchEvidence["targets"],
  lengths: readonly number[] | undefined,
): readonly Int32Array[] | undefined {
  if (targets === undefined || lengths === undefined) return undefined;
  if (targets.rows) return targets.rows.map((row, b) => row.subarray(0, lengths[b]));
  let start = 0;
  return lengths.map((length) => targets.joined!.subarray(start, (start += length)));
}
