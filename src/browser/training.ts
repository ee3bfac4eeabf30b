// What a page that trains needs beside the recognizer: learners, corpora and callbacks. `loadTraining` loads it.

export {
  assignSplits,
  describeCorpus,
  measureRecordings,
  readManifests,
  writeManifest,
} from "../data/index.ts";
export type { CorpusStatistics, FrameTransform, Occasion, Utterance } from "../data/index.ts";
export {
  calibrateRejection,
  evaluate,
  formatPair,
  rowsOfUtterances,
  tune,
  worstOf,
} from "../evaluation/index.ts";
export type { EvaluateOptions, Evaluation, Pair, RejectionCalibration, Tuning } from "../evaluation/index.ts";
export { corpus, Learner, resume, train } from "../learner/index.ts";
export type {
  Corpus,
  EpochFigures,
  FitOptions,
  FitResult,
  LearnerOptions,
  LearningRates,
  LoadOptions,
  OneCycleOptions,
  ShowBatchOptions,
  ShownUtterance,
  SplitOptions,
  SummaryStep,
  SweepOptions,
} from "../learner/index.ts";
export { buildLanguageModel, saveLanguageModel } from "../lm/index.ts";
export type { BuildOptions } from "../lm/index.ts";
export { saveRejection } from "../model/index.ts";
export {
  bestCheckpoint,
  csvLog,
  earlyStop,
  reduceOnPlateau,
  stopOnNaN,
  trainingSettings,
} from "../training/index.ts";
export type {
  Callback,
  LoopEvents,
  ResumeOptions,
  Schedule,
  TrainingEvent,
  TrainOptions,
  TrainResult,
} from "../training/index.ts";
