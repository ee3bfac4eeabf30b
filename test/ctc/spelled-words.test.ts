// Vocabularies, hot words and language models whose words the alphabet cannot spell as they are written.

import { describe, expect, it } from "vitest";
import { BeamDecoder, type Knowledge } from "../../src/ctc/index.ts";
import { openDecoder } from "../../src/recognizer/decoding.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";
import { scriptedModel, scriptOf } from "../recognizer/scripted-model.ts";
import { rowsOf, TinyModel } from "./texts.ts";

const english = Alphabet.english();
const lower = transcriptPolicy.parse({});

const KINDS = [
  { name: "a capital letter", written: "Kitchen", spelled: "kitchen", policy: {}, alphabet: english },
  {
    name: "a Turkish capital",
    written: "IŞIK",
    spelled: "ışık",
    policy: { language: "tr" },
    alphabet: Alphabet.fromSymbols([..."ışk "]),
  },
  {
    name: "a character of the map",
    written: "Café",
    spelled: "cafe",
    policy: { unknown: "map", map: { é: "e" } } as const,
    alphabet: english,
  },
  {
    name: "a decomposed letter",
    written: "Cafe\u0301",
    spelled: "café",
    policy: {},
    alphabet: Alphabet.fromSymbols([..."acfé "]),
  },
];

describe("a word of the vocabulary, or a hot word, is spelled as the transcripts were", () => {
  it.each(KINDS)("with $name: in the dictionary", ({ written, spelled, policy, alphabet }) => {
    const transcript = transcriptPolicy.parse(policy);
    const knowledge: Knowledge = { vocabulary: [written, spelled.slice(0, 1)], transcript };
    const decoder = new BeamDecoder(alphabet, { dictionary: true, beta: 0 }, knowledge);
    expect(decoder.decode(rowsOf([...spelled].join("_"), alphabet))[0].text).toBe(spelled);
    expect(decoder.warnings).toEqual([]);
  });

  it.each(KINDS)("with $name: as a hot word", ({ written, spelled, policy, alphabet }) => {
    const rows = rowsOf([...spelled].join("_"), alphabet);
    const scoreWith = (hotWords: Record<string, number>) => {
      const transcript = transcriptPolicy.parse(policy);
      const decoder = new BeamDecoder(alphabet, { beta: 0 }, { hotWords, transcript });
      const [{ score, acousticScore }] = decoder.decode(rows);
      return score - acousticScore;
    };
    expect(scoreWith({ [written]: 8 })).toBeCloseTo(8, 5);
  });
});

describe("words that the alphabet cannot spell are counted and named", () => {
  it("of a vocabulary", () => {
    const vocabulary = ["door", "café", "42", "two words", "naïve", "piñata", "über", "light"];
    const { warnings } = new BeamDecoder(english, { dictionary: true }, { vocabulary, transcript: lower });
    expect(warnings).toEqual([
      {
        code: "UNSPELLABLE_WORDS",
        message:
          'Left out, as the alphabet cannot spell each as one word: 6 of 8 words of the vocabulary ("café", "42", "two words", "naïve", "piñata" and 1 more).',
      },
    ]);
  });

  it("of a language model, whose words stay as they are written", () => {
    const scorer = new TinyModel("word", ["ab", "AB", "ba"], 1);
    const { warnings } = new BeamDecoder(english, {}, { scorer, transcript: lower });
    expect(warnings).toMatchObject([{ code: "UNSPELLABLE_WORDS" }]);
    expect(warnings[0].message).toContain('1 of 3 words of the language model ("AB")');
  });

  it("where the policy drops characters, with what remains", () => {
    const transcript = transcriptPolicy.parse({ unknown: "drop" });
    const given = { vocabulary: ["door", "win-dow"], hotWords: { "o‑k": 5 }, transcript };
    expect(new BeamDecoder(english, {}, given).warnings).toEqual([
      {
        code: "SHORTENED_WORDS",
        message: expect.stringContaining("1 of the hot words (") as string,
      },
      { code: "SHORTENED_WORDS", message: expect.stringContaining('"win-dow" as "window"') as string },
    ]);
  });

  it("and a hot word among them is refused for the character itself", () => {
    const knowledge = { hotWords: { Café: 8 }, transcript: lower };
    expect(() => new BeamDecoder(english, {}, knowledge)).toThrow('"é" (U+00E9)');
    expect(() => new BeamDecoder(english, {}, knowledge)).toThrow(
      'Give the hot word in symbols of the model\'s alphabet, as its transcripts would spell it, such as "cafe", or leave it out',
    );
  });

  it("but nothing is said where all are spelled, nor of what is spelled as written without a policy", () => {
    expect(new BeamDecoder(english, {}, { vocabulary: ["door"], transcript: lower }).warnings).toEqual([]);
    expect(new BeamDecoder(english, {}, { vocabulary: ["door"] }).warnings).toEqual([]);
    expect(new BeamDecoder(english, {}, { vocabulary: ["door", "Door"] }).warnings).toHaveLength(1);
  });
});

describe("a recognizer", () => {
  it("spells by its model's policy, and hands on what its decoder leaves out", async () => {
    const model = scriptedModel({ transcript: lower });
    const decoding = { settings: { dictionary: true, beta: 0 }, vocabulary: ["Kitchen", "42"] };
    const recognizer = new Recognizer(model, { decoder: await openDecoder(model, decoding) });
    const samples = scriptOf("_ki_tchen_");
    expect((await recognizer.transcribe({ samples, sampleRateHz: 16_000 })).text).toBe("kitchen");
    expect(recognizer.warnings).toMatchObject([{ code: "UNSPELLABLE_WORDS" }]);
  });
});
