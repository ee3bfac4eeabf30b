// Confidence and rejection by hand-made rows: what is accepted, what is not and why, and that no chunking or decoder changes it.

import { describe, expect, it } from "vitest";
import {
  BeamDecoder,
  confidenceOf,
  GreedyDecoder,
  parseRejection,
  RejectingDecoder,
  textWithEvidence,
  type Decoder,
} from "../../src/ctc/index.ts";
import { Grammar } from "../../src/grammar/index.ts";
import { Alphabet } from "../../src/text/index.ts";

const alphabet = Alphabet.english();
const V = alphabet.size;
const STEP_MS = 20;
const rejection = parseRejection({ weights: { spelling: 4 }, bias: 3, threshold: 0.5 }, "test");

/** Rows [T, V] of a path, "_" for the blank; the rest of each step's probability is shared among the other symbols. */
function rowsOf(path: string, sureness = 0.97): Float32Array {
  return Float32Array.from({ length: path.length * V }, (_, at) => {
    const symbol = path[Math.floor(at / V)];
    const own = symbol === "_" ? alphabet.blank : alphabet.symbols.indexOf(symbol);
    return Math.log(at % V === own ? sureness : (1 - sureness) / (V - 1));
  });
}
const rejecting = (decoder: Decoder = new GreedyDecoder(alphabet)) =>
  new RejectingDecoder(decoder, rejection, STEP_MS);
const finished = (rows: Float32Array, decoder = rejecting()) => decoder.open().finish(rows);

describe("evidence", () => {
  it("is what the rows say of the text: known values", () => {
    const { text, evidence } = textWithEvidence(new GreedyDecoder(alphabet), [
      { rows: rowsOf("_hi_", 0.8), stepMs: STEP_MS, weight: 1 },
    ]);
    expect(text).toBe("hi");
    const spelling = (4 * Math.log(0.8)) / (2 + 3);
    expect(evidence!.spelling).toBeCloseTo(spelling, 5);
    expect(evidence!.certainty).toBeCloseTo(0.8 * Math.log(0.8) + 0.2 * Math.log(0.2 / (V - 1)), 5);
    expect(confidenceOf(evidence!, rejection)).toBeCloseTo(1 / (1 + Math.exp(-(3 + 4 * spelling))), 5);
  });

  it("leaves steps out in which nothing is said, and is none without a text", () => {
    const greedy = new GreedyDecoder(alphabet);
    const of = (rows: Float32Array) => textWithEvidence(greedy, [{ rows, stepMs: STEP_MS, weight: 1 }]);
    const rows = Float32Array.from([...rowsOf("_".repeat(50), 0.99), ...rowsOf("hi", 0.6)]);
    expect(of(rows).evidence!.certainty).toBeCloseTo(0.6 * Math.log(0.6) + 0.4 * Math.log(0.4 / (V - 1)), 5);
    expect(of(rowsOf("____"))).toEqual({ text: "" });
  });

  it("falls with a text that explains less of what was said", () => {
    const rows = rowsOf("__hel_lo__");
    const decoder = { ...new BeamDecoder(alphabet), alphabet } as unknown as Decoder;
    const saying = (text: string): Decoder => ({
      ...decoder,
      open: () => ({
        push: () => ({ words: [], text, settled: 0 }),
        finish: () => [
          { text, words: [{ text, startStep: 0, endStep: 10, confidence: 1 }], score: 0, acousticScore: 0 },
        ],
      }),
      decodeTogether: () => [],
    });
    const spelling = (text: string) =>
      textWithEvidence(saying(text), [{ rows, stepMs: STEP_MS, weight: 1 }]).evidence!.spelling;
    expect(spelling("hello")).toBeGreaterThan(-0.1);
    expect(spelling("hallo")).toBeLessThan(-0.7);
    expect(spelling("no")).toBeLessThan(-4);
    expect(spelling("a text with more symbols than steps")).toBe(-12);
  });
});

