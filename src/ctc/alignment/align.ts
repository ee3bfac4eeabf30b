// Forced alignment of a known text with the log-probabilities of a network: when each word and each symbol was said, and
// how well it fits. Knows nothing of recordings, nor of how long a step is.

import { EarshotError } from "../../errors.ts";
import { collapseWhiteSpace, type Alphabet } from "../../text/index.ts";
import { minimumSteps } from "../loss/batch.ts";
import { checkSum, stepsOf } from "../log-probabilities.ts";
import { bestPath, type BestPath, type StepPrices, type StepSpan } from "./viterbi.ts";
import { pieceRanges, timeWord, wordRanges, type TimedSymbol, type TimedWord } from "./words.ts";

export interface AlignedWord extends TimedWord {
  readonly symbols: readonly TimedSymbol[];
}

export interface AlignedText {
  readonly words: readonly AlignedWord[];
  /** ln of the probability of the likeliest path that spells the text. */
  readonly score: number;
}

/**
 * Aligns a text that the alphabet can spell; white space at its ends does not count, nor how much there is between words.
 * @param logProbabilities [T, V], natural logarithms
 * @param prices [T] of steps, for words and pauses
 * @throws SHAPE_MISMATCH, UNKNOWN_SYMBOL, NOT_LOG_PROBABILITIES, IMPOSSIBLE_ALIGNMENT, TOO_LONG_TO_ALIGN
 */
export function alignText(
  logProbabilities: Float32Array,
  text: string,
  alphabet: Alphabet,
  prices?: StepPrices,
): AlignedText {
  const labels = alphabet.encode(collapseWhiteSpace(text), "text");
  const span: StepSpan = {
    rows: logProbabilities,
    fromStep: 0,
    toStep: stepsOf(logProbabilities, alphabet.size),
    symbols: alphabet.size,
    blank: alphabet.blank,
    space: alphabet.symbols.indexOf(" "),
  };
  checkRows(span);
  const ranges = alphabet.hasPieces ? pieceRanges(labels, alphabet) : wordRanges(labels, span.space);
  const path = bestPath(labels, span, prices && { words: ranges, prices });
  if (!path) throw impossible(labels, span.toStep);
  const words = ranges.map((range) => {
    const symbols: TimedSymbol[] = [];
    for (let label = range.first; label < range.after; label++)
      symbols.push(timeSymbol(labels[label], label, path, span, alphabet));
    const word = timeWord(labels, range, path, span, alphabet);
    return { ...word, text: word.text.trim(), symbols };
  });
  return { words, score: path.score };
}

function timeSymbol(
  symbol: number,
  label: number,
  { starts, ends }: BestPath,
  { rows, symbols }: StepSpan,
  alphabet: Alphabet,
): TimedSymbol {
  const [startStep, endStep] = [starts[label], ends[label]];
  let sum = 0;
  for (let step = startStep; step < endStep; step++) sum += rows[step * symbols + symbol];
  const probability = Math.min(1, Math.exp(sum / (endStep - startStep)));
  return { text: alphabet.symbols[symbol], startStep, endStep, probability };
}

function checkRows({ rows, toStep, symbols }: StepSpan): void {
  for (let step = 0; step < toStep; step++) {
    let sum = 0;
    for (let k = 0; k < symbols; k++) sum += Math.exp(rows[step * symbols + k]);
    checkSum(sum, step);
  }
}

function impossible(labels: Int32Array, steps: number): EarshotError {
  const least = minimumSteps(labels);
  return new EarshotError({
    code: "IMPOSSIBLE_ALIGNMENT",
    where: "alignment",
    problem:
      least > steps
        ? `The text needs at least ${least} steps (${labels.length} symbols, ${least - labels.length} repeats) but the network gives ${steps}.`
        : "The network gives every path that spells the text a probability of zero.",
    remedy: "Is the recording cut, or paired with another's text?",
  });
}
