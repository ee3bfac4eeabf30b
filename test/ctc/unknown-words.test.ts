import { describe, expect, it } from "vitest";
import { BeamDecoder } from "../../src/ctc/index.ts";
import type { DecoderInput, Scorer } from "../../src/ctc/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet, errorRates } from "../../src/text/index.ts";
import { everyText, randomRows, TinyModel, wordsOf } from "./texts.ts";

const alphabet = Alphabet.english();
const words = (() => {
  const random = new RandomStream("made-up words");
  const letter = () => String.fromCharCode(97 + Math.floor(26 * random.uniform() ** 2));
  const word = () => Array.from({ length: 3 + random.integer(6) }, letter).join("");
  return [...new Set(Array.from({ length: 1500 }, word))];
})();
const known = words.slice(0, 1000);
const unknown = words.slice(1000);

/** All known words are as likely; an unknown one is less so by a factor of 100. */
const scorer: Scorer = {
  order: 1,
  unit: "word",
  start: 0,
  idOf: (word) => known.indexOf(word) + 1,
  score: (_, word, result) =>
    Object.assign(result, { logProbability: -Math.log(word === 0 ? 1e5 : 1e3), state: 0 }),
  end: () => -3,
  words: () => known,
};

/** 12 sentences of 8 words, of which a share is unknown, and rows as of a network that is often unsure. */
function sayings(share: number, strength: number): { reference: string; rows: Float32Array }[] {
  const random = new RandomStream("sayings", share, strength);
  return Array.from({ length: 12 }, () => {
    const said = Array.from({ length: 8 }, () => {
      const list = random.uniform() < share ? unknown : known;
      return list[random.integer(list.length)];
    });
    const reference = said.join(" ");
    return { reference, rows: noisyRows(reference, strength, random) };
  });
}

/** A frame for each symbol, whose logit stands above noise by `strength` on average, and a blank after each. */
function noisyRows(text: string, strength: number, random: RandomStream): Float32Array {
  const V = alphabet.size;
  return Float32Array.from(
    [...alphabet.encode(text)].flatMap((label) =>
      [label, alphabet.blank].flatMap((top) => {
        const logits = Array.from({ length: V }, () => 1.5 * random.normal());
        logits[top] += strength + 2 * random.normal();
        const sum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
        return logits.map((logit) => logit - sum);
      }),
    ),
  );
}

function wordErrors(said: ReturnType<typeof sayings>, settings: DecoderInput): number {
  const decoder = new BeamDecoder(alphabet, { alpha: 0.5, beta: 1, ...settings }, { scorer });
  return errorRates(
    said.map(({ reference, rows }) => ({ reference, hypothesis: decoder.decode(rows)[0].text })),
  ).wer;
}

describe("the usual penalty of unknown words", () => {
  it("takes off a third of the errors at least where few words are unknown", () => {
    const said = sayings(0.05, 6.5);
    expect(wordErrors(said, {})).toBeLessThan(0.67 * wordErrors(said, { unknownWordPenalty: 0 }));
  });

  it("makes at most a tenth more errors where a quarter of the words is unknown", () => {
    const said = sayings(0.25, 9);
    expect(wordErrors(said, {})).toBeLessThan(1.1 * wordErrors(said, { unknownWordPenalty: 0 }));
  });

  it("is that of a language model of words only: a vocabulary alone costs nothing", () => {
    const [{ rows }] = sayings(0.25, 9);
    const decode = (settings: DecoderInput) =>
      new BeamDecoder(alphabet, { beta: 0, ...settings }, { vocabulary: known }).decode(rows)[0];
    expect(decode({})).toEqual(decode({ unknownWordPenalty: 0 }));
  });
});

describe("unknown words stay in the beam while they are spelled", () => {
  // Were the whole price due where a word leaves the lexicon (INSTALMENTS = 1), these would be 0.281 and 0.208; they are 0.125.
  it.each([
    [16, 0.15],
    [100, 0.17],
  ])("a quarter unknown, beam %i: WER below %d", (beam, most) => {
    expect(wordErrors(sayings(0.25, 9), { beam, unknownWordPenalty: 11.5 })).toBeLessThan(most);
  });

  it("the more so the wider the beam: the best score never falls", () => {
    for (const { rows } of sayings(0.25, 9).slice(0, 4)) {
      const score = (beam: number) =>
        new BeamDecoder(alphabet, { alpha: 0.5, beam, unknownWordPenalty: 11.5 }, { scorer }).decode(rows)[0]
          .score;
      expect(score(400)).toBeGreaterThan(score(4) - 0.01);
    }
  });

  it("and cost as much at the end of a text as the definition says, however long they are", () => {
    const letters = Alphabet.fromSymbols(["a", " "]);
    const model = new TinyModel("word", ["aa"], 1);
    const settings = { alpha: 0.7, beta: 0.9, unknownWordPenalty: 2, beam: 1e5, nBest: 1e5 };
    const rows = randomRows(new RandomStream("long words"), 11, letters.size, 1);
    const acoustic = everyText(rows, letters);
    const found = new BeamDecoder(letters, settings, { scorer: model }).decode(rows);
    expect(found).toHaveLength(acoustic.size);
    for (const { text, score } of found) {
      const said = wordsOf(text);
      const price = 2 * said.filter((word) => word !== "aa").length;
      const worth = 0.7 * model.textScore(text) + 0.9 * said.length - price;
      expect(score).toBeCloseTo(acoustic.get(text)! + worth, 9);
    }
  });
});
