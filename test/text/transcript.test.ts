import { describe, expect, it } from "vitest";
import { parseSettings } from "../../src/settings.ts";
import { Alphabet, normalizeTranscript, transcriptPolicy } from "../../src/text/index.ts";
import { faultOf } from "./faults.ts";

const english = Alphabet.english();

function normalize(text: string, settings: unknown = {}, alphabet = english) {
  return normalizeTranscript(
    text,
    alphabet,
    parseSettings(transcriptPolicy, settings, "test"),
    "train.csv:412",
  );
}

describe("a transcript", () => {
  it("is lower-cased and its white space collapsed", () => {
    expect(normalize("  Don't\tPANIC\u00A0 \r\nnow ")).toEqual({ text: "don't panic now", dropped: [] });
    expect(normalize("")).toEqual({ text: "", dropped: [] });
  });

  it("keeps its case when the alphabet has upper case of its own", () => {
    const both = Alphabet.fromSymbols([..."aA"]);
    expect(normalize("aAa", {}, both).text).toBe("aAa");
  });

  it("keeps its case when the policy says so, and the error tells the remedy", () => {
    const fault = faultOf(() => normalize("no Way", { lowercase: false }));
    expect(fault.message).toBe(
      'train.csv:412: The alphabet cannot spell "W" (U+0057), character 4 of the transcript. ' +
        "The alphabet is in lower case: set transcript.lowercase to true.",
    );
  });

  it("comes out in normal form C, in symbols that the alphabet encodes", () => {
    const french = Alphabet.fromSymbols([..."caféè "]);
    const { text } = normalize("Cafe\u0301", {}, french);
    expect(text).toBe("caf\u00E9");
    expect(french.encode(text).length).toBe(4);
  });
});

describe("a character that the alphabet cannot spell", () => {
  it("is an error by default, with its position, its line and a map that would help", () => {
    const fault = faultOf(() => normalize("It’s a café"));
    expect(fault.code).toBe("UNKNOWN_SYMBOL");
    expect(fault.message).toBe(
      'train.csv:412: The alphabet cannot spell "’" (U+2019), character 3 of the transcript. ' +
        'Write it out in the transcript, or set transcript.unknown to "map" with transcript.map {"’":"…"}, ' +
        'or to "drop" to leave such characters out, or add it for training: a line ’ in the file of --set alphabet=alphabet.txt (docs/alphabet.md), or let train --alphabet-from-data list the symbols of the transcripts.',
    );
    expect(faultOf(() => normalize("a café")).remedy).toContain('transcript.map {"é":"e"}');
  });

  it("is dropped on request, and reported each time", () => {
    expect(normalize("Well, well — no. 7!", { unknown: "drop" })).toEqual({
      text: "well well no",
      dropped: [",", "—", ".", "7", "!"],
    });
  });

  it("is mapped on request, in either case; an empty replacement is reported as dropped", () => {
    const map = { É: "e", "’": "'", "&": " and ", ".": "" };
    expect(normalize("École’s fish&chips.", { unknown: "map", map })).toEqual({
      text: "ecole's fish and chips",
      dropped: ["."],
    });
  });

  it("is an error too when the map leaves it out", () => {
    const fault = faultOf(() => normalize("a+b", { unknown: "map", map: { "&": "and" } }));
    expect(fault.problem).toBe(
      'The alphabet cannot spell "+" (U+002B), character 2 of the transcript, and transcript.map has no replacement for it.',
    );
  });

  it("may not be mapped to another such character", () => {
    const fault = faultOf(() => normalize("5", { unknown: "map", map: { "5": "cinq é" } }));
    expect(fault).toMatchObject({ code: "INVALID_TRANSCRIPT_MAP", where: "train.csv:412" });
    expect(fault.problem).toBe(
      'The map replaces "5" (U+0035) by "cinq é", but the alphabet cannot spell "é" (U+00E9) either.',
    );
  });

  it("may be the space: an alphabet without one leaves nothing out silently", () => {
    const digits = Alphabet.fromSymbols([..."0123"]);
    expect(faultOf(() => normalize("1 2", {}, digits)).problem).toContain('" " (U+0020), character 2');
    expect(normalize("1 2", { unknown: "drop" }, digits)).toEqual({ text: "12", dropped: [" "] });
  });

  it("may be a small letter: an alphabet of capitals says so", () => {
    const capitals = Alphabet.fromSymbols([..."ABC "]);
    expect(normalize("A CAB", {}, capitals).text).toBe("A CAB");
    expect(faultOf(() => normalize("a cab", {}, capitals)).remedy).toContain("in upper case only");
  });
});

