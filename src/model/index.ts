// The model room: the model file, and a model ready to run.

export { AcousticModel } from "./acoustic-model.ts";
export type { Logits, ModelOptions } from "./acoustic-model.ts";
export { loadModelFile, saveModelFile } from "./model-file.node.ts";
export { MODEL_FORMAT, readModelFile, writeModelFile } from "./model-file.ts";
export type { ModelFile } from "./model-file.ts";
export { readSafetensors, writeSafetensors } from "./safetensors.ts";
export type { Safetensors } from "./safetensors.ts";
