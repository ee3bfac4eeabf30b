// A model with something to run it on → evidence of one batch: ours with a manifest, any ONNX program with arrays.

import type { EarshotError } from "../../../errors.ts";
import { extname } from "../../../platform/index.ts";
import type { BatchEvidence } from "../evidence/batch-evidence.ts";
import { unfitEvidence } from "../evidence/named-arrays.ts";
import { evidenceOfOnnx } from "./onnx.ts";
import { evidenceOfModel } from "./own.ts";

/** @throws UNFIT_EVIDENCE without a batch, and what the readers throw */
export async function modelEvidence(path: string, batch: readonly string[] = []): Promise<BatchEvidence> {
  const isOnnx = extname(path).toLowerCase() === ".onnx";
  const manifest = isOnnx ? batch.find(isTable) : undefined;
  if (manifest !== undefined) throw manifestForOnnx(path, manifest);
  if (batch.length > 0) return isOnnx ? evidenceOfOnnx(path, batch) : evidenceOfModel(path, batch);
  const what = isOnnx
    ? "arrays named like the model's inputs, with targets; or give a manifest, and the model as -m"
    : "a manifest";
  throw unfitEvidence(path, "A model alone says nothing of a batch.", `Add --batch with ${what}.`);
}

const isTable = (path: string): boolean => /\.(csv|tsv|jsonl)$/i.test(path);

/** A described model hears recordings as any other does; arrays are for a program of which nothing else is known. */
const manifestForOnnx = (path: string, manifest: string): EarshotError =>
  unfitEvidence(
    path,
    `${manifest} is a manifest, but the batch of an ONNX model is arrays named like its inputs.`,
    `With its description beside it the model hears recordings: earshot doctor ${manifest} -m ${path}`,
  );
