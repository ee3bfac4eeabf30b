// Earshot as a library: everything that a program may rely on, by name. The rooms behind it may change.

export {
  computeFeatures,
  decodeAudio,
  featureSettings,
  FeatureStream,
  SAMPLE_RATE_HZ,
} from "./audio/index.ts";
export type { DecodedAudio, FeatureSettings, Frames } from "./audio/index.ts";
export { ctcLoss, greedyDecode, minimumSteps } from "./ctc/index.ts";
export type { CtcBatch } from "./ctc/index.ts";
export { readManifests } from "./data/index.ts";
export type { Utterance } from "./data/index.ts";
export type { EngineOptions } from "./engine/index.ts";
export { EarshotError } from "./errors.ts";
export type { Fault, Warning } from "./errors.ts";
export { evaluate } from "./evaluation/index.ts";
export type { EvaluateOptions, Evaluation } from "./evaluation/index.ts";
export { buildLanguageModel, openLanguageModel, saveLanguageModel, scoreSentence } from "./lm/index.ts";
export type { BuildOptions, Scorer } from "./lm/index.ts";
export { AcousticModel, loadModelFile, readModelFile, saveModelFile, writeModelFile } from "./model/index.ts";
export type { ModelFile, ModelOptions } from "./model/index.ts";
export { initializeWeights, resolveArchitecture } from "./network/index.ts";
export type { Architecture, Weights, WeightTensor } from "./network/index.ts";
export { Recognizer, writers } from "./recognizer/index.ts";
export type {
  ListeningProgress,
  Outcome,
  Source,
  TranscribeOptions,
  Transcription,
} from "./recognizer/index.ts";
export { parseSettings } from "./settings.ts";
export { alignSequences, Alphabet, errorRates, normalizeTranscript, transcriptPolicy } from "./text/index.ts";
export type { ErrorRates, TranscriptPolicy } from "./text/index.ts";
export { resume, train, trainingSettings } from "./training/index.ts";
export type { ResumeOptions, TrainingEvent, TrainOptions, TrainResult } from "./training/index.ts";