describe("the transcript policy", () => {
  it("takes single characters only as keys of the map, and no unknown settings", () => {
    expect(faultOf(() => normalize("a", { map: { ab: "c" } })).message).toContain(
      "Each key of the map is one character",
    );
    expect(faultOf(() => normalize("a", { lowercas: true })).remedy).toBe('Did you mean "lowercase"?');
  });
});

describe("a character of which the alphabet can spell a part", () => {
  const arabic = Alphabet.fromSymbols([..."ابتثجحخدذرزسشصضطظعغفقكلمنهوي "]);
  const hebrew = Alphabet.fromSymbols([..."אבגדהוזחטיכלמנסעפצקרשתםןךףץ "]);
  const hindi = Alphabet.fromSymbols([..."कखगजडफयरलवसहतन", "ा", "ि", "ी", "े", "्", " "]);
  const vietnamese = Alphabet.fromSymbols([..."aăâbcdđeêghiklmnoôơpqrstuưvxy "]);
  const guarani = Alphabet.fromSymbols(["g̃", ..."aeou "]);
  const latin = Alphabet.fromSymbols([..."abcdefghijklmnopqrstuvwxyz "]);

  it.each([
    ["Arabic vowel marks", arabic, "كَتَبَ وَلَد", "كتب ولد"],
    ["Arabic shadda with a vowel", arabic, "مُدَرِّس", "مدرس"],
    ["Hebrew niqqud", hebrew, "שָׁלוֹם", "שלום"],
    ["a nukta", hindi, "ज़ फ़र", "ज फर"],
    ["Vietnamese tones on letters with marks of their own", vietnamese, "tiếng việt được", "tiêng viêt đươc"],
    ["a symbol of two code points with an accent on top", guarani, "g̃́a", "g̃a"],
    ["accents", latin, "déjà vu, señor", "deja vu senor"],
    ["a joiner between letters", latin, "ab\u200Dcd\u200Cef", "abcdef"],
  ])("%s: the letters stay where unknown characters are dropped", (_, alphabet, written, text) => {
    const normalized = normalize(written, { unknown: "drop" }, alphabet);
    expect(normalized.text).toBe(text.normalize("NFC"));
    expect(normalized.dropped.length).toBeGreaterThan(0);
    expect(alphabet.encode(normalized.text).length).toBeGreaterThan(0);
  });

  it("leaves out the marks alone, and reports them", () => {
    expect(normalize("كَتَبَ", { unknown: "drop" }, arabic).dropped).toEqual(["َ", "َ", "َ"]);
  });

  it("a map of the mark matches wherever the mark is", () => {
    const map = { "َ": "", "ً": "ن" };
    expect(normalize("كَتَبً", { unknown: "map", map }, arabic)).toEqual({ text: "كتبن", dropped: ["َ", "َ"] });
  });

  // In normal form D the order is e, dot below, circumflex: the dot stands between.
  it.each([
    [
      "two tones, neither",
      vietnamese,
      "tiếng Việt",
      { "\u0301": "", "\u0323": "" },
      "tiêng viêt",
      ["\u0301", "\u0323"],
    ],
    ["a dot below a letter with a breve", vietnamese, "nặng", { "\u0323": "" }, "năng", ["\u0323"]],
    ["a horn behind a dot", vietnamese, "được", { "\u0323": "" }, "đươc", ["\u0323"]],
    ["a mark that becomes a letter", vietnamese, "việt", { "\u0323": "x" }, "viêxt", []],
    [
      "a mark that becomes another",
      Alphabet.fromSymbols([..."vitề"]),
      "viết",
      { "\u0301": "\u0300" },
      "viềt",
      [],
    ],
    [
      "vowels beside a shadda that stays",
      Alphabet.fromSymbols([..."درسم", "\u0651"]),
      "مُدَرِّس",
      { "\u064F": "", "\u064E": "", "\u0650": "" },
      "مدرّس",
      ["\u064F", "\u064E", "\u0650"],
    ],
  ])("a map of marks leaves the others at their letter: %s", (_, alphabet, written, map, text, dropped) => {
    expect(normalize(written, { unknown: "map", map }, alphabet)).toEqual({
      text: text.normalize("NFC"),
      dropped,
    });
  });

  it("a mark that is in no map is an error beside one that is", () => {
    const fault = faultOf(() => normalize("ẹ̃", { unknown: "map", map: { "\u0323": "" } }, vietnamese));
    expect(fault.problem).toContain('The alphabet cannot spell "\u0303" (U+0303)');
  });

  it.each([
    ["an Arabic ligature", arabic, "ﻻ", "لا", []],
    ["the same with a vowel mark", arabic, "سﻼَم", "سلام", ["\u064E"]],
    ["full-width letters", latin, "ａｂＣ", "abc", []],
    ["a digraph", latin, "ǉubav ﬁlm", "ljubav film", []],
    ["half-width kana", Alphabet.fromSymbols([..."ガス"]), "ｶﾞｽ", "ガス", []],
    ["an n with an apostrophe of its own", latin, "ŉ", "n", ["\u02BC"]],
    ["signs, which stay signs", latin, "a™ b", "a b", ["™"]],
    ["an accent alone", latin, "l´a", "la", ["´"]],
    ["a fraction, which is no 12", Alphabet.fromSymbols([..."12"]), "1½", "1", ["½"]],
  ])("%s is read as the letters that it stands for", (_, alphabet, written, text, dropped) => {
    expect(normalize(written, { unknown: "drop" }, alphabet)).toEqual({ text, dropped });
  });

  it("a map of the whole character comes first", () => {
    expect(normalize("ñandú", { unknown: "map", map: { ñ: "ny", ú: "oo" } }, latin).text).toBe("nyandoo");
  });

  it("the error names the mark, not the letter", () => {
    const fault = faultOf(() => normalize("كَ", {}, arabic));
    expect(fault.problem).toBe('The alphabet cannot spell "َ" (U+064E), character 1 of the transcript.');
  });
});

