// A path, the bytes of a file, or a file read already → an acoustic model ready to run.

import { EarshotError } from "../errors.ts";
import type { AcousticModel, ModelOptions } from "./acoustic-model.ts";
import { loadModelFile, modelPathOf } from "./load-model-file.ts";
import { readModelFile } from "./model-file.ts";
import type { ModelFile } from "./model-file.ts";
import type { OnnxSource } from "./onnx/load-onnx-model.ts";
import { isOnnxPath } from "./onnx/onnx-path.ts";
import { areShared } from "./shared-bytes.ts";
import { TrainedModel } from "./trained-model.ts";

/**
 * The path of a model: our own file, the folder of a run for its best model, or an ONNX program whose description is in a file of its name with .json beside it;
 * the bytes of our own file; or one of both already read.
 */
export type ModelSource = string | Uint8Array | ModelFile | OnnxSource;

/** @throws what `modelPathOf`, `loadModelFile`, `readModelFile`, `loadOnnxModel`, `TrainedModel.open` and `OnnxModel.open` throw */
export async function openModel(source: ModelSource, options?: ModelOptions): Promise<AcousticModel> {
  const read = await readSource(source);
  if ("onnx" in read) return openOnnx(read, options);
  return TrainedModel.open(
    read,
    options,
    source instanceof Uint8Array && areShared(source) ? source : undefined,
  );
}

async function readSource(source: ModelSource): Promise<ModelFile | OnnxSource> {
  if (typeof source === "string") return readPath(await modelPathOf(source));
  if (typeof source !== "object" || source === null) throw noModelSource(source);
  return source instanceof Uint8Array ? readModelFile(source, "model") : source;
}

async function readPath(path: string): Promise<ModelFile | OnnxSource> {
  if (!isOnnxPath(path)) return loadModelFile(path);
  const { loadOnnxModel } = await import("./onnx/load-onnx-model.ts");
  return loadOnnxModel(path);
}

/** Models of others, whose code ours do without. */
async function openOnnx(source: OnnxSource, options?: ModelOptions): Promise<AcousticModel> {
  if (options?.precision === "int8") throw fixedPrecision(source);
  const { OnnxModel } = await import("./onnx/onnx-model.ts");
  return OnnxModel.open(source.onnx, source.description, options, source);
}

function fixedPrecision(source: OnnxSource): EarshotError {
  return new EarshotError({
    code: "FIXED_PRECISION",
    where: source.modelWhere ?? "model",
    problem: "A program in ONNX computes in what it was exported in; int8 was asked for.",
    remedy: "Leave the precision out, or give the model file that it was exported from.",
  });
}

/** From plain JavaScript. */
function noModelSource(source: unknown): EarshotError {
  return new EarshotError({
    code: "UNREADABLE_MODEL",
    where: "model",
    problem: `A ${source === null ? "null" : typeof source} came where a model was expected.`,
    remedy: "Give the path of a model file, its bytes, or several of them.",
  });
}
