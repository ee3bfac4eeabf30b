// A model with something to run it on → evidence of one batch: ours with a manifest, any ONNX program with arrays.

import { extname } from "../../../platform/index.ts";
import type { BatchEvidence } from "../evidence/batch-evidence.ts";
import { unfitEvidence } from "../evidence/named-arrays.ts";
import { evidenceOfOnnx } from "./onnx.ts";
import { evidenceOfModel } from "./own.ts";

/** @throws UNFIT_EVIDENCE without a batch, and what the readers throw */
export async function modelEvidence(path: string, batch: readonly string[] = []): Promise<BatchEvidence> {
  const isOnnx = extname(path).toLowerCase() === ".onnx";
  if (batch.length > 0) return isOnnx ? evidenceOfOnnx(path, batch) : evidenceOfModel(path, batch);
  const what = isOnnx ? "arrays named like the model's inputs, with targets" : "a manifest";
  throw unfitEvidence(path, "A model alone says nothing of a batch.", `Add --batch with ${what}.`);
}
