// The door of the network room.

export type { DropoutMask, RunningStatistic } from "./layer-contexts.ts";
export type { WeightTensor, Weights } from "./network.ts";
export {
  inferenceProgram,
  initializeWeights,
  networkSettings,
  outputSteps,
  parameterShapes,
  resolveArchitecture,
  stepMask,
  trainingPrograms,
  type Architecture,
  type TrainingPrograms,
} from "./programs.ts";
export { followStatistics } from "./running-statistics.ts";
