import { describe, expect, it } from "vitest";
import { alignText, BeamDecoder, GreedyDecoder, type Decoder } from "../../src/ctc/index.ts";
import { openLanguageModel } from "../../src/lm/index.ts";
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

/** One step for each of these; of several pieces in one step all are equally likely. */
function stepsOf(path: readonly (readonly string[])[], { symbols, size, blank }: Alphabet): Float32Array {
  return Float32Array.from(
    path.flatMap((choices) => {
      const likely = choices.map((piece) =>
        piece === "" ? blank : Math.max(symbols.indexOf(piece), symbols.indexOf(piece.replaceAll(" ", "▁"))),
      );
      const rest = 0.002 / (size - likely.length);
      return Array.from({ length: size }, (_, k) =>
        Math.log(likely.includes(k) ? 0.998 / likely.length : rest),
      );
    }),
  );
}

const textsOf = (decoder: Decoder, path: readonly (readonly string[])[]) =>
  (decoder as BeamDecoder).decode(stepsOf(path, decoder.alphabet)).map(({ text }) => text);

describe("what a text adds to the score, of word pieces", () => {
  const pieces = Alphabet.fromPieces([" se", "e", "a", " see", " s", "t", " ", "s"]);
  const unclear = [[" se"], ["e", "a"]];

  it("is by words that pieces spell: a model of words decides between them", async () => {
    for (const [word, other] of ["see", "sea"].map((each, i, all) => [each, all[1 - i]])) {
      const scorer = await openLanguageModel(
        new TextEncoder().encode(
          `\\data\\\nngram 1=5\n\n\\1-grams:\n-2 <unk>\n-99 <s>\n-1 </s>\n-0.3 ${word}\n-1.5 ${other}\n\n\\end\\\n`,
        ),
        "made.arpa",
      );
      const decoder = new BeamDecoder(pieces, { alpha: 1, beta: 0, nBest: 2 }, { scorer });
      expect(textsOf(decoder, unclear)).toEqual([word, other]);
      const [first, second] = decoder.decode(stepsOf(unclear, pieces));
      expect(first.score - second.score).toBeCloseTo(1.2 * Math.LN10, 5);
    }
  });

  it("is as the same text adds in characters", async () => {
    const arpa = `\\data\\\nngram 1=6\n\n\\1-grams:\n-2 <unk>\n-99 <s>\n-1 </s>\n-0.3 see\n-1.5 sea\n-0.7 set\n\n\\end\\\n`;
    const scorer = await openLanguageModel(new TextEncoder().encode(arpa), "made.arpa");
    const settings = { alpha: 0.7, beta: 1.3, unknownWordPenalty: 4 };
    const knowledge = { scorer, hotWords: { "see tea": 3, eat: 2 } };
    const added = (alphabet: Alphabet, text: string) => {
      const path = Array.from(alphabet.encode(text), (label) => [alphabet.symbols[label]]);
      const blanks = path.flatMap((each) => [[""], each]);
      const [best] = new BeamDecoder(alphabet, settings, knowledge).decode(stepsOf(blanks, alphabet));
      expect(best.text).toBe(text);
      return best.score - best.acousticScore;
    };
    for (const text of ["see", "see sea", "see tea", "see eat seas", "eat at see tea"])
      expect(added(pieces, text)).toBeCloseTo(added(pieces.characters, text), 6);
  });

  it("is by hot words and vocabularies", () => {
    expect(textsOf(new BeamDecoder(pieces, { beta: 0 }, { hotWords: { sea: 5 } }), unclear)).toEqual(["sea"]);
    const dictionary = new BeamDecoder(pieces, { dictionary: true, beta: 0 }, { vocabulary: ["see"] });
    expect(textsOf(dictionary, unclear)).toEqual(["see"]);
  });

  it("counts a text once among the best, however it is cut into pieces", () => {
    const decoder = new BeamDecoder(pieces, { beta: 0, nBest: 4 });
    const texts = textsOf(decoder, [
      [" se", " see"],
      ["e", " see"],
    ]);
    expect(texts.toSorted()).toEqual(["se see", "see", "seee"]);
  });
});

describe("pieces that end words", () => {
  const ending = Alphabet.fromPieces(["un", "able ", "re", "do ", "a "]);
  const path = [["un"], ["do "], [""], ["re"], ["able "], ["a "]];

  it("are joined to the words that they end", () => {
    for (const decoder of [new GreedyDecoder(ending), new BeamDecoder(ending, { beta: 0 })]) {
      const [{ text, words }] = decoder.open().finish(stepsOf(path, ending));
      expect(text).toBe("undo reable a");
      expect(words.map(({ text, startStep }) => [text, startStep])).toEqual([["undo", 0], ["reable", 3], ["a", 5]]); // prettier-ignore
    }
  });

  it("spell a text that is aligned", () => {
    const { words } = alignText(stepsOf(path, ending), "undo reable a", ending);
    expect(words.map(({ text, symbols }) => [text, symbols.length])).toEqual([["undo", 2], ["reable", 2], ["a", 1]]); // prettier-ignore
  });
});
