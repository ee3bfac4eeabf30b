// Earshot in a browser, as `earshot/browser` and as ready-made modules (dist/browser/earshot.js): the recognizer, live streams and
// the microphone, files of the page's own storage. What trains is loaded by `loadTraining`; decoders of packed audio, the engine's
// runtime and the parser of YAML are loaded when they are first needed.

export {
  computeFeatures,
  decodeAudio,
  detectVoice,
  encodeWav,
  featureSettings,
  FeatureStream,
  SAMPLE_RATE_HZ,
} from "../audio/index.ts";
export type { DecodedAudio, FeatureSettings, Frames, Stretch, VoiceSettings } from "../audio/index.ts";
export {
  alignText,
  BeamDecoder,
  ctcLoss,
  decoderSettings,
  greedyDecode,
  GreedyDecoder,
  logProbabilities,
  minimumSteps,
} from "../ctc/index.ts";
export type {
  AlignedText,
  AlignedWord,
  Constraint,
  ConstraintSource,
  CtcBatch,
  DecodedText,
  Decoder,
  DecoderSettings,
  DecoderStream,
  Emission,
  HotWords,
  Knowledge,
  Meaning,
  PartialText,
  RejectedText,
  Rejection,
  Scorer,
  TimedSymbol,
  TimedWord,
  TokenScore,
} from "../ctc/index.ts";
export type { DiagnoseOptions, Diagnosis, Finding } from "../doctor/index.ts";
export type { EngineOptions } from "../engine/index.ts";
export { EarshotError } from "../errors.ts";
export type { Fault, Warning } from "../errors.ts";
export { Grammar } from "../grammar/index.ts";
export type { CompiledGrammar, GrammarFormat, GrammarOptions, ListValue } from "../grammar/index.ts";
export { openLanguageModel, scoreSentence } from "../lm/index.ts";
export {
  loadModelFile,
  openModel,
  readModelFile,
  saveModelFile,
  TrainedModel,
  writeModelFile,
} from "../model/index.ts";
export type {
  AcousticModel,
  AcousticStream,
  ComputePrecision,
  EnsembleOptions,
  ModelFile,
  ModelInput,
  ModelOptions,
  ModelSource,
} from "../model/index.ts";
export { openMicrophone } from "../platform/browser/microphone.ts";
export type { Microphone, MicrophoneOptions } from "../platform/browser/microphone.ts";
export { memoryFolder, openFolder, temporaryFolder } from "../platform/index.ts";
export type { Folder } from "../platform/index.ts";
export { RandomStream } from "../random.ts";
export { Recognizer, streamSettings, writers } from "../recognizer/index.ts";
export type {
  Alignment,
  DecodingOptions,
  Outcome,
  RecognizerOptions,
  RecognizerStream,
  RecordingParts,
  Source,
  StreamEvent,
  StreamInput,
  StreamOptions,
  StreamSettings,
  TranscribeOptions,
  Transcription,
  TranscriptionProgress,
} from "../recognizer/index.ts";
export type { ElementType, Float32Tensor, TensorData, TypedData } from "../tensor.ts";
export {
  alignSequences,
  Alphabet,
  errorRates,
  normalizeTranscript,
  transcriptPolicy,
} from "../text/index.ts";
export type { ErrorRates, TranscriptPolicy } from "../text/index.ts";
export type {
  BuildOptions,
  Callback,
  Corpus,
  CorpusStatistics,
  EpochFigures,
  EvaluateOptions,
  Evaluation,
  FitOptions,
  FitResult,
  FrameTransform,
  Learner,
  LearnerOptions,
  LearningRates,
  LoadOptions,
  LoopEvents,
  Occasion,
  OneCycleOptions,
  Pair,
  RejectionCalibration,
  ResumeOptions,
  Schedule,
  ShowBatchOptions,
  ShownUtterance,
  SplitOptions,
  SummaryStep,
  SweepOptions,
  TrainingEvent,
  TrainOptions,
  TrainResult,
  Tuning,
  Utterance,
} from "./training.ts";
export type {
  CtcByHand,
  EveryPath,
  ForwardBackward,
  FrameValue,
  LayerWalk,
  SpellingPaths,
  Walk,
  WalkOptions,
  Walkthrough,
  WatchedText,
} from "./walkthrough.ts";

/** What is the matter with data, settings, a run or a model: code that is loaded with the first call. */
export const loadDoctor = (): Promise<typeof import("./doctor.ts")> => import("./doctor.ts");

/** Learners, corpora and callbacks, whose code is loaded with the first call. */
export const loadTraining = (): Promise<typeof import("./training.ts")> => import("./training.ts");

/** Recordings at every stage of a network, and CTC by hand, whose code is loaded with the first call. */
export const loadWalkthrough = (): Promise<typeof import("./walkthrough.ts")> => import("./walkthrough.ts");
