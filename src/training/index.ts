// The door of the training room.

export {
  bestCheckpoint,
  csvLog,
  earlyStop,
  reduceOnPlateau,
  settingsCallbacks,
  stopOnNaN,
  tensorBoard,
  type Callback,
  type LoopEvent,
  type LoopEvents,
} from "./callbacks.ts";
export { showTrainingLoop, traceTrainingLoop, type LoopTrace } from "./loop/show-loop.ts";
export { exportTraining } from "./export/export-training.ts";
export type { ExportedTraining, TrainingContract } from "./export/export-training.ts";
export type { OnEvent, TrainingEvent } from "./events.ts";
export { withAlphabet, withAlphabetOfRun } from "./run/alphabet-from-data.ts";
export { alphabetOf, networkOf } from "./step/network-of.ts";
export { createOptimizer, optimizerSettings, weightUpdate } from "./optimizers.ts";
export { createSchedule, scheduleSettings, type Schedule, type ScheduleSettings } from "./schedules.ts";
export { logTraining, showTraining, type Display } from "./show-training.ts";
export { rampEpochsOf, trainingSettings, type TrainingSettings } from "./settings.ts";
export { beginRun, checkRunOutputs, continueRun, resumeRun, startRun } from "./run/train.ts";
export type { EndedRun, NewRun, ResumeOptions, RunOptions, TrainOptions, TrainResult } from "./run/train.ts";
export { settingsWithoutEffect } from "./idle-settings.ts";
export { trainingPrograms } from "./step/programs.ts";
export { emptySlots, TrainStep } from "./step/train-step.ts";
export type { CombineGradients, StepGradient } from "./step/train-step.ts";
export type { StepBatch, StepPlan, StepRequest, StepState } from "./step/step-plan.ts";
export { frozenWeights } from "./step/frozen.ts";
export { oldTestOf } from "./run/other-manifests.ts";
export { openDevSplit, openStore, openTrainSplit } from "./run/corpora.ts";
export type { CorpusRequest, RunData } from "./run/corpora.ts";
export { differing } from "./ranks/differing.ts";
export { isKnownToAll } from "./ranks/together.ts";
export { RUN_FILES } from "./run/file-names.ts";
export { withRunLock } from "./run/lock.ts";
export { initialState } from "./run/initial-model.ts";
export { checkBesideModel, checkTrainingSettings, initialModelOf } from "./run/initial-settings.ts";
export type { GivenSettings, SettingsInput } from "./run/initial-settings.ts";
export { moveRun, readAnyRunFile } from "./run/run-file.ts";
export { settingsForCorpus, usualHeads } from "./run/settings-for-corpus.ts";
export { openRun } from "./run/open-run.ts";
export type { TrainingRun } from "./run/run.ts";
export { measureSteps, parameterCount } from "./planning/measure-steps.ts";
export { usableRate } from "./planning/all-reduce.ts";
export { batchShapes, planRanks, type RankPlan, type RankPlanRequest } from "./planning/plan-ranks.ts";
export { fastestSteps, fitStepCost, type StepCost } from "./planning/step-cost.ts";
export { LONGEST_SECONDS, SHORTEST_SECONDS, type UtteranceLengths } from "./planning/utterance-lengths.ts";
