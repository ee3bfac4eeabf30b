import { describe, expect, it } from "vitest";
import { alignText, GreedyDecoder, greedyDecode } from "../../src/ctc/index.ts";
import type { TimedWord } from "../../src/ctc/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet } from "../../src/text/index.ts";
import { randomRows, rowsOf } from "./texts.ts";

const alphabet = Alphabet.fromSymbols(["a", " ", "b"]);
const spaceless = Alphabet.fromSymbols([..."天地人"]);
const SEEDS = Array.from({ length: 30 }, (_, seed) => seed);

/** The plain way, with no stream: the text of the likeliest symbols, aligned with all rows at once. */
function wholeByAlignment(rows: Float32Array, alphabet: Alphabet) {
  const { size, blank } = alphabet;
  const [labels] = greedyDecode(rows, { steps: [rows.length / size], symbols: size, blank });
  const text = alphabet.decode(labels).replace(/\s+/gu, " ").trim();
  const { words, score } = alignText(rows, text, alphabet);
  return {
    text,
    score,
    acousticScore: score,
    words: words.map(({ text, startStep, endStep, confidence }) => ({
      text,
      startStep,
      endStep,
      confidence,
    })),
  };
}

function inChunks(rows: Float32Array, alphabet: Alphabet, steps: number) {
  const stream = new GreedyDecoder(alphabet).open();
  const early: TimedWord[] = [];
  for (let at = 0; at < rows.length; at += steps * alphabet.size)
    early.push(...stream.push(rows.subarray(at, at + steps * alphabet.size)).words);
  const [rest] = stream.finish();
  return { early, rest, words: [...early, ...rest.words] };
}

/** Rows that rarely are sure, so that words are short and paths many. */
const unsure = (seed: number, steps: number, { size } = alphabet) =>
  randomRows(new RandomStream("greedy", seed), steps, size, 2);

/** Rows of few different numbers: at about every second step two symbols are equally likely. */
function withTies(seed: number, steps: number, { size } = alphabet): Float32Array {
  const random = new RandomStream("ties", seed);
  const rows = new Float32Array(steps * size);
  for (let t = 0; t < steps; t++) {
    const weights = Array.from({ length: size }, () => 1 + random.integer(3));
    const sum = weights.reduce((a, b) => a + b);
    weights.forEach((weight, k) => (rows[t * size + k] = Math.log(weight / sum)));
  }
  return rows;
}

describe("a greedy decoder", () => {
  it.each(SEEDS)("fed once gives the alignment of the whole, to the last bit (rows %i)", (seed) => {
    for (const symbols of [alphabet, spaceless])
      for (const rows of [unsure(seed, 150, symbols), withTies(seed, 40, symbols)])
        expect(new GreedyDecoder(symbols).decode(rows)).toEqual([wholeByAlignment(rows, symbols)]);
  });

  it.each(SEEDS)("gives the same words, times and scores however its rows are cut (rows %i)", (seed) => {
    for (const symbols of [alphabet, spaceless])
      for (const rows of [unsure(seed, 350, symbols), withTies(seed, 120, symbols)]) {
        const [whole] = new GreedyDecoder(symbols).decode(rows);
        for (const steps of [1, 7, 100]) {
          const { words, rest } = inChunks(rows, symbols, steps);
          expect(words).toEqual(whole.words);
          expect([rest.score, rest.acousticScore]).toEqual([whole.score, whole.acousticScore]);
        }
      }
  });
});

describe("a greedy stream", () => {
  const english = Alphabet.english();

  it("hands a word out when it has ended, and tells what has been spelled since", () => {
    const stream = new GreedyDecoder(english).open();
    expect(stream.push(new Float32Array(0))).toEqual({ words: [], text: "", settled: 0 });
    expect(stream.push(rowsOf("_hh_i", english))).toEqual({ words: [], text: "hi", settled: 0 });
    const { words, text } = stream.push(rowsOf("ii_ _t", english));
    expect(words.map(({ text, startStep, endStep }) => [text, startStep, endStep])).toEqual([["hi", 1, 7]]);
    expect(text).toBe("t");
    expect(stream.finish(rowsOf("o", english))).toMatchObject([
      { text: "to", words: [{ text: "to", startStep: 10, endStep: 12 }] },
    ]);
  });

  it("waits where two symbols are equally likely, for then the times are not certain", () => {
    const rows = rowsOf("_ab_ ab ", english);
    const tied = rows.subarray(english.size * 3, english.size * 4).fill(Math.log(0.1 / (english.size - 2)));
    tied[0] = tied[english.blank] = Math.log(0.45);
    const { early, words } = inChunks(rows, english, 1);
    expect(early).toEqual([]);
    expect(words).toEqual(wholeByAlignment(rows, english).words);
  });

  it("cannot go on after its end", () => {
    const stream = new GreedyDecoder(english).open();
    expect(stream.finish()).toEqual([{ text: "", words: [], score: 0, acousticScore: 0 }]);
    expect(() => stream.push(new Float32Array(0))).toThrow("decoder: The stream has been finished already.");
  });

  it("refuses rows that are none, naming the step of the stream", () => {
    const stream = new GreedyDecoder(alphabet).open();
    expect(() => stream.push(new Float32Array(5))).toThrow("no whole number of steps of 4 symbols");
    stream.push(rowsOf("ab", alphabet));
    expect(() => stream.push(new Float32Array(4))).toThrow("step 2: The probabilities of the symbols add up");
    expect(() => stream.push(new Float32Array(4).fill(NaN))).toThrow("step 2: A logit is NaN");
  });
});
