// What is heard in place of what is said, counted over utterances: letters, and words. Of the many alignments with the
// fewest errors one is counted, the one with most matches.

import { alignSequences } from "../text/index.ts";

export interface Confusion {
  /** Undefined for what was heard where nothing is said. */
  readonly said?: string;
  /** Undefined for what was said and not heard. */
  readonly heard?: string;
  readonly count: number;
}

export interface Confusions {
  /** Mistakes, the most frequent first. */
  readonly mistakes: readonly Confusion[];
  /** How often each thing is said, and how often it is heard rightly. */
  readonly said: ReadonlyMap<string, { readonly times: number; readonly right: number }>;
}

export interface Pair {
  readonly reference: string;
  readonly hypothesis: string;
}

/** Code points, spaces between words included. */
export const letterConfusions = (pairs: readonly Pair[]): Confusions => count(pairs, (text) => [...text]);

export const wordConfusions = (pairs: readonly Pair[]): Confusions => count(pairs, wordsOf);

export const wordsOf = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== "");

function count(pairs: readonly Pair[], split: (text: string) => string[]): Confusions {
  const mistakes = new Map<string, { said?: string; heard?: string; count: number }>();
  const said = new Map<string, { times: number; right: number }>();
  for (const { reference, hypothesis } of pairs) {
    const { operations } = alignSequences(split(reference), split(hypothesis));
    for (const { kind, reference: from, hypothesis: to } of operations) {
      const tally = from === undefined ? undefined : (said.get(from) ?? { times: 0, right: 0 });
      if (from !== undefined && tally) {
        tally.times++;
        if (kind === "match") tally.right++;
        said.set(from, tally);
      }
      if (kind === "match") continue;
      const key = JSON.stringify([from ?? null, to ?? null]);
      const mistake = mistakes.get(key) ?? { said: from, heard: to, count: 0 };
      mistake.count++;
      mistakes.set(key, mistake);
    }
  }
  return { mistakes: [...mistakes.values()].toSorted((a, b) => b.count - a.count), said };
}
