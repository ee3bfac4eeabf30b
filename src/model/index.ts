// The model room: acoustic models ready to run, and our own model file.

export type {
  AcousticModel,
  AcousticStream,
  ComputePrecision,
  ModelCopy,
  ModelDecoding,
  ModelInput,
  ModelOptions,
} from "./acoustic-model.ts";
export { Ensemble } from "./ensemble.ts";
export type { EnsembleInput, EnsembleOptions } from "./ensemble.ts";
export { exportOnnx, isExportedDescription } from "./export/export-onnx.ts";
export type { ExportedModel, ExportForm, ExportOptions } from "./export/export-onnx.ts";
export type { ExportPrecision } from "./stored-weights.ts";
export { JitteredModel } from "./jittered-model.ts";
export { importWeights, weightsToMap } from "./foreign-weights/import-weights.ts";
export type { ImportWeightsOptions } from "./foreign-weights/import-weights.ts";
export type { WeightMapInput } from "./foreign-weights/weight-map.ts";
export { loadModelFile, modelPathOf, saveModelFile, saveRejection } from "./load-model-file.ts";
export {
  boxedModelNames,
  boxedModelPath,
  checkNotBoxed,
  DEFAULT_MODEL,
  defaultModelPath,
  MODEL_CARD_NAME,
  MODEL_FILE_NAME,
  nearestBoxedModel,
  pathOfBoxed,
} from "./model-box.ts";
export { readModelFile, withRejection, writeModelFile } from "./model-file.ts";
export { shareBytes } from "./shared-bytes.ts";
export type { ModelFile } from "./model-file.ts";
export { OnnxModel } from "./onnx/onnx-model.ts";
export type { OnnxDescription, OnnxDescriptionInput } from "./onnx/description.ts";
export { describeOnnx, loadOnnxModel, readExternalData, saveOnnxSettings } from "./onnx/load-onnx-model.ts";
export type { OnnxSource } from "./onnx/load-onnx-model.ts";
export { isOnnxPath, onnxDescriptionPath } from "./onnx/onnx-path.ts";
export { TRAINING_PROGRAM } from "./onnx/program-form.ts";
export { runOnnx } from "./onnx/runner.ts";
export { frameInput, normalizedFrames } from "./model-frames.ts";
export { openModel } from "./open-model.ts";
export type { ModelSource } from "./open-model.ts";
export { readSafetensors, writeSafetensors } from "./safetensors.ts";
export type { Safetensors } from "./safetensors.ts";
export { TrainedModel } from "./trained-model.ts";
export type { Logits } from "./trained-model.ts";
export { streamDelayMs, waitingSetting } from "./trained-stream.ts";
