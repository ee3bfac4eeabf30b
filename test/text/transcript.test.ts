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
        'or to "drop" to leave such characters out, or add it to the alphabet.',
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
