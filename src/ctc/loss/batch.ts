// A padded batch as the loss takes it, and the checks that turn every wrong one into a named error before any
// arithmetic. Knows nothing of the alphabet (labels are numbers) nor of how the loss is computed.

import { EarshotError } from "../../errors.ts";

/** Dimensions: T padded steps, B utterances, V symbols with the blank, L labels. */
export interface CtcBatch {
  /** [T, B, V], before the softmax; what lies beyond an utterance's steps is never read. */
  readonly logits: Float32Array | Float64Array;
  /** [B], the steps of each utterance, 1 to T. */
  readonly steps: readonly number[];
  /** [B][L], without blanks; may be empty. */
  readonly labels: readonly Int32Array[];
  /** V, the blank included. */
  readonly symbols: number;
  /** The index of the blank, 0 to V − 1. */
  readonly blank: number;
}

/** One utterance of a batch, alone. */
export interface CtcUtterance {
  /** [steps, V], finite. */
  readonly logits: Float64Array;
  readonly steps: number;
  readonly labels: Int32Array;
  readonly symbols: number;
  readonly blank: number;
}

/** The fewest steps that can emit these labels: one each, and a blank between adjacent repeats. */
export function minimumSteps(labels: Int32Array): number {
  return labels.length + countRepeats(labels);
}

function countRepeats(labels: Int32Array): number {
  let repeats = 0;
  for (let i = 1; i < labels.length; i++) if (labels[i] === labels[i - 1]) repeats++;
  return repeats;
}

/** T, the padded steps. @throws SHAPE_MISMATCH when the logits are no [T, B, V] */
export function paddedSteps(logits: ArrayLike<number>, utterances: number, symbols: number): number {
  const perStep = utterances * symbols;
  const padded = perStep === 0 ? 0 : logits.length / perStep;
  if (Number.isInteger(padded) && padded * perStep === logits.length) return padded;
  throw new EarshotError({
    code: "SHAPE_MISMATCH",
    where: "batch",
    problem: `The logits hold ${logits.length} numbers, which is no whole number of steps of ${utterances} utterances × ${symbols} symbols.`,
    remedy: "Pass logits [T, B, V] with B the length of steps and V the number of symbols with the blank.",
  });
}

/** @throws SHAPE_MISMATCH, INVALID_LABEL, INVALID_STEPS, IMPOSSIBLE_ALIGNMENT */
export function checkBatch(batch: CtcBatch): void {
  checkTargets(batch, paddedSteps(batch.logits, batch.steps.length, batch.symbols));
}

/** What can be said of a batch before its logits are known. @throws as `checkBatch` */
export function checkTargets(batch: Omit<CtcBatch, "logits">, padded: number): void {
  const { labels, steps, symbols, blank } = batch;
  if (labels.length !== steps.length) throw countMismatch(labels.length, steps.length);
  if (!Number.isInteger(blank) || blank < 0 || blank >= symbols) throw invalidBlank(blank, symbols);
  for (let utterance = 0; utterance < steps.length; utterance++) {
    checkSteps(steps[utterance], 1, padded, utterance);
    checkLabels(labels[utterance], batch, utterance);
    if (minimumSteps(labels[utterance]) > steps[utterance]) {
      throw impossibleAlignment(labels[utterance], steps[utterance], utterance);
    }
  }
}

/** @throws INVALID_STEPS */
export function checkSteps(steps: number, least: number, padded: number, utterance: number): void {
  if (Number.isInteger(steps) && steps >= least && steps <= padded) return;
  throw new EarshotError({
    code: "INVALID_STEPS",
    where: `utterance ${utterance} of the batch`,
    problem: `It has ${steps} steps; ${least} to ${padded} were expected, whole, as the batch is padded to ${padded}.`,
    remedy:
      "Pass the network's own output steps (frames divided by the stride, rounded up), and leave out recordings without frames.",
  });
}

function checkLabels(
  labels: Int32Array,
  { symbols, blank }: Pick<CtcBatch, "symbols" | "blank">,
  utterance: number,
): void {
  const position = labels.findIndex((label) => label < 0 || label >= symbols || label === blank);
  if (position < 0) return;
  const label = labels[position];
  throw new EarshotError({
    code: "INVALID_LABEL",
    where: `utterance ${utterance} of the batch`,
    problem: `Label ${label} at position ${position} is ${label === blank ? "the blank" : `outside 0 to ${symbols - 1}`}.`,
    remedy: "Encode the transcript with the alphabet of this network; the loss adds the blanks itself.",
  });
}

function impossibleAlignment(labels: Int32Array, steps: number, utterance: number): EarshotError {
  const repeats = countRepeats(labels);
  return new EarshotError({
    code: "IMPOSSIBLE_ALIGNMENT",
    where: `utterance ${utterance} of the batch`,
    problem: `Its labels need at least ${labels.length + repeats} steps (${labels.length} symbols, ${repeats} repeats) but the network gives ${steps}.`,
    remedy:
      "Leave it out of training (is the recording cut, or paired with another's text?), or lower the stride or the hop.",
  });
}

function countMismatch(labels: number, steps: number): EarshotError {
  return new EarshotError({
    code: "SHAPE_MISMATCH",
    where: "batch",
    problem: `There are labels for ${labels} utterances but steps for ${steps}.`,
    remedy: "Pass one entry of each for every utterance.",
  });
}

function invalidBlank(blank: number, symbols: number): EarshotError {
  return new EarshotError({
    code: "INVALID_LABEL",
    where: "batch",
    problem: `The blank is ${blank}, outside 0 to ${symbols - 1}.`,
    remedy: "Pass the alphabet's blank, and its size (with the blank) as symbols.",
  });
}
