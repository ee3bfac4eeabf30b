// Words with their times and confidences, from labels and the log-probabilities that spell them. The times are those of
// the likeliest path of the text, whatever search found the text, so words follow each other and never overlap.

import type { Alphabet } from "../../text/index.ts";
import type { WordRange } from "./lattice.ts";
import { bestPath, spellingProbability, type BestPath, type StepSpan } from "./viterbi.ts";

/** A symbol of a text, in steps of the network from the first. */
export interface TimedSymbol {
  readonly text: string;
  readonly startStep: number;
  /** The step after its last. */
  readonly endStep: number;
  /** The geometric mean of its probabilities in its steps, 0 to 1. */
  readonly probability: number;
}

/** A word, or a symbol where the alphabet has no space. */
export interface TimedWord {
  readonly text: string;
  readonly startStep: number;
  /** The step after its last. */
  readonly endStep: number;
  /**
   * How probable it is that the word is right, 0 to 1: the mean of two estimates. By the network alone, the probability
   * that the word's steps spell it and nothing else; in a beam search, the share of the beam that kept the word.
   */
  readonly confidence: number;
}

/** The words among labels; each symbol without a space in the alphabet (−1). */
export function wordRanges(labels: Int32Array, space: number): WordRange[] {
  const ranges: WordRange[] = [];
  for (let first = 0; first < labels.length;) {
    const after = space < 0 ? first + 1 : endOfWord(labels, first, space);
    if (after > first) ranges.push({ first, after });
    first = Math.max(after, first + 1);
  }
  return ranges;
}

/** The words among word pieces: each begins at a piece that begins with a space, and behind one that ends with a space. */
export function pieceRanges(labels: Int32Array, alphabet: Alphabet): WordRange[] {
  const ranges: { first: number; after: number }[] = [];
  for (const [index, label] of labels.entries()) {
    const last = ranges.at(-1);
    const before = index > 0 ? alphabet.decode([labels[index - 1]]) : "";
    const isEnd = before.endsWith(" ") && before !== " ";
    if (last && !isEnd && !alphabet.decode([label]).startsWith(" ")) last.after = index + 1;
    else ranges.push({ first: index, after: index + 1 });
  }
  return ranges;
}

function endOfWord(labels: Int32Array, first: number, space: number): number {
  const end = labels.indexOf(space, first);
  return end < 0 ? labels.length : end;
}

/** The words of labels in a span of steps. @param prunedMass [L + 1], that of the beam search at each label and at the end */
export function timeWords(
  labels: Int32Array,
  prunedMass: readonly number[],
  span: StepSpan,
  alphabet: Alphabet,
): TimedWord[] {
  const path = bestPath(labels, span) ?? evenly(labels.length, span);
  return wordRanges(labels, span.space).map((range) => {
    const word = timeWord(labels, range, path, span, alphabet);
    const last = span.space < 0 ? range.after - 1 : range.after; // what follows a word may be a part of another
    let kept = 1;
    for (let label = range.first; label <= last; label++) kept -= prunedMass[label];
    return { ...word, confidence: (word.confidence + Math.max(0, kept)) / 2 };
  });
}

/** One word, with the network's own confidence in it. */
export function timeWord(
  labels: Int32Array,
  { first, after }: WordRange,
  path: BestPath,
  span: StepSpan,
  alphabet: Alphabet,
): TimedWord {
  const spelling = labels.subarray(first, after);
  const [startStep, endStep] = [path.starts[first], path.ends[after - 1]];
  const confidence = spellingProbability(spelling, { ...span, fromStep: startStep, toStep: endStep });
  return { text: alphabet.decode(spelling), startStep, endStep, confidence: Math.min(1, confidence) };
}

/** Words that were timed from step `steps` on, with times that count from step 0. */
export function laterBy(steps: number, words: readonly TimedWord[]): TimedWord[] {
  return words.map(({ startStep, endStep, ...word }) => {
    return { ...word, startStep: startStep + steps, endStep: endStep + steps };
  });
}

/** Times for labels that no path spells in these steps: the search may have spelled some before the first row that is kept. */
function evenly(labels: number, { fromStep, toStep }: StepSpan): BestPath {
  const place = (index: number) => fromStep + Math.floor(((toStep - fromStep) * index) / labels);
  return {
    starts: Int32Array.from({ length: labels }, (_, index) => place(index)),
    ends: Int32Array.from({ length: labels }, (_, index) => place(index + 1)),
    score: -Infinity,
  };
}