describe("a decoder that rejects", () => {
  it("gives a text that it is sure of, with its confidence", () => {
    const [{ text, words, confidence, rejected }] = finished(rowsOf("_hel_lo_"));
    expect({ text, words: words.length, rejected }).toEqual({ text: "hello", words: 1, rejected: undefined });
    expect(confidence).toBeGreaterThan(0.9);
  });

  it("gives none where it is not sure, and says what it would have been, and why", () => {
    const texts = finished(rowsOf("_hel_lo_", 0.3));
    expect(texts).toMatchObject([
      {
        text: "",
        words: [],
        rejected: { reason: "not-a-command", best: "hello", confidence: texts[0].confidence },
      },
    ]);
    expect(texts[0].confidence).toBeLessThan(0.5);
    const [noise] = finished(rowsOf(`a ${"_".repeat(80)}b`, 0.3));
    expect(noise.rejected).toMatchObject({ reason: "noise", best: "a b" });
    expect(finished(rowsOf("____", 0.3))).toMatchObject([{ text: "", confidence: 0 }]);
    expect(finished(rowsOf("____", 0.3))[0].rejected).toBeUndefined();
  });

  it("judges the other texts where the likeliest is empty", () => {
    const textsOf = (sureness: number) => {
      const rows = rowsOf("__hi__", sureness);
      const empty = { text: "", words: [], score: 0, acousticScore: 0 };
      const hi = { text: "hi", words: [], score: -1, acousticScore: -1 };
      const decoder = {
        alphabet,
        decodeTogether: () => [empty, hi, { ...hi, text: "zq" }],
      } as unknown as Decoder;
      return rejecting(decoder).decodeTogether([{ rows, stepMs: STEP_MS, weight: 1 }]);
    };
    expect(textsOf(0.97)).toMatchObject([{ text: "", confidence: 0 }, { text: "hi" }]);
    expect(textsOf(0.97)).toHaveLength(2);
    expect(textsOf(0.3)).toHaveLength(1);
  });

  it("rejects what was said where silence is likelier than any sentence of the grammar, and silence not", async () => {
    const grammar = await Grammar.from(["mumble"]);
    const decoder = rejecting(new BeamDecoder(alphabet, {}, { grammar }));
    const [{ text, rejected }] = finished(rowsOf("__hi__"), decoder);
    expect({ text, rejected }).toMatchObject({ text: "", rejected: { reason: "not-a-command" } });
    expect(finished(rowsOf("______"), decoder)[0]).toMatchObject({ text: "", confidence: 0 });
    expect(finished(rowsOf("______"), decoder)[0].rejected).toBeUndefined();
    expect(finished(rowsOf("_mumble_"), decoder)[0]).toMatchObject({ text: "mumble" });
  });

  it("says so where it was calibrated with a grammar and decodes without one", async () => {
    const grammar = await Grammar.from(["hello"]);
    const decoders = [new GreedyDecoder(alphabet), new BeamDecoder(alphabet, {}, { grammar })];
    const warned = (calibratedWith?: "any text" | "grammar") =>
      decoders.map((decoder) =>
        new RejectingDecoder(decoder, { ...rejection, calibratedWith }, STEP_MS).warnings.map(
          ({ code }) => code,
        ),
      );
    expect(warned("grammar")).toEqual([["OTHER_CALIBRATION"], []]);
    expect(warned("any text")).toEqual([[], []]);
    expect(warned()).toEqual([[], []]);
  });

  it("holds back what is not accepted yet: the text of a stream is never taken back", () => {
    for (const decoder of [new GreedyDecoder(alphabet), new BeamDecoder(alphabet, { beta: 0 })]) {
      const rows = rowsOf("_turn__ on_ the_ light_");
      const whole = finished(rows, rejecting(decoder));
      const stream = rejecting(decoder).open();
      for (let at = 0; at < rows.length - V; at += V) {
        const { words, text, settled } = stream.push(rows.slice(at, at + V));
        expect({ words, settled }).toEqual({ words: [], settled: 0 });
        expect("turn on the light".startsWith(text)).toBe(true);
      }
      const [{ text, words, confidence }] = stream.finish(rows.slice(-V));
      expect({ text, words }).toEqual({ text: "turn on the light", words: whole[0].words });
      expect(confidence).toBeCloseTo(whole[0].confidence!, 9);
      expect(() => stream.push(rows)).toThrow(/already/);
    }
  });

  it("takes what is longer than an utterance as it comes", () => {
    const stream = rejecting().open();
    const rows = rowsOf("_word__ ".repeat(300), 0.3); // 48 s
    const early = stream.push(rows.slice(0, 1000 * V));
    expect(early.words).toEqual([]);
    const later = stream.push(rows.slice(1000 * V));
    const [last] = stream.finish();
    expect([...later.words, ...last.words]).toHaveLength(300);
    expect(last.rejected).toBeUndefined();
  });

  it("refuses a calibration that makes no sense, by its place", () => {
    expect(() => parseRejection({ weights: {}, bias: 0, threshold: 2 }, "m.safetensors")).toThrow(
      /m\.safetensors: threshold/,
    );
    expect(() => parseRejection({ weights: { speling: 1 }, bias: 0, threshold: 0 }, "m")).toThrow(/spelling/);
  });
});
