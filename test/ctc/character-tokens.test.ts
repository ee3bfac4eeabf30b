// Symbols of more than one code point, and language models of characters whose tokens are finer, the same or composed
// otherwise. The expected numbers are sums of the ARPA's own log10 probabilities and back-offs, done by hand.

import { describe, expect, it } from "vitest";
import { BeamDecoder } from "../../src/ctc/index.ts";
import { openLanguageModel, scoreSentence } from "../../src/lm/index.ts";
import { Alphabet } from "../../src/text/index.ts";

/** A bigram model that likes the given tokens one after the other, and each alone little. */
function modelOf(tokens: readonly string[], bigrams: readonly string[]) {
  const unigrams = [
    "-3\t<unk>\t0",
    "0\t<s>\t-0.1",
    "-1\t</s>\t0",
    ...tokens.map((token) => `-2\t${token}\t-0.5`),
  ];
  const arpa = [
    "\\data\\",
    `ngram 1=${unigrams.length}`,
    `ngram 2=${bigrams.length}`,
    "",
    "\\1-grams:",
    ...unigrams,
    "",
    "\\2-grams:",
    ...bigrams.map((bigram) => `-0.25\t${bigram}`),
    "",
    "\\end\\",
    "",
  ].join("\n");
  return openLanguageModel(new TextEncoder().encode(arpa), "made.arpa");
}

/** Rows that are sure of a sequence of labels, but for a given doubt between two symbols at one step. */
function rowsOf(alphabet: Alphabet, steps: readonly Readonly<Record<string, number>>[]): Float32Array {
  const rows = new Float32Array(steps.length * alphabet.size);
  steps.forEach((step, t) => {
    const rest = 1 - Object.values(step).reduce((sum, p) => sum + p, 0);
    for (let k = 0; k < alphabet.size; k++) {
      const symbol = k === alphabet.blank ? "_" : alphabet.symbols[k];
      rows[t * alphabet.size + k] = Math.log(
        step[symbol] ?? rest / (alphabet.size - Object.keys(step).length),
      );
    }
  });
  return rows;
}

const TILDE_G = "g\u0303"; // has no composed form

const MODELS = [
  {
    name: "code points of a letter with a tilde",
    symbol: TILDE_G,
    tokens: ["a", "g", "\u0303", "m", "<space>"],
    bigrams: ["<s> a", "a g", "g \u0303", "\u0303 a"],
    log10: -0.25 * 3,
  },
  {
    name: "the symbol itself as one token",
    symbol: TILDE_G,
    tokens: ["a", TILDE_G, "m", "<space>"],
    bigrams: ["<s> a", `a ${TILDE_G}`],
    log10: -0.25 * 2,
  },
  {
    name: "decomposed code points of a composed letter",
    symbol: "é",
    tokens: ["a", "e", "\u0301", "m", "<space>"],
    bigrams: ["<s> a", "a e", "e \u0301"],
    log10: -0.25 * 3,
  },
  {
    name: "code points of a consonant with a vowel sign",
    symbol: "कि",
    tokens: ["a", "क", "ि", "m", "<space>"],
    bigrams: ["<s> a", "a क", "क ि"],
    log10: -0.25 * 3,
  },
];

describe("a language model of characters, and a symbol that it spells in its own way", () => {
  it.each(MODELS)("weighs it by all its tokens: $name", async ({ symbol, tokens, bigrams, log10 }) => {
    const scorer = await modelOf(tokens, bigrams);
    expect(scorer.unit).toBe("character");
    const alphabet = Alphabet.fromSymbols(["a", symbol, "m", " "]);
    // The network takes "m" for a little more probable; the model knows better, as "am" is no bigram.
    const rows = rowsOf(alphabet, [{ a: 0.97 }, { [symbol]: 0.46, m: 0.5 }]);
    const [best] = new BeamDecoder(alphabet, { alpha: 1, beta: 0 }, { scorer }).decode(rows);
    expect(best.text).toBe(`a${symbol}`.normalize("NFC"));
    const end = -0.5 - 1; // back-off to the unigram </s>
    expect(best.score - best.acousticScore).toBeCloseTo(Math.LN10 * (log10 + end), 4);
  });

  it.each(MODELS)("scores a sentence with it as the decoder does: $name", async (model) => {
    const scorer = await modelOf(model.tokens, model.bigrams);
    const { log10, oov } = scoreSentence(scorer, `a${model.symbol}`);
    expect(oov).toBe(0);
    expect(log10).toBeCloseTo(model.log10 - 1.5, 4);
  });

  it("is unknown as one token where the model lacks a part of it", async () => {
    const scorer = await modelOf(["a", "g", "m", "<space>"], ["<s> a", "a g"]);
    const alphabet = Alphabet.fromSymbols(["a", TILDE_G, "m", " "]);
    const rows = rowsOf(alphabet, [{ a: 0.97 }, { [TILDE_G]: 0.999_999 }]);
    const [best] = new BeamDecoder(alphabet, { alpha: 1, beta: 0 }, { scorer }).decode(rows);
    // <s> a; back-off of a, <unk>; </s>
    expect(best.text).toBe(`a${TILDE_G}`);
    expect(best.score - best.acousticScore).toBeCloseTo(Math.LN10 * (-0.25 - 0.5 - 3 - 1), 4);
  });
});
