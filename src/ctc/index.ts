// The door of the CTC room: the loss with its gradient, and the way back from outputs to labels, texts and times.

export { alignText, type AlignedText, type AlignedWord } from "./alignment/align.ts";
export type { CtcBatch, CtcUtterance } from "./loss/batch.ts";
export { checkTargets, minimumSteps } from "./loss/batch.ts";
export type { BeamStep, WatchedText } from "./decoder/beam-steps.ts";
export { BeamDecoder } from "./decoder/beam-decoder.ts";
export type { DecoderChoice } from "./decoder/beam-decoder.ts";
export type { Constraint, ConstraintSource, Meaning } from "./decoder/constraint.ts";
export { decodeEmissions } from "./decoder/decoder.ts";
export type {
  DecodedText,
  Decoder,
  DecoderStream,
  Emission,
  PartialText,
  RejectedText,
} from "./decoder/decoder.ts";
export {
  decoderOptions,
  decoderSettings,
  USUAL_UNKNOWN_WORD_PENALTY,
  withCurrentNames,
} from "./decoder/decoder-settings.ts";
export type { DecoderInput, DecoderOption, DecoderSettings } from "./decoder/decoder-settings.ts";
export { GreedyDecoder } from "./decoder/greedy-decoder.ts";
export { greedyDecode, greedyDecodeWithStarts, type GreedyLabels } from "./decoder/greedy.ts";
export { ctcFeeds, type CtcFeeds } from "./loss/feeds.ts";
export { USUAL_HOT_WORD_WEIGHT, type HotWords } from "./decoder/hot-words.ts";
export { logProbabilities } from "./log-probabilities.ts";
export { forwardBackward, type ForwardBackward } from "./loss/log-space.ts";
export { ctcLoss, type CtcLoss } from "./loss/loss.ts";
export { ctcGradient, readCtc, type CtcOutputs } from "./loss/on-graph.ts";
export type { Scorer, TokenScore } from "./decoder/scorer.ts";
export { canSpellHotWord, shortenedWords, unspellableWords } from "./decoder/spelled-words.ts";
export type { Knowledge } from "./decoder/text-model.ts";
export { confidenceOf, parseRejection, type Rejection } from "./rejection/calibration.ts";
export { EVIDENCE, type Evidence, type EvidenceName } from "./rejection/evidence.ts";
export { OutsideGrammarDecoder } from "./rejection/outside-grammar.ts";
export { RejectingDecoder, textWithEvidence } from "./rejection/rejecting-decoder.ts";
export type { StepPrices } from "./alignment/viterbi.ts";
export type { TimedSymbol, TimedWord } from "./alignment/words.ts";
