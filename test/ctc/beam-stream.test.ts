import { describe, expect, it } from "vitest";
import { BeamDecoder } from "../../src/ctc/index.ts";
import type { TimedWord } from "../../src/ctc/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet } from "../../src/text/index.ts";
import { randomRows, rowsOf, TinyModel } from "./texts.ts";

const alphabet = Alphabet.fromSymbols(["a", "b", " "]);
const V = alphabet.size;
const SEEDS = [0, 1, 2, 3, 4, 5];

/** What a stream gives when its rows come in chunks of these many steps, over and over. */
function inChunks(decoder: BeamDecoder, rows: Float32Array, sizes: readonly number[]) {
  const stream = decoder.open();
  const words: TimedWord[] = [];
  let at = 0;
  for (let chunk = 0; at < rows.length; chunk++) {
    const next = Math.min(rows.length, at + sizes[chunk % sizes.length] * V);
    words.push(...stream.push(rows.subarray(at, next)).words);
    at = next;
  }
  const rest = stream.finish();
  return { early: words, rest, words: [...words, ...rest[0].words] };
}

/** Speech-like rows: words with pauses, none of them certain. */
function speech(seed: number, words: number): Float32Array {
  const random = new RandomStream("speech", seed);
  const spoken = Array.from({ length: words }, () => ["aa_b", "b", "ab", "b_b_a"][random.integer(4)]);
  const path = spoken.join("_ __");
  const rows = rowsOf(path, alphabet, 0.9);
  const noise = randomRows(random, path.length, V, 1);
  return rows.map((log, i) => Math.log(0.7 * Math.exp(log) + 0.3 * Math.exp(noise[i])));
}

describe("a stream", () => {
  const scorer = new TinyModel("word", ["aab", "b", "ab"], 1);
  const decoder = new BeamDecoder(alphabet, { alpha: 0.4, beam: 20 }, { scorer, hotWords: { "b ab": 1 } });

  it.each(SEEDS)("gives the same words, times and scores however it is cut (speech %i)", (seed) => {
    const rows = speech(seed, 60);
    const [whole] = decoder.decode(rows);
    for (const sizes of [[1], [7], [50], [3, 0, 101], [rows.length]]) {
      const { words, rest } = inChunks(decoder, rows, sizes);
      expect(words).toEqual(whole.words);
      expect(rest[0].score).toBe(whole.score);
      expect(rest[0].acousticScore).toBe(whole.acousticScore);
    }
  });

  it("hands out words that never change, long before its end", () => {
    const rows = speech(7, 200);
    const { early, words } = inChunks(decoder, rows, [25]);
    expect(early.length).toBeGreaterThan(150);
    expect(words.slice(0, early.length)).toEqual(early);
  });

  it("tells the likeliest text so far at any time", () => {
    const stream = new BeamDecoder(alphabet, { beta: 0 }).open();
    expect(stream.push(new Float32Array(0))).toEqual({ words: [], text: "", settled: 0 });
    expect(stream.push(rowsOf("a_b", alphabet)).text).toBe("ab");
    expect(stream.push(rowsOf("_ ", alphabet)).text).toBe("ab");
    expect(stream.push(rowsOf("b", alphabet)).text).toBe("ab b");
    expect(stream.finish()[0].text).toBe("ab b");
  });

  it("holds no more after an hour than after a minute", () => {
    const stream = decoder.open();
    const minute = speech(3, 150);
    const heldAfter = () => JSON.stringify(stream.push(minute)).length; // words of this minute alone
    const first = heldAfter();
    for (let i = 0; i < 10; i++) expect(heldAfter()).toBeLessThan(1.3 * first);
  });

  it("does not hold two readings apart for ever: the better one is settled", () => {
    const rows = rowsOf("a".concat("_b_a".repeat(1100)), alphabet);
    const [a, b] = [0, 1];
    rows[a] = Math.log(0.4); // the first letter is "a" or "b", and nothing later tells which
    rows[b] = Math.log(0.39);
    rows[2] = Math.log(0.01);
    rows[3] = Math.log(0.2);
    const spelled = new BeamDecoder(alphabet, { beta: 0, beam: 4 }).decode(rows)[0].text;
    expect(spelled).toBe("a".concat("ba".repeat(1100)));
  });

  it.each(SEEDS)("times its words when they are asked for, however late (speech %i)", (seed) => {
    const rows = speech(seed, 60);
    const expected = structuredClone(decoder.decode(rows)[0].words);
    const reused = rows.slice();
    const [whole] = decoder.decode(reused);
    reused.fill(-1);
    decoder.decode(speech(seed + 1, 60));
    expect(whole.words).toEqual(expected);
    expect(whole.words).toBe(whole.words);
  });

  it("cannot go on after its end", () => {
    const stream = decoder.open();
    stream.finish();
    expect(() => stream.push(new Float32Array(0))).toThrow("decoder: The stream has been finished already.");
  });

  it.each(SEEDS)("knows nothing of other streams (speech %i)", (seed) => {
    const [mine, other] = [speech(seed, 30), speech(seed + 100, 30)];
    const [alone] = decoder.decode(mine);
    const [first, second] = [decoder.open(), decoder.open()];
    const words: TimedWord[] = [];
    for (let at = 0; at < mine.length; at += 5 * V) {
      words.push(...first.push(mine.slice(at, at + 5 * V)).words);
      second.push(other.slice(at, at + 5 * V));
    }
    expect([...words, ...first.finish()[0].words]).toEqual(alone.words);
  });
});