describe("the case of a language", () => {
  const turkish = Alphabet.fromSymbols([..."abcçdefgğhıijklmnoöprsştuüvyz "]);

  it.each([
    ["tr", "ISPARTA ILIK", "ısparta ılık"],
    ["tr", "İSTANBUL", "istanbul"],
    ["az", "IŞIQ", "ışıq"],
    ["en", "IT IS", "it is"],
  ])("%s: %s", (language, written, text) => {
    const letters = Alphabet.fromSymbols([...turkish.symbols, "q"]);
    expect(normalize(written, { language }, letters).text).toBe(text);
  });

  it("lower-cases as a whole: the last sigma of a Greek word", () => {
    const greek = Alphabet.fromSymbols([..."αβγδεζηθικλμνξοπρστυφχψως "]);
    expect(normalize("ΣΟΦΟΣ", { language: "el" }, greek).text).toBe("σοφος");
  });

  it("the map comes before it", () => {
    const settings = { unknown: "map", map: { I: "ı" } };
    expect(normalize("ISPARTA ILIK", settings, turkish).text).toBe("ısparta ılık");
  });

  it("a language that does not exist as a tag is refused", () => {
    expect(faultOf(() => normalize("a", { language: "turkish!" })).message).toContain("BCP 47");
  });
});
