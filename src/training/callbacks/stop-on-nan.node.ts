// When a loss or a gradient is not a number, the batch that did it is saved for a look: frames and labels as safetensors,
// what they are as JSON. It decides nothing about numbers that are merely large; that is the gradient cap's business.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Batch } from "../../data/index.ts";
import { EarshotError } from "../../errors.ts";
import { writeSafetensors } from "../../model/index.ts";
import { replaceFile } from "../../platform/index.ts";
import type { TensorData } from "../../tensor.ts";
import type { BatchStart, Callback } from "./callback.ts";

/**
 * Saves the batch of a run that diverged, and stops at the first gradient that is not finite if `everyStep` is set
 * (otherwise that update is left out, and training goes on).
 * @param directory where batches are saved, as step-<number>.safetensors and .json
 */
export function stopOnNaN({ directory, everyStep }: { directory: string; everyStep: boolean }): Callback {
  const stop = async (moment: BatchStart, step: number, what: string, figures: object) => {
    const path = await saveBatch(moment, join(directory, `step-${step}`), { step, ...figures });
    const heard = moment.utterances.map((utterance) => utterance.path).join(", ");
    return { stop: `${what} of step ${step} is not finite; its batch is saved in ${path} (${heard})` };
  };
  return {
    name: "stop on NaN",
    batchEnd(moment) {
      const { gradientNorm, learningRate, losses, step } = moment;
      if (!everyStep || Number.isFinite(gradientNorm)) return undefined;
      return stop(moment, step, "the gradient", { learningRate, losses: [...losses] });
    },
    batchFailed(moment) {
      const { error, step } = moment;
      if (!(error instanceof EarshotError) || error.code !== "DIVERGED") return undefined;
      return stop(moment, step + 1, "the output", { error: error.message });
    },
  };
}

/** @returns the path of the file with the numbers; with `accumulate` of the first of several */
async function saveBatch(moment: BatchStart, path: string, figures: object): Promise<string> {
  const parts = await moment.load();
  await mkdir(join(path, ".."), { recursive: true });
  const paths = parts.map((_, i) => `${path}${i === 0 ? "" : `.${i + 1}`}.safetensors`);
  for (const [i, part] of parts.entries()) await replaceFile(paths[i], writeSafetensors(tensorsOf(part)));
  const { epoch, batch, utterances } = moment;
  const described = utterances.map((u) => ({
    path: u.path,
    where: u.where,
    speaker: u.speaker,
    text: u.text,
  }));
  const facts = { ...figures, epoch, batch, files: paths, utterances: described };
  await replaceFile(`${path}.json`, new TextEncoder().encode(`${JSON.stringify(facts, null, 2)}\n`));
  return paths[0];
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
