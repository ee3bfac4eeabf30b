// Word and character error rate over a corpus: errors summed, divided by reference lengths summed, so that a long
// utterance weighs as much as its words. Compares texts as they are: case and punctuation are the caller's choice.

import { countErrors } from "./alignment.ts";
import { collapseWhiteSpace } from "./characters.ts";

export interface TranscriptPair {
  readonly reference: string;
  readonly hypothesis: string;
}

/** Rates are fractions and may exceed 1: insertions are errors too. */
export interface ErrorRates {
  readonly wer: number;
  readonly cer: number;
  /** Words of all references. */
  readonly words: number;
  readonly wordErrors: number;
  /** Code points of all references, spaces between words included. */
  readonly characters: number;
  readonly characterErrors: number;
  readonly utterances: number;
}

/**
 * Words are what white space separates; characters are code points in normal form C, with one space between words.
 * Where all references are empty a rate is the number of errors, so that it stays finite.
 */
export function errorRates(pairs: Iterable<TranscriptPair>): ErrorRates {
  const total = { words: 0, wordErrors: 0, characters: 0, characterErrors: 0, utterances: 0 };
  for (const pair of pairs) {
    const reference = collapseWhiteSpace(pair.reference.normalize("NFC"));
    const hypothesis = collapseWhiteSpace(pair.hypothesis.normalize("NFC"));
    total.words += splitWords(reference).length;
    total.wordErrors += countErrors(splitWords(reference), splitWords(hypothesis));
    total.characters += [...reference].length;
    total.characterErrors += countErrors([...reference], [...hypothesis]);
    total.utterances++;
  }
  const { words, wordErrors, characters, characterErrors } = total;
  return { wer: wordErrors / Math.max(1, words), cer: characterErrors / Math.max(1, characters), ...total };
}

/** The words of a text; none for an empty one. */
export function splitWords(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== "");
}
