// The door of the CTC room: the loss with its gradient, and the way back from outputs to labels, texts and times.

export { alignText, type AlignedText, type AlignedWord } from "./align.ts";
export type { CtcBatch } from "./batch.ts";
export { checkTargets, minimumSteps } from "./batch.ts";
export type { BeamStream, DecodedText, PartialText } from "./beam-stream.ts";
export { decoderSettings, type DecoderSettings } from "./decoder-settings.ts";
export { BeamDecoder } from "./decoder.ts";
export { greedyDecode, greedyDecodeWithStarts, type GreedyLabels } from "./greedy.ts";
export { ctcFeeds, type CtcFeeds } from "./feeds.ts";
export { USUAL_HOT_WORD_WEIGHT, type HotWords } from "./hot-words.ts";
export { logProbabilities } from "./log-probabilities.ts";
export { ctcLoss, type CtcLoss } from "./loss.ts";
export { ctcGradient, readCtc, type CtcOutputs } from "./on-graph.ts";
export type { Scorer } from "./scorer.ts";
export type { Knowledge } from "./text-model.ts";
export type { TimedSymbol, TimedWord } from "./words.ts";
