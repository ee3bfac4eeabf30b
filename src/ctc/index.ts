// The door of the CTC room: the loss with its gradient, and the way back from outputs to labels.

export type { CtcBatch } from "./batch.ts";
export { minimumSteps } from "./batch.ts";
export { greedyDecode, greedyDecodeWithStarts, type GreedyLabels } from "./greedy.ts";
export { ctcLoss, type CtcLoss } from "./loss.ts";
