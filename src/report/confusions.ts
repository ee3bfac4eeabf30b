// What the decoder wrote in place of what the reference says, counted over utterances: letters, and words. Of the many
// alignments with the fewest errors one is counted, the one with most matches.

import { alignSequences } from "../text/index.ts";

export interface Confusion {
  /** Undefined for an insertion. */
  readonly reference?: string;
  /** Undefined for a deletion. */
  readonly hypothesis?: string;
  readonly count: number;
}

export interface Confusions {
  /** Mistakes, the most frequent first. */
  readonly mistakes: readonly Confusion[];
  /** How often each letter or word is in the references, and how often it came out right. */
  readonly reference: ReadonlyMap<string, { readonly times: number; readonly right: number }>;
}

interface Texts {
  readonly reference: string;
  readonly hypothesis: string;
}

/** Code points, spaces between words included. */
export const letterConfusions = (pairs: readonly Texts[]): Confusions => count(pairs, (text) => [...text]);

export const wordConfusions = (pairs: readonly Texts[]): Confusions => count(pairs, wordsOf);

export const wordsOf = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== "");

function count(pairs: readonly Texts[], split: (text: string) => string[]): Confusions {
  const mistakes = new Map<string, { reference?: string; hypothesis?: string; count: number }>();
  const inReferences = new Map<string, { times: number; right: number }>();
  for (const { reference, hypothesis } of pairs) {
    const { operations } = alignSequences(split(reference), split(hypothesis));
    for (const { kind, reference: from, hypothesis: to } of operations) {
      const tally = from === undefined ? undefined : (inReferences.get(from) ?? { times: 0, right: 0 });
      if (from !== undefined && tally) {
        tally.times++;
        if (kind === "match") tally.right++;
        inReferences.set(from, tally);
      }
      if (kind === "match") continue;
      const key = JSON.stringify([from ?? null, to ?? null]);
      const mistake = mistakes.get(key) ?? { reference: from, hypothesis: to, count: 0 };
      mistake.count++;
      mistakes.set(key, mistake);
    }
  }
  return { mistakes: [...mistakes.values()].toSorted((a, b) => b.count - a.count), reference: inReferences };
}
