// The door of the CTC room: the loss with its gradient, and the way back from outputs to labels.

export type { CtcBatch } from "./batch.ts";
export { checkTargets, minimumSteps } from "./batch.ts";
export { greedyDecode, greedyDecodeWithStarts, type GreedyLabels } from "./greedy.ts";
export { ctcFeeds, type CtcFeeds } from "./feeds.ts";
export { ctcLoss, type CtcLoss } from "./loss.ts";
export { ctcGradient, readCtc, type CtcOutputs, type CtcResults } from "./on-graph.ts";
