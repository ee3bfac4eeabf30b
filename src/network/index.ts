// The door of the network room.

export type { DropoutMask, RunningStatistic } from "./layer-contexts.ts";
export type { WeightTensor, Weights } from "./network.ts";
export {
  evaluationProgram,
  inferenceProgram,
  initializeWeights,
  networkSettings,
  outputSteps,
  parameterShapes,
  resolveArchitecture,
  stepMask,
  trainingGraph,
  type Architecture,
  type TrainingGraph,
} from "./programs.ts";
export { followStatistics } from "./running-statistics.ts";
