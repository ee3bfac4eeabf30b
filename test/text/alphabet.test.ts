import { describe, expect, it } from "vitest";
import { Alphabet } from "../../src/text/index.ts";
import { faultOf } from "./faults.ts";

describe("the English alphabet", () => {
  const english = Alphabet.english();

  it("has the paper's 29 outputs: a to z, space, apostrophe, and the blank last", () => {
    expect(english.symbols.join("")).toBe("abcdefghijklmnopqrstuvwxyz '");
    expect([english.size, english.blank]).toEqual([29, 28]);
  });

  it("spells a text and reads it back", () => {
    const labels = english.encode("it's a dog");
    expect([...labels]).toEqual([8, 19, 27, 18, 26, 0, 26, 3, 14, 6]);
    expect(english.decode(labels)).toBe("it's a dog");
    expect([...english.encode("")]).toEqual([]);
  });

  it("refuses what it cannot spell, and never spells the blank", () => {
    const fault = faultOf(() => english.encode("naïve", "lines.txt:3"));
    expect(fault.code).toBe("UNKNOWN_SYMBOL");
    expect(fault.message).toBe(
      'lines.txt:3: The alphabet cannot spell "ï" (U+00EF), character 3 of the text. ' +
        "Normalize the text first (normalizeTranscript), or add it for training: a line ï in the file of --set alphabet=alphabet.txt (docs/alphabet.md), or let train --alphabet-from-data list the symbols of the transcripts.",
    );
  });

  it.each([
    [28, "Label 28 is the blank: the alphabet's symbols are 0 to 27."],
    [29, "Label 29 is no symbol: the alphabet's symbols are 0 to 27."],
    [-1, "Label -1 is no symbol: the alphabet's symbols are 0 to 27."],
  ])("refuses to decode label %i", (label, problem) => {
    expect(faultOf(() => english.decode([0, label]))).toMatchObject({ code: "INVALID_LABEL", problem });
  });
});

describe("a text of ASCII", () => {
  it("is spelled as any text is: character by character, and refused where one is missing", () => {
    const alphabet = Alphabet.fromSymbols([..."zebra -'", "é", "É"]);
    for (const text of ["bare bra", "a bee' zebra-é", ""])
      expect([...alphabet.encode(text)]).toEqual([...text].flatMap((each) => alphabet.spell(each)!));
    expect([...alphabet.encode("bare bra")]).toEqual(
      [..."bare bra"].flatMap((each) => alphabet.spell(each)!),
    );
    expect(() => alphabet.encode("bear's", "m.csv:3")).toThrow(/^m\.csv:3: .*"s" \(U\+0073\), character 6 /);
  });
});

describe("an alphabet of any script", () => {
  it("takes each character as one symbol, however it was typed", () => {
    const alphabet = Alphabet.fromSymbols(["e", "e\u0301", "ß", "日"]);
    expect(alphabet.symbols[1]).toBe("\u00E9");
    expect([...alphabet.encode("\u00E9e\u0301日ße")]).toEqual([1, 1, 3, 2, 0]);
  });

  it("spells a character by its code points where it has those: vowel signs, accents, jamo", () => {
    const devanagari = Alphabet.fromSymbols(["क", "ा", "ि"]);
    expect([...devanagari.encode("काकि")]).toEqual([0, 1, 0, 2]);
    expect(devanagari.decode([0, 1, 0, 2])).toBe("काकि");
    const accents = Alphabet.fromSymbols(["e", "\u0301"]);
    expect([...accents.encode("\u00E9")]).toEqual([0, 1]);
    expect(accents.decode([0, 1])).toBe("\u00E9");
    const jamo = Alphabet.fromSymbols([..."한".normalize("NFD")]);
    expect([...jamo.encode("한")]).toEqual([0, 1, 2]);
    expect(jamo.decode([0, 1, 2])).toBe("한");
  });

  it("takes symbols beyond 16 bits and of several code points", () => {
    const alphabet = Alphabet.fromSymbols(["𝄞", "👩‍🚀", "x"]);
    expect([...alphabet.encode("x👩‍🚀𝄞")]).toEqual([2, 1, 0]);
  });

  it.each([
    ["EMPTY_ALPHABET", [], "alphabet: The alphabet has no symbols."],
    ["EMPTY_SYMBOL", ["a", ""], "alphabet: symbol 1: A symbol of the alphabet is empty."],
    ["INVALID_SYMBOL", ["ab"], 'of white space only the space; "ab" (U+0061 U+0062) came.'],
    ["INVALID_SYMBOL", ["\t"], 'of white space only the space; "\t" (U+0009) came.'],
    [
      "DUPLICATE_SYMBOL",
      ["é", "b", "e\u0301"],
      '"é" (U+00E9) is in the alphabet already (alphabet: symbol 0).',
    ],
  ])("names %s", (code, symbols, message) => {
    const fault = faultOf(() => Alphabet.fromSymbols(symbols));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(message);
  });

  it("survives the model file", () => {
    const alphabet = Alphabet.fromSymbols(["é", " ", "#", '"', "\\"]);
    const read = Alphabet.fromJSON(JSON.parse(JSON.stringify(alphabet)), "model.safetensors");
    expect(read.symbols).toEqual(alphabet.symbols);
    expect(read.encode('é "#\\')).toEqual(alphabet.encode('é "#\\'));
    expect(faultOf(() => Alphabet.fromJSON({ a: 1 }, "model.safetensors"))).toMatchObject({
      code: "INVALID_ALPHABET",
      where: "model.safetensors",
    });
  });
});

describe("Mozilla's alphabet.txt", () => {
  const file = "# made by hand\n#\n \na\n\\#\n'\n# the end\n";

  it("is one symbol a line, with comments, the space line and an escaped #", () => {
    expect(Alphabet.fromMozilla(file, "alphabet.txt").symbols).toEqual([" ", "a", "#", "'"]);
  });

  it("may come with a byte order mark, CRLF, and no line end after the last symbol", () => {
    const windows = `\uFEFF${file.replaceAll("\n", "\r\n")}z`;
    expect(Alphabet.fromMozilla(windows, "alphabet.txt").symbols).toEqual([" ", "a", "#", "'", "z"]);
  });

  it.each([
    ["a\n\nb\n", "EMPTY_SYMBOL", "alphabet.txt:2"],
    ["#\na\nb\na\n", "DUPLICATE_SYMBOL", "alphabet.txt:4"],
    ["a\nth\n", "INVALID_SYMBOL", "alphabet.txt:2"],
    ["# nothing\n", "EMPTY_ALPHABET", "alphabet.txt"],
    ["", "EMPTY_ALPHABET", "alphabet.txt"],
  ])("%j is refused with its line", (text, code, where) => {
    expect(faultOf(() => Alphabet.fromMozilla(text, "alphabet.txt"))).toMatchObject({ code, where });
  });
});
