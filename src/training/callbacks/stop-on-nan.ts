// When a loss or a gradient is not finite, its batch is saved to be looked at: frames and labels as safetensors, their
// description as JSON. Numbers that are merely large are left to the gradient cap.

import type { Batch, PreparedUtterance } from "../../data/index.ts";
import { EarshotError } from "../../errors.ts";
import { writeSafetensors } from "../../model/index.ts";
import { join, type Folder } from "../../platform/index.ts";
import type { TensorData } from "../../tensor.ts";
import type { BatchStart, Callback } from "./callback.ts";
import { folderAt } from "./files.ts";

export interface StopOnNaNOptions {
  /** Where batches are saved, as step-<number>.safetensors and .json. */
  readonly directory: string | Folder;
  /** Whether the first gradient that is not finite stops the run; else that update is left out, and training goes on. */
  readonly everyStep: boolean;
}

/** Saves the batch of a run that diverged, and of a gradient that stops the run. */
export function stopOnNaN({ directory, everyStep }: StopOnNaNOptions): Callback {
  const folder = folderAt(directory);
  const stop = async (batch: BatchStart, step: number, what: string, figures: object) => {
    const recordings = batch.utterances.map(recordingsOf).join(", ");
    if (folder.forgets) return { stop: `${what} of step ${step} is not finite (${recordings})` };
    const path = await saveBatch(batch, folder, `step-${step}`, { step, ...figures });
    return { stop: `${what} of step ${step} is not finite; its batch is saved in ${path} (${recordings})` };
  };
  return {
    name: "stop on NaN",
    batchEnd(batch) {
      const { gradientNorm, learningRate, losses, step } = batch;
      if (!everyStep || Number.isFinite(gradientNorm)) return undefined;
      return stop(batch, step, "the gradient", { learningRate, losses: [...losses] });
    },
    batchFailed(batch) {
      const { error, step } = batch;
      if (!(error instanceof EarshotError) || error.code !== "DIVERGED") return undefined;
      return stop(batch, step + 1, "the output", { error: error.message });
    },
  };
}

const recordingsOf = ({ path, followedBy }: PreparedUtterance): string =>
  followedBy === undefined ? path : `${path} + ${followedBy}`;

/** @returns the path of the file with the numbers; with `accumulate` of the first of several */
async function saveBatch(
  { load, epoch, batch, utterances }: BatchStart,
  folder: Folder,
  name: string,
  figures: object,
): Promise<string> {
  const parts = await load();
  const names = parts.map((_, i) => `${name}${i === 0 ? "" : `.${i + 1}`}.safetensors`);
  for (const [i, part] of parts.entries()) await folder.replace(names[i], writeSafetensors(tensorsOf(part)));
  const files = names.map((file) => join(folder.path, file));
  const described = utterances.map((u) => ({
    path: u.path,
    ...(u.followedBy !== undefined && { followedBy: u.followedBy }),
    where: u.where,
    speaker: u.speaker,
    text: u.text,
  }));
  const facts = { ...figures, epoch, batch, files, utterances: described };
  await folder.replace(`${name}.json`, new TextEncoder().encode(`${JSON.stringify(facts, null, 2)}\n`));
  return files[0];
}

/** frames [T, B, F] with lengths [B], and labels, one utterance after another, with labelLengths [B]. */
function tensorsOf({ frames, T, B, F, lengths, labels }: Batch): Map<string, TensorData> {
  const flat = labels.flatMap((symbols) => [...symbols]);
  const integers = (values: readonly number[]) => ({
    type: "int32" as const,
    dims: [values.length],
    data: Int32Array.from(values),
  });
  return new Map<string, TensorData>([
    ["frames", { type: "float32", dims: [T, B, F], data: frames }],
    ["lengths", integers(lengths)],
    ["labels", integers(flat)],
    ["labelLengths", integers(labels.map(({ length }) => length))],
  ]);
}
