// The door of the training room.

export {
  bestCheckpoint,
  csvLog,
  earlyStop,
  jsonlLog,
  reduceOnPlateau,
  settingsCallbacks,
  showTrainingLoop,
  stopOnNaN,
  tensorBoard,
  type Answer,
  type Callback,
  type Moment,
  type Moments,
} from "./callbacks.node.ts";
export type { Listener, TrainingEvent } from "./events.ts";
export { Learner } from "./learner.node.ts";
export { corpus, type Corpus } from "./learner/corpus.node.ts";
export type { SweepOptions } from "./learner/find-learning-rate.node.ts";
export type { EpochFigures, FitOptions, FitResult } from "./learner/fit.node.ts";
export type { LearningRatePoint, LearningRates } from "./learner/learning-rate.ts";
export type { LearnerOptions, ListenOptions, LoadOptions } from "./learner/options.ts";
export type { ShowBatchOptions, ShownUtterance } from "./learner/show-batch.ts";
export type { SummaryStep } from "./learner/summary.node.ts";
export { alphabetOf, networkOf } from "./network-of.ts";
export { createOptimizer, optimizerSettings, type Optimizer, type OptimizerSettings } from "./optimizers.ts";
export { createSchedule, scheduleSettings, type Schedule, type ScheduleSettings } from "./schedules.ts";
export { logTraining, showTraining, type Display } from "./show-training.ts";
export { trainingSettings, type TrainingSettings } from "./settings.ts";
export { resume, train, type ResumeOptions, type TrainOptions, type TrainResult } from "./train.node.ts";
export { trainingPrograms, type TrainingPrograms } from "./programs.ts";
export { emptySlots, TrainStep } from "./train-step.ts";
export type { StepBatch, StepPlan, StepRequest, StepState } from "./step-plan.ts";
