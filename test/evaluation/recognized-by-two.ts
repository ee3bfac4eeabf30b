// Utterances as two made-up systems heard them: words of which no sentence has one twice, some left out, replaced or
// added, so that each has one alignment.

import type { RecognizedUtterance } from "../../src/evaluation/comparison/word-marks.ts";
import { RandomStream } from "../../src/random.ts";

const WORDS = "alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november".split(
  " ",
);

/** @param rates of errors, of each system @param shared the share of words that are hard for both */
export function recognizedByTwo(
  count: number,
  rates: readonly [number, number],
  shared = 0.05,
): RecognizedUtterance[] {
  const random = new RandomStream("heard by two");
  return Array.from({ length: count }, () => {
    const words = random.shuffle(WORDS).slice(0, 1 + random.integer(WORDS.length));
    const hard = words.map(() => random.uniform() < shared);
    const hypotheses = rates.map((rate) =>
      words
        .flatMap((word, i) => {
          if (!hard[i] && random.uniform() >= rate) return [word];
          return [[], ["mistaken"], [word, "added"]][random.integer(3)];
        })
        .join(" "),
    );
    const reference = words.join(" ");
    return { references: [reference, reference], hypotheses };
  });
}
