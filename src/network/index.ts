// The door of the network room.

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
  type DropoutMask,
  type TrainingPrograms,
} from "./programs.ts";
