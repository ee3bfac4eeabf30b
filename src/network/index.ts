// The door of the network room.

export type { Architecture, WeightTensor, Weights } from "./network.ts";
export {
  inferenceProgram,
  initializeWeights,
  networkSettings,
  outputSteps,
  parameterShapes,
  resolveArchitecture,
  strideOf,
  trainingPrograms,
  type DropoutMask,
  type TrainingPrograms,
} from "./programs.ts";
