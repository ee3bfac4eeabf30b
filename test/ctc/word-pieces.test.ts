import { describe, expect, it } from "vitest";
import { alignText, BeamDecoder, GreedyDecoder, type Decoder } from "../../src/ctc/index.ts";
import { Alphabet } from "../../src/text/index.ts";

const alphabet = Alphabet.fromPieces([" rec", "og", "nize", " ", "s", " a"]);
const PATH = [" rec", "", "og", "nize", "nize", " a", "", " ", "s", "og"];

/** Rows in which each step has one piece, "" the blank, with a probability of 0.9. */
const rows = Float32Array.from(
  PATH.flatMap((piece) => {
    const sure = piece === "" ? alphabet.blank : alphabet.symbols.indexOf(piece.replace(" ", "▁"));
    const rest = 0.1 / (alphabet.size - 1);
    return Array.from({ length: alphabet.size }, (_, k) => Math.log(k === sure ? 0.9 : rest));
  }),
);

const decoders: [string, Decoder][] = [
  ["greedy", new GreedyDecoder(alphabet)],
  ["beam", new BeamDecoder(alphabet, { beta: 0 })],
];

describe.each(decoders)("%s decoding of word pieces", (_, decoder) => {
  it("gives whole words, with the times of their first and last pieces", () => {
    const [{ text, words }] = decoder.open().finish(rows);
    expect(text).toBe("recognize a sog");
    expect(words.map((word) => [word.text, word.startStep, word.endStep])).toEqual([
      ["recognize", 0, 5],
      ["a", 5, 6],
      ["sog", 7, 10],
    ]);
    for (const { confidence } of words) expect(confidence).toBeGreaterThan(0.5);
  });

  it("by two models gives whole words too", () => {
    const [{ text, words }] = decoder.decodeTogether(
      [rows, rows].map((own) => ({ rows: own, stepMs: 40, weight: 0.5 })),
    );
    expect(text).toBe("recognize a sog");
    expect(words.map((word) => [word.text, word.startStep, word.endStep])).toEqual([
      ["recognize", 0, 5],
      ["a", 5, 6],
      ["sog", 7, 10],
    ]);
  });

  it("of a stream hands out words once they have ended, and shows what has begun", () => {
    const V = alphabet.size;
    const stream = decoder.open();
    const final: string[] = [];
    const shown: string[] = [];
    for (let t = 0; t < PATH.length; t++) {
      const { words, text } = stream.push(rows.subarray(t * V, (t + 1) * V));
      final.push(...words.map((word) => word.text));
      shown.push([...final, text].join(" ").trim());
    }
    const [{ words }] = stream.finish();
    expect([...final, ...words.map((word) => word.text)]).toEqual(["recognize", "a", "sog"]);
    expect(shown.slice(2)).toEqual([
      "recog",
      "recognize",
      "recognize",
      "recognize a",
      "recognize a",
      "recognize a",
      "recognize a s",
      "recognize a sog",
    ]);
  });
});

it("a known text is aligned in whole words, each with its pieces", () => {
  const { words } = alignText(rows, "recognize a sog", alphabet);
  expect(words.map(({ text, symbols }) => [text, symbols.map((symbol) => symbol.text)])).toEqual([
    ["recognize", ["▁rec", "og", "nize"]],
    ["a", ["▁a"]],
    ["sog", ["▁", "s", "og"]],
  ]);
});

it("language models, vocabularies and hot words are refused by name", () => {
  expect(() => new BeamDecoder(alphabet, {}, { hotWords: { recognize: 5 } })).toThrow(
    "Language models, vocabularies and hot words are spelled in characters, but the model spells with word pieces.",
  );
});
