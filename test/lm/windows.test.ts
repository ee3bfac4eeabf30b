// Counting n-grams of a stretch of text, beside counting them in a map and sorting that.

import { expect, it } from "vitest";
import { countWindows } from "../../src/lm/windows.ts";
import { RandomStream } from "../../src/random.ts";

const SENTENCE_END = 2;

it.each([
  { order: 1, bound: 3, count: 500 },
  { order: 3, bound: 5, count: 3000 },
  { order: 7, bound: 6, count: 3000 }, // several tokens in the number of a group
  { order: 2, bound: 40_000, count: 3000 },
  { order: 5, bound: 3000, count: 3000 }, // two words of two tokens
  { order: 4, bound: 2 ** 20, count: 3000 }, // a word for each token
  { order: 6, bound: 60_000, count: 60_000 }, // groups large enough for large digits
])("n-grams of order $order, tokens below $bound", ({ order, bound, count }) => {
  const random = new RandomStream("windows", order, bound);
  const token = () => Math.floor(bound * random.uniform() ** 6);
  const tokens = Uint32Array.from({ length: count + order - 1 }, () =>
    random.integer(9) === 0 ? SENTENCE_END : token(),
  );
  const counted: { ngram: string; count: number }[] = [];
  const take = (words: Uint32Array, times: number) =>
    counted.push({ ngram: words.subarray(0, order).join(" "), count: times });
  for (const done of countWindows(tokens, count, { order, bound }, take)) expect(done).toBeLessThanOrEqual(1);
  expect(counted).toEqual(plainlyCounted(tokens, count, order));
});

function plainlyCounted(tokens: Uint32Array, count: number, order: number) {
  const counts = new Map<string, { readonly words: Uint32Array; readonly ngram: string; count: number }>();
  for (let place = 0; place < count; place++) {
    const words = tokens.slice(place, place + order);
    const end = words.indexOf(SENTENCE_END);
    if (end >= 0) words.fill(0, end + 1);
    const ngram = words.join(" ");
    const known = counts.get(ngram);
    if (known) known.count++;
    else counts.set(ngram, { words, ngram, count: 1 });
  }
  const sorted = [...counts.values()].toSorted((a, b) => compare(a.words, b.words));
  return sorted.map(({ ngram, count: times }) => ({ ngram, count: times }));
}

function compare(a: Uint32Array, b: Uint32Array): number {
  const at = a.findIndex((word, i) => word !== b[i]);
  return at < 0 ? 0 : a[at] - b[at];
}
