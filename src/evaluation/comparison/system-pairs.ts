// Two systems on the same utterances: by how much they differ, whether by more than chance, and what one has wrong that the
// other has right.

import { improvementProbability, interval95, type RateInterval } from "./bootstrap.ts";
import { matchedPairs, type MatchedPairs } from "./matched-pairs.ts";
import { markWords, type RecognizedUtterance, type MarkedWord } from "./word-marks.ts";

export interface WordCount {
  readonly word: string;
  readonly times: number;
}

/** Two systems, by their places in the list. */
export interface SystemPair extends MatchedPairs {
  readonly first: number;
  readonly second: number;
  /** Word error rate of the second less that of the first. */
  readonly difference: number;
  /** Of the difference, 95 of 100. */
  readonly interval: RateInterval;
  /** In what share of tests drawn from this one the second is better. */
  readonly improvement: number;
  /** `p` beside those of all pairs (Holm 1979): the more are looked at, the sooner one of them differs by chance. */
  readonly adjustedP: number;
  /** Words of the references that only the first has wrong, the most frequent first; then only the second; and both. */
  readonly onlyFirst: readonly WordCount[];
  readonly onlySecond: readonly WordCount[];
  readonly bothWrong: number;
  /** Words that each has where none was said. */
  readonly inserted: readonly [first: number, second: number];
}

/**
 * Every two of the systems.
 * @param rates of each system the word error rate
 * @param drawn the same in each of the tests drawn
 */
export function systemPairs(
  utterances: readonly RecognizedUtterance[],
  rates: readonly number[],
  drawn: readonly Float64Array[],
): SystemPair[] {
  const pairs: Omit<SystemPair, "adjustedP">[] = [];
  for (let second = 1; second < rates.length; second++) {
    for (let first = 0; first < second; first++) {
      const differences = drawn[second].map((rate, i) => rate - drawn[first][i]);
      const both = utterances.map((utterance) => ofTwo(utterance, first, second));
      pairs.push({
        first,
        second,
        difference: rates[second] - rates[first],
        interval: interval95(differences),
        improvement: improvementProbability(drawn[first], drawn[second]),
        ...matchedPairs(both),
        ...wordsOfOne(both),
      });
    }
  }
  const adjusted = holm(pairs.map(({ p }) => p));
  return pairs.map((pair, i) => ({ ...pair, adjustedP: adjusted[i] }));
}

const ofTwo = (
  { references, hypotheses }: RecognizedUtterance,
  first: number,
  second: number,
): RecognizedUtterance => ({
  references: [references[first], references[second]],
  hypotheses: [hypotheses[first], hypotheses[second]],
});

/** Utterances whose references are spelled in different words tell nothing here. */
function wordsOfOne(
  utterances: readonly RecognizedUtterance[],
): Pick<SystemPair, "onlyFirst" | "onlySecond" | "bothWrong" | "inserted"> {
  const marks = utterances.flatMap((utterance) => markWords(utterance) ?? []);
  const inserted = (system: number): number => marks.reduce((sum, mark) => sum + mark.inserted[system], 0);
  return {
    onlyFirst: countWords(marks.filter(({ wrong }) => wrong[0] && !wrong[1])),
    onlySecond: countWords(marks.filter(({ wrong }) => wrong[1] && !wrong[0])),
    bothWrong: marks.filter(({ wrong }) => wrong[0] && wrong[1]).length,
    inserted: [inserted(0), inserted(1)],
  };
}

function countWords(marks: readonly MarkedWord[]): WordCount[] {
  const counts = new Map<string, number>();
  for (const { word = "" } of marks) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Array.from(counts, ([word, times]) => ({ word, times })).toSorted(
    (a, b) => b.times - a.times || (a.word < b.word ? -1 : 1),
  );
}

/** The least p counts as often as there are pairs, the next once less, and none less than one before it. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).toSorted((a, b) => ps[a] - ps[b]);
  const adjusted = [...ps];
  let least = 0;
  for (const [rank, i] of order.entries()) {
    least = Math.max(least, Math.min(1, (ps.length - rank) * ps[i]));
    adjusted[i] = least;
  }
  return adjusted;
}
