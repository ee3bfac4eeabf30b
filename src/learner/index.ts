// The door of the learner room.

export { Learner } from "./learner.ts";
export { resume, train } from "./run.ts";
export { corpus, type Corpus } from "./corpus.ts";
export type { SweepOptions } from "./find-learning-rate.ts";
export type { EpochFigures, FitOptions, FitResult, OneCycleOptions } from "./fit.ts";
export type { LearningRatePoint, LearningRates } from "./learning-rate.ts";
export type { LearnerOptions, SplitOptions, LoadOptions } from "./options.ts";
export type { ShowBatchOptions, ShownUtterance } from "./show-batch.ts";
export type { SummaryStep } from "./summary.ts";
