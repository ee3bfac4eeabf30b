// Random models, and back-off as its definition reads (Katz 1987), over a map of n-grams: the oracle of the store.

import type { RandomStream } from "../../src/random.ts";

/** N-gram → log10 probability and back-off. */
export type Ngrams = ReadonlyMap<string, readonly [probability: number, backoff: number]>;

/** An ARPA file whose numbers mean nothing; contexts of n-grams may be missing, as some programs leave them. */
export function randomArpa(random: RandomStream, order: number): { arpa: string; ngrams: Ngrams } {
  const value = (scale: number): number => -Number((scale * random.uniform()).toFixed(4));
  const words = ["<unk>", "<s>", "</s>", "w0", "w1", "w2", "w3", "w4", "w5"];
  const ngrams = new Map<string, [number, number]>(words.map((word) => [word, [value(4), value(1)]]));
  for (let length = 2; length <= order; length++) {
    for (let i = 0; i < 25; i++) {
      const inside = Array.from({ length: length - 2 }, () => words[3 + random.integer(6)]);
      const ngram = [words[1 + 2 * random.integer(4)], ...inside, words[2 + random.integer(7)]];
      ngrams.set(ngram.join(" ").replace(/^<\/s>/, "w5"), [value(3), length < order ? value(1) : 0]);
    }
  }
  return { arpa: arpaOf(ngrams, order), ngrams };
}

function arpaOf(ngrams: Ngrams, order: number): string {
  const sections = Array.from({ length: order }, (_, i) =>
    [...ngrams].filter(([ngram]) => ngram.split(" ").length === i + 1),
  );
  const counts = sections.map((section, i) => `ngram ${i + 1}=${section.length}`);
  const lines = sections.map((section, i) =>
    [
      `\n\\${i + 1}-grams:`,
      ...section.map(([ngram, [p, b]]) => (i + 1 < order ? `${p}\t${ngram}\t${b}` : `${p}\t${ngram}`)),
    ].join("\n"),
  );
  return `\\data\\\n${counts.join("\n")}\n${lines.join("\n")}\n\n\\end\\\n`;
}

/** log10 P of a sentence from <s> to </s>; the order is that of the longest n-gram. */
export function plainLog10(ngrams: Ngrams, sentence: string): number {
  const order = Math.max(...Array.from(ngrams.keys(), (ngram) => ngram.split(" ").length));
  const known = sentence
    .split(" ")
    .filter(Boolean)
    .map((word) => (ngrams.has(word) ? word : "<unk>"));
  const tokens = ["<s>", ...known, "</s>"];
  let sum = 0;
  for (let i = 1; i < tokens.length; i++) {
    sum += conditional(ngrams, tokens.slice(Math.max(0, i - order + 1), i), tokens[i]);
  }
  return sum;
}

function conditional(ngrams: Ngrams, context: readonly string[], word: string): number {
  const own = ngrams.get([...context, word].join(" "));
  if (own) return own[0];
  const backoff = ngrams.get(context.join(" "))?.[1] ?? 0;
  return backoff + conditional(ngrams, context.slice(1), word);
}
