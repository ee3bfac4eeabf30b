// A path, the bytes of a file, or a file read already → an acoustic model ready to run.

import type { AcousticModel, ModelOptions } from "./acoustic-model.ts";
import { loadModelFile } from "./load-model-file.ts";
import { readModelFile } from "./model-file.ts";
import type { ModelFile } from "./model-file.ts";
import { TrainedModel } from "./trained-model.ts";

/** The path or the bytes of a model file, or one already read. */
export type ModelSource = string | Uint8Array | ModelFile;

/** @throws what `loadModelFile`, `readModelFile` and `TrainedModel.open` throw */
export async function openModel(source: ModelSource, options?: ModelOptions): Promise<AcousticModel> {
  if (typeof source === "string") return TrainedModel.open(await loadModelFile(source), options);
  if (source instanceof Uint8Array) return TrainedModel.open(readModelFile(source, "model"), options);
  return TrainedModel.open(source, options);
}
