// Earshot as a library: everything that a program may rely on, by name. The rooms behind it may change.

export {
  computeFeatures,
  decodeAudio,
  detectVoice,
  featureSettings,
  FeatureStream,
  SAMPLE_RATE_HZ,
} from "./audio/index.ts";
export type { DecodedAudio, FeatureSettings, Frames, Stretch, VoiceSettings } from "./audio/index.ts";
export {
  alignText,
  BeamDecoder,
  ctcLoss,
  decoderSettings,
  greedyDecode,
  GreedyDecoder,
  logProbabilities,
  minimumSteps,
} from "./ctc/index.ts";
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
} from "./ctc/index.ts";
export {
  assignSplits,
  describeCorpus,
  importCorpus,
  importers,
  measureRecordings,
  readManifests,
  writeManifest,
} from "./data/index.ts";
export type { CorpusStatistics, ImportedCorpus, Importer, ImportOptions } from "./data/index.ts";
export type { FrameTransform, Occasion, Utterance } from "./data/index.ts";
export { diagnose, watchTraining } from "./doctor/index.ts";
export type { DiagnoseOptions, Diagnosis, Finding } from "./doctor/index.ts";
export type { EngineOptions } from "./engine/index.ts";
export { EarshotError } from "./errors.ts";
export type { Fault, Warning } from "./errors.ts";
export {
  calibrateRejection,
  CONDITIONS,
  evaluate,
  formatCondition,
  formatPair,
  heatMap,
  matchedPairs,
  rowsOfUtterances,
  stressTest,
  tune,
  worstOf,
} from "./evaluation/index.ts";
export type {
  Acceptance,
  CalibrateOptions,
  CalibrationProgress,
  Condition,
  ConditionKind,
  ConditionRates,
  EvaluateOptions,
  Evaluation,
  RecognizedUtterance,
  MatchedPairs,
  Pair,
  RejectionCalibration,
  SplitRows,
  StressOptions,
  StressProgress,
  StressTest,
  TradeOff,
  TuneOptions,
  Tuning,
  TuningGrid,
  TuningPoint,
  UtteranceRows,
} from "./evaluation/index.ts";
export { Grammar } from "./grammar/index.ts";
export type { CompiledGrammar, GrammarFormat, GrammarOptions, ListValue } from "./grammar/index.ts";
export { buildLanguageModel, openLanguageModel, saveLanguageModel, scoreSentence } from "./lm/index.ts";
export type { BuildOptions } from "./lm/index.ts";
export {
  exportOnnx,
  importWeights,
  loadModelFile,
  OnnxModel,
  openModel,
  readModelFile,
  saveModelFile,
  saveRejection,
  TrainedModel,
  writeModelFile,
} from "./model/index.ts";
export type {
  AcousticModel,
  AcousticStream,
  ComputePrecision,
  EnsembleOptions,
  ExportedModel,
  ExportForm,
  ExportOptions,
  ExportPrecision,
  ImportWeightsOptions,
  ModelFile,
  ModelInput,
  ModelOptions,
  ModelSource,
  OnnxDescriptionInput,
  OnnxSource,
  WeightMapInput,
} from "./model/index.ts";
export {
  asColumns,
  clippedRelu,
  conditioningSettings,
  dense,
  frameWindow,
  heNormal,
  identityMatrix,
  initializeWeights,
  lecunNormal,
  networkContract,
  plainCell,
  recurrence,
  registerNetwork,
  resolveArchitecture,
  silencePadding,
  slidingWindow,
  zeroState,
} from "./network/index.ts";
export type {
  Architecture,
  Cell,
  CellResult,
  WeightInitializer,
  LayerContext,
  Network,
  NetworkContract,
  NetworkDefinition,
  NetworkInputs,
  NetworkResults,
  NetworkSettings,
  NetworkSizes,
  RepeatedLayer,
  StateShape,
  Weights,
} from "./network/index.ts";
export { Recognizer, streamSettings, writers } from "./recognizer/index.ts";
export type {
  Alignment,
  DecodingOptions,
  RecognizerOptions,
  RecognizerStream,
  RecordingParts,
  Outcome,
  Source,
  StreamEvent,
  StreamInput,
  StreamOptions,
  StreamSettings,
  TranscribeOptions,
  Transcription,
  TranscriptionProgress,
} from "./recognizer/index.ts";
export { compareModels, writeReport } from "./report/index.ts";
export type {
  ComparedModel,
  CompareOptions,
  GivenModels,
  ModelComparison,
  ReportOptions,
  WeightedModels,
} from "./report/index.ts";
export { RandomStream } from "./random.ts";
export {
  castSpeakers,
  chooseVoices,
  gatherSentences,
  openSpeechEngine,
  planSpeech,
  SpeechJob,
} from "./synthesis/index.ts";
export type {
  CastOptions,
  PlannedUtterance,
  PlanOptions,
  Sentences,
  SentenceSources,
  SpeakOptions,
  Speaker,
  SpeechAudit,
  SpeechEngine,
  SpeechEngineOptions,
  SpeechEstimate,
  SpeechJobOptions,
  SpeechProgress,
  SpeechVoice,
  SpokenClip,
  SpokenCorpus,
  SpokenSound,
  VoiceMix,
} from "./synthesis/index.ts";
export { parseSettings, z } from "./settings.ts";
export type { ElementType, Float32Tensor, TensorData, TypedData } from "./tensor.ts";
export { alignSequences, Alphabet, errorRates, normalizeTranscript, transcriptPolicy } from "./text/index.ts";
export type { ErrorRates, TranscriptPolicy } from "./text/index.ts";
export { corpus, Learner, resume, train } from "./learner/index.ts";
export {
  bestCheckpoint,
  csvLog,
  earlyStop,
  exportTraining,
  reduceOnPlateau,
  stopOnNaN,
  tensorBoard,
  trainingSettings,
} from "./training/index.ts";
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
} from "./learner/index.ts";
export type {
  Callback,
  ExportedTraining,
  LoopEvents,
  ResumeOptions,
  Schedule,
  TrainingContract,
  TrainingEvent,
  TrainOptions,
  TrainResult,
} from "./training/index.ts";
