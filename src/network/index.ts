// The door of the network room.

export {
  DROPOUT_LEVELS,
  type DropoutMask,
  type LayerActivity,
  type RunningStatistic,
} from "./layer-contexts.ts";
export type { Weights } from "./network.ts";
export {
  activityProgram,
  evaluationProgram,
  inferenceProgram,
  initializeWeights,
  networkSettings,
  outputSteps,
  parameterShapes,
  resolveArchitecture,
  stepMask,
  trainingGraph,
  type ActivityProgram,
  type Architecture,
  type TrainingGraph,
} from "./programs.ts";
export { followStatistics } from "./running-statistics.ts";
