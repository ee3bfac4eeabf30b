// What a threshold costs and brings: of utterances the share that is accepted, of all else how many texts are accepted in an
// hour. Both over every threshold that makes a difference. Knows nothing of how confident anyone is.

/** A piece of a recording as a recognizer takes it. */
export interface JudgedPiece {
  /** That its text was said; 0 without a text. */
  readonly confidence: number;
  readonly seconds: number;
  /** Whether the text is the transcript, of an utterance. */
  readonly isRight?: boolean;
}

export interface TradeOff {
  readonly threshold: number;
  /** Of the utterances: accepted, and accepted with the right text. */
  readonly recall: number;
  readonly rightRecall: number;
  readonly falseAccepts: number;
  readonly falseAcceptsPerHour: number;
}

/** @param utterances one at least @param others what is to be rejected */
export function tradeOffAt(
  threshold: number,
  utterances: readonly JudgedPiece[],
  others: readonly JudgedPiece[],
): TradeOff {
  const accepted = utterances.filter((piece) => isAccepted(piece, threshold));
  const falseAccepts = others.filter((piece) => isAccepted(piece, threshold)).length;
  const right = accepted.filter(({ isRight }) => isRight).length;
  const hours = hoursOf(others);
  return {
    threshold,
    recall: accepted.length / utterances.length,
    rightRecall: right / utterances.length,
    falseAccepts,
    falseAcceptsPerHour: hours > 0 ? falseAccepts / hours : 0,
  };
}

const isAccepted = ({ confidence }: JudgedPiece, threshold: number): boolean =>
  confidence > 0 && confidence >= threshold;

export const hoursOf = (pieces: readonly JudgedPiece[]): number =>
  pieces.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;

/** From 0, where everything is accepted, to where nothing is: a point wherever something changes, thinned out. */
export function tradeOffs(
  utterances: readonly JudgedPiece[],
  others: readonly JudgedPiece[],
  most = 200,
): TradeOff[] {
  const confidences = [...utterances, ...others].map(({ confidence }) => confidence);
  const distinct = [...new Set([0, ...confidences, 1])].toSorted((a, b) => a - b);
  const every = Math.max(1, Math.ceil(distinct.length / most));
  return distinct
    .filter((_, i) => i % every === 0 || i === distinct.length - 1)
    .map((threshold) => tradeOffAt(threshold, utterances, others));
}

/** Of the utterances, at most so many may be lost for a threshold that is farther from what is to be rejected. */
const LOST = 0.01;

/**
 * The threshold at which no more than so many are falsely accepted in an hour. Where utterances leave room above it, it is in
 * the middle of that room, on the scale of the evidence: other recordings than these will be a little worse.
 */
export function thresholdFor(
  falseAcceptsPerHour: number,
  utterances: readonly JudgedPiece[],
  others: readonly JudgedPiece[],
): number {
  const most = Math.floor(falseAcceptsPerHour * hoursOf(others) + 1e-9);
  const worst = sorted(others).at(-1 - most) ?? 0; // the most confident of those that are to be rejected
  const least = sorted(utterances)[Math.floor(LOST * utterances.length)];
  return Math.max(above(worst), sigmoid((logit(worst) + logit(least)) / 2));
}

const sorted = (pieces: readonly JudgedPiece[]): number[] =>
  pieces.map(({ confidence }) => confidence).toSorted((a, b) => a - b);

const BOUND = 1e-9;
const above = (confidence: number): number => Math.min(1, confidence + BOUND);
const logit = (confidence: number): number => {
  const bounded = Math.min(1 - BOUND, Math.max(BOUND, confidence));
  return Math.log(bounded / (1 - bounded));
};
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
