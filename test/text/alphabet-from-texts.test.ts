// Alphabets made of transcripts: what counts as a symbol, in which order, after which policy.

import { describe, expect, it } from "vitest";
import { Alphabet, countSymbols, normalizeTranscript, transcriptPolicy } from "../../src/text/index.ts";

type Policy = Parameters<typeof transcriptPolicy.parse>[0];

function symbolsOf(texts: readonly string[], policy: Policy = {}): string[] {
  const placed = texts.map((text, index) => ({ text, where: `train.csv:${index + 2}` }));
  return countSymbols(placed, transcriptPolicy.parse(policy)).map(({ symbol }) => symbol);
}

describe("an alphabet made of texts", () => {
  it("has the symbols by their frequency, and of equal ones the lower code point first, with their first places", () => {
    const texts = [
      { text: "Bad cab", where: "train.csv:2" },
      { text: "  dab\t😀 ", where: "train.csv:3" },
    ];
    expect(countSymbols(texts, transcriptPolicy.parse({}))).toEqual([
      { symbol: "a", count: 3, where: "train.csv:2" },
      { symbol: "b", count: 3, where: "train.csv:2" },
      { symbol: " ", count: 2, where: "train.csv:2" },
      { symbol: "d", count: 2, where: "train.csv:2" },
      { symbol: "c", count: 1, where: "train.csv:2" },
      { symbol: "😀", count: 1, where: "train.csv:3" },
    ]);
  });

  it.each([
    ["composed and decomposed letters are one", ["\u00e9", "e\u0301"], ["é"]],
    ["a Latin letter with its mark is one symbol though no code point has it", ["g\u0303"], ["g\u0303"]],
    ["a Cyrillic one too", ["а\u0301"], ["а\u0301"]],
    ["vowel marks of Arabic are symbols", ["كَتَبَ"], ["َ", "ب", "ت", "ك"]],
    ["niqqud is a symbol", ["שָ"], ["ָ", "ש"]],
    ["vowel signs and conjuncts of Devanagari are taken apart", ["क्षि"], ["क", "ष", "ि", "्"]],
    ["Hangul syllables are symbols", ["가나가"], ["가", "나"]],
  ])("%s", (_, texts, expected) => {
    expect(symbolsOf(texts)).toEqual(expected.map((symbol) => symbol.normalize("NFC")));
  });

  it.each([
    ["case stays where it is meant to", ["Aa"], { lowercase: false }, ["A", "a"]],
    ["case is that of the language", ["Iİ"], { language: "tr" }, ["i", "ı"]],
    [
      "what the map replaces is none",
      ["wéll–né"],
      { unknown: "map", map: { é: "e", "–": " " } },
      ["e", "l", " ", "n", "w"],
    ],
    ["a mark that the map leaves out is none", ["كَتَبَ"], { unknown: "map", map: { "َ": "" } }, ["ب", "ت", "ك"]],
    [
      "a capital that the map replaces is replaced before the case",
      ["IA"],
      { unknown: "map", map: { I: "ı" } },
      ["a", "ı"],
    ],
  ] as const)("%s", (_, texts, policy, expected) => {
    expect(symbolsOf(texts, policy as Policy)).toEqual(expected);
  });

  it("counts plain texts as all others", () => {
    const texts = ["ba a", "it's abc", "a'a"].map((text, i) => ({ text, where: `m:${i}` }));
    const others = texts.map(({ text, where }) => ({ text: text.toUpperCase(), where })); // not plain before the policy
    const counted = countSymbols(texts, transcriptPolicy.parse({}));
    expect(counted.slice(0, 3)).toEqual([
      { symbol: "a", count: 5, where: "m:0" },
      { symbol: " ", count: 2, where: "m:0" },
      { symbol: "'", count: 2, where: "m:1" },
    ]);
    expect(countSymbols(others, transcriptPolicy.parse({}))).toEqual(counted);
  });

  it("spells every text that it was made of", () => {
    const texts = ["Äpfel\u00a0g\u0303", "कि क्ष", "한국어 𐐷", "Ñandú – e\u0301"];
    for (const policy of [{}, { lowercase: false }, { unknown: "drop" }]) {
      const parsed = transcriptPolicy.parse(policy);
      const alphabet = Alphabet.fromSymbols(symbolsOf(texts, policy as Policy));
      for (const text of texts) {
        const spelled = normalizeTranscript(text, alphabet, parsed, "text");
        expect(spelled.dropped).toEqual([]);
        expect(alphabet.decode(alphabet.encode(spelled.text))).toBe(spelled.text);
      }
    }
  });
});

describe("alphabet.txt", () => {
  it("has symbols of several code points, and symbols by their code points", () => {
    const text = "# Guarani\n\\u{20}\ng\u0303\n\\u{67}\\u{301}\n\\#\n\\\n";
    expect(Alphabet.fromMozilla(text, "alphabet.txt").symbols).toEqual([" ", "g\u0303", "\u01f5", "#", "\\"]);
  });

  it("names the symbol to add to it", () => {
    const english = Alphabet.english();
    const remedy = (text: string): string => {
      try {
        return String(english.encode(text));
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(remedy("né")).toContain("a line é in the file of --set alphabet=alphabet.txt");
    expect(remedy("x\u00a0")).toContain("a line \\u{a0} in");
    expect(remedy("#")).toContain("a line \\u{23} in");
    expect(remedy("\u0903")).toContain("a line \\u{903} in");
  });
});