describe("word times", () => {
  it("are those of the path: a word begins with its first letter and ends after its last", () => {
    const [{ text, words }] = new BeamDecoder(alphabet, { beta: 0 }).decode(
      rowsOf("__aa_b_  _b__", alphabet, 0.97),
    );
    expect(text).toBe("ab b");
    expect(words.map(({ text, startStep, endStep }) => [text, startStep, endStep])).toEqual([
      ["ab", 2, 6],
      ["b", 10, 11],
    ]);
  });

  it.each(SEEDS)(
    "follow each other, and the same words have the same times at any beam (speech %i)",
    (seed) => {
      const rows = speech(seed, 40);
      const byBeam = [1, 8, 64].map((beam) => new BeamDecoder(alphabet, { beta: 0, beam }).decode(rows)[0]);
      for (const { words } of byBeam) {
        let end = 0;
        for (const { startStep, endStep, confidence } of words) {
          expect(startStep).toBeGreaterThanOrEqual(end);
          expect(endStep).toBeGreaterThan(startStep);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
          end = endStep;
        }
        expect(end).toBeLessThanOrEqual(rows.length / V);
      }
      const times = ({ words }: { words: readonly TimedWord[] }) =>
        words.map(({ startStep, endStep }) => [startStep, endStep]);
      for (const other of byBeam)
        if (other.text === byBeam[0].text) expect(times(other)).toEqual(times(byBeam[0]));
    },
  );

  it("are each symbol's where the alphabet has no space", () => {
    const spaceless = Alphabet.fromSymbols(["日", "本", "語"]);
    const rows = rowsOf("_日日_本語_", spaceless);
    const [{ text, words }] = new BeamDecoder(spaceless, { beta: 0 }).decode(rows);
    expect(text).toBe("日本語");
    expect(words.map(({ text, startStep, endStep }) => [text, startStep, endStep])).toEqual([
      ["日", 1, 3],
      ["本", 4, 5],
      ["語", 5, 6],
    ]);
  });
});

describe("confidence", () => {
  it("is near 1 for a word that is certain, and lower for the uncertain one of two", () => {
    const rows = rowsOf("_ab_ _bb_", alphabet, 0.999);
    const uncertain = 2 * V; // the "b" of "ab" is nearly as likely an "a"
    rows[uncertain] = Math.log(0.45);
    rows[uncertain + 1] = Math.log(0.55 - 0.0006);
    const [{ text, words }] = new BeamDecoder(alphabet, { beta: 0 }).decode(rows);
    expect(text).toBe("ab b");
    expect(words[0].confidence).toBeCloseTo(0.55, 1);
    expect(words[1].confidence).toBeGreaterThan(0.98);
  });
});
