// What is said and is no sentence of the grammar, without a calibration: told from silence, however it comes.

import { describe, expect, it } from "vitest";
import { BeamDecoder, OutsideGrammarDecoder } from "../../src/ctc/index.ts";
import { Grammar } from "../../src/grammar/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import { rowsOf } from "./texts.ts";

const alphabet = Alphabet.english();
const lights = await Grammar.from(["turn on the light", "turn off the radio please"]);
const searching = (beam = 100) => new BeamDecoder(alphabet, { beta: 0, beam }, { grammar: lights });
const finished = (path: string, decoder = new OutsideGrammarDecoder(searching())) =>
  decoder.open().finish(rowsOf(path, alphabet));

describe("a decoder with a grammar and no calibration", () => {
  it("rejects speech that all sentences fit worse than silence does, and says what was spelled", () => {
    expect(finished("_hi_ yo_u_")).toMatchObject([
      {
        text: "",
        words: [],
        meaning: null,
        rejected: { reason: "not-a-command", best: "hi you", confidence: 0 },
      },
    ]);
    expect(finished("_hi_ yo_u_")[0].confidence).toBeUndefined();
  });

  it("leaves silence and sentences as they are", () => {
    for (const path of ["", "______", "_turn_ on_ the_ light_"])
      expect(finished(path)).toEqual(searching().open().finish(rowsOf(path, alphabet)));
    expect(finished("______")[0].rejected).toBeUndefined();
  });

  it("says the same of a stream, whatever its chunks, and of several models", () => {
    const decoder = new OutsideGrammarDecoder(searching());
    for (const path of ["_hi_ yo_u_", "_turn_ on_ the_ light_"]) {
      const rows = rowsOf(path, alphabet);
      const stream = decoder.open();
      for (let at = 0; at < rows.length; at += alphabet.size)
        expect(stream.push(rows.slice(at, at + alphabet.size)).words).toEqual([]);
      const [{ text, rejected }] = stream.finish();
      expect({ text, rejected }).toEqual({
        text: finished(path)[0].text,
        rejected: finished(path)[0].rejected,
      });
      const together = decoder.decodeTogether([1, 2].map(() => ({ rows, stepMs: 20, weight: 0.5 })));
      expect({ text: together[0].text, rejected: together[0].rejected }).toEqual({ text, rejected });
    }
  });

  it("rejects a sentence that was never finished, though words of it had left", () => {
    const stream = new OutsideGrammarDecoder(searching(1)).open();
    const words = ["turn", " on", " the"].flatMap(
      (word) => stream.push(rowsOf(word + "_".repeat(100), alphabet)).words,
    );
    expect(words.map(({ text }) => text)).toEqual(["turn", "on"]);
    expect(stream.finish(rowsOf("_", alphabet))).toMatchObject([
      { text: "", meaning: null, rejected: { reason: "not-a-command", best: "turn on the" } },
    ]);
  });

  it("takes the end of a sentence for no silence", () => {
    const stream = new OutsideGrammarDecoder(searching(1)).open();
    for (const word of ["turn ", "on ", "the ", "light "])
      stream.push(rowsOf(word + "_".repeat(100), alphabet));
    expect(stream.finish()[0].rejected).toBeUndefined();
  });
});
