// Two or more hypotheses of one reference, word by word: which words of the reference each has wrong, and how many words
// each has between them. Case counts for nothing here: models that spell in capitals are compared with those that do not.

import { alignSequences } from "../../text/index.ts";

/** A word of the reference, or its end. */
export interface MarkedWord {
  /** Undefined at the end. */
  readonly word?: string;
  /** Of each hypothesis: whether it has this word wrong. */
  readonly wrong: readonly boolean[];
  /** Of each hypothesis: words that it inserts before this one. */
  readonly inserted: readonly number[];
}

/** One utterance with the texts of several systems. */
export interface RecognizedUtterance {
  /** The reference as each system spells it. */
  readonly references: readonly string[];
  readonly hypotheses: readonly string[];
}

export const wordsOfText = (text: string): string[] =>
  text
    .normalize("NFC")
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");

/** [words + 1]; undefined where the systems spell the reference in different words. */
export function markWords({ references, hypotheses }: RecognizedUtterance): MarkedWord[] | undefined {
  const [words, ...others] = references.map(wordsOfText);
  if (others.some((other) => other.join(" ") !== words.join(" "))) return undefined;
  const marks = hypotheses.map((hypothesis) => marksOf(words, wordsOfText(hypothesis)));
  return [...words, undefined].map((word, i) => ({
    word,
    wrong: marks.map(({ wrong }) => wrong[i]),
    inserted: marks.map(({ inserted }) => inserted[i]),
  }));
}

/** Errors of each system, whether or not they can be told word by word. */
export function countWordErrors({ references, hypotheses }: RecognizedUtterance): number[] {
  return hypotheses.map(
    (hypothesis, m) => alignSequences(wordsOfText(references[m]), wordsOfText(hypothesis)).errors,
  );
}

function marksOf(words: readonly string[], recognized: readonly string[]) {
  const wrong = Array.from({ length: words.length + 1 }, () => false);
  const inserted = Array.from({ length: words.length + 1 }, () => 0);
  let at = 0;
  for (const { kind } of alignSequences(words, recognized).operations) {
    if (kind === "insertion") inserted[at]++;
    else wrong[at++] = kind !== "match";
  }
  return { wrong, inserted };
}
