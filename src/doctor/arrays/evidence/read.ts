// Exports on disk → evidence of one batch.

import type { BatchEvidence } from "./batch-evidence.ts";
import { readArrayFiles } from "./files.ts";
import { evidenceFrom } from "./from-arrays.ts";

/**
 * Reads the files of one batch: .npz, .npy, JSON or safetensors, in any mixture.
 * @throws UNREADABLE_EVIDENCE, DAMAGED_EVIDENCE, UNFIT_EVIDENCE, EVIDENCE_TOO_LARGE, DAMAGED_MODEL (of safetensors)
 */
export async function readBatchEvidence(paths: readonly string[]): Promise<BatchEvidence> {
  return evidenceFrom(await readArrayFiles(paths), paths[0]);
}
