// The door of the network room.

export {
  algorithmicDelayMs,
  networkContract,
  outputSteps,
  resolveArchitecture,
  streamContract,
  type Architecture,
} from "./architecture.ts";
export { BatchDispatch, type StreamLogits } from "./batch-dispatch.ts";
export { buildNetwork } from "./build-network.ts";
export { plainCell } from "./cells/index.ts";
export { describeNetwork } from "./describe.ts";
export {
  heNormal,
  identityMatrix,
  lecunNormal,
  normal,
  ones,
  zeros,
  type WeightInitializer,
} from "./initializers.ts";
export {
  asColumns,
  clippedRelu,
  dense,
  frameWindow,
  recurrence,
  silencePadding,
  slidingWindow,
  zeroState,
  type Cell,
  type CellResult,
} from "./layers.ts";
export { layerValuesProgram, type LayerOutputs, type LayerValuesProgram } from "./layer-values.ts";
export { conditionedPlaces, conditioningSettings } from "./intermediate.ts";
export { DROPOUT_LEVELS, fixedLayers, type DropoutMask, type RunningStatistic } from "./layer-contexts.ts";
export { networkSettings, registerNetwork, requireNetwork, type NetworkSettings } from "./network-table.ts";
export type {
  FrameContext,
  LayerContext,
  Network,
  NetworkContract,
  NetworkDefinition,
  NetworkInputs,
  NetworkResults,
  NetworkSizes,
  RecordedLayer,
  RepeatedLayer,
  StateShape,
  Weights,
} from "./network.ts";
export {
  activityProgram,
  asConstants,
  constantWeight,
  evaluationGraph,
  evaluationProgram,
  inferenceProgram,
  initializeWeights,
  parameterShapes,
  stepMask,
  utteranceLogits,
  type ActivityProgram,
  type StoreWeights,
  type WeightStore,
} from "./programs.ts";
export { followStatistics } from "./running-statistics.ts";
export { LogitStream, stateOutputs, streamingProgram, zerosFor, type StreamingState } from "./streaming.ts";
export { segmentGraph, trainingGraph, type SegmentGraph, type TrainingGraph } from "./training-graphs.ts";
export { isNamedBy } from "./weight-names.ts";
