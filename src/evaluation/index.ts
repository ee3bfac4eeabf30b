// The evaluation room: how good is a recognizer, and with which weights?

export { compareSystems } from "./comparison/compare-systems.ts";
export type {
  ComparedSystem,
  ComparedUtterance,
  CompareProgress,
  CompareSystemsOptions,
  SystemComparison,
  SystemResult,
} from "./comparison/compare-systems.ts";
export { matchedPairs, type MatchedPairs } from "./comparison/matched-pairs.ts";
export type { TimedClip } from "./comparison/measure.ts";
export { openDecodingPlan } from "./comparison/measure-work.ts";
export type { DecodingPlan } from "./comparison/measure-work.ts";
export type { SystemPair } from "./comparison/system-pairs.ts";
export { markWords, type RecognizedUtterance } from "./comparison/word-marks.ts";
export { evaluate } from "./evaluate.ts";
export type { Acceptance, Evaluation, Pair } from "./evaluate.ts";
export { heatMap } from "./heat-map.ts";
export type { Failure } from "./references.ts";
export { calibrateRejection, stressTest, tune } from "./on-request.ts";
export type { CalibrateOptions, CalibrationProgress, RejectionCalibration } from "./rejection/calibrate.ts";
export { tradeOffAt, type JudgedPiece, type TradeOff } from "./rejection/trade-off.ts";
export { measureRetention } from "./retention.ts";
export type { Retention, RetentionOptions } from "./retention.ts";
export { referenceLoss } from "./reference-loss.ts";
export { formatCondition, signedPoints } from "./stress/condition-line.ts";
export { CONDITIONS, conditionsNamed } from "./stress/conditions.ts";
export type { Condition, ConditionKind } from "./stress/conditions.ts";
export { STRESS_UTTERANCES } from "./stress/stress-test.ts";
export type { ConditionRates, StressOptions, StressProgress, StressTest } from "./stress/stress-test.ts";
export { COARSE_ALPHAS, COARSE_BETAS } from "./tune.ts";
export type { TuneOptions, Tuning, TuningGrid, TuningPoint } from "./tune.ts";
export { rowsOfUtterances } from "./utterance-rows.ts";
export type { EvaluateOptions, SplitRows, UtteranceRows } from "./utterance-rows.ts";
export { formatPair, worstOf } from "./worst.ts";
