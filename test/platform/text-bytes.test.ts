import { describe, expect, it } from "vitest";
import { decodeText, decodeTextPieces, isEncoding, utf8Of } from "../../src/platform/index.ts";
import { faultOf } from "../text/faults.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
/** With its byte order mark. */
const utf16 = (text: string, isLittle: boolean): Uint8Array =>
  Uint8Array.from(
    `\uFEFF${text}`.split("").flatMap((unit) => {
      const code = unit.charCodeAt(0);
      return isLittle ? [code & 255, code >> 8] : [code >> 8, code & 255];
    }),
  );

const utf32 = (text: string, isLittle: boolean): Uint8Array => {
  const points = Array.from(`\uFEFF${text}`, (character) => character.codePointAt(0)!);
  const view = new DataView(new ArrayBuffer(4 * points.length));
  points.forEach((point, i) => view.setUint32(4 * i, point, isLittle));
  return new Uint8Array(view.buffer);
};

const TEXT = "naïve café\nПривет, мир\n日本語 🎉\n";

async function inPieces(file: Uint8Array, length: number, encoding?: string): Promise<string> {
  async function* pieces() {
    for (let at = 0; at < file.length; at += length) yield Promise.resolve(file.slice(at, at + length));
  }
  let text = "";
  for await (const part of decodeTextPieces(pieces(), "text.txt", { encoding })) text += part;
  return text;
}

const ENCODED: readonly (readonly [text: string, name: string, base64: string])[] = [
  ["short German", "Latin-1 or Windows-1252", "R3L832UgYXVzIEv2bG4KendlaSBaZWlsZW4K"],
  ["one German word", "Latin-1 or Windows-1252", "R3L232UK"],
  [
    "German with both high letters at the end",
    "Latin-1 or Windows-1252",
    "VHNjaPzfIQrWZmZuZW4sIMRyZ2VyLCDcYnVuZwo=",
  ],
  [
    "German quotes",
    "Latin-1 or Windows-1252",
    "hFdpZSB3ZWnfIGlzdCBTY2huZWU/kywgZnJhZ3RlIGVyIJYgZ2FueiBzY2j2bi4K",
  ],
  ["French with two in a row", "Latin-1 or Windows-1252", "dW5lIGlk6WUgY3Lp6WUsIG/5IGwn6XTpIG5h7nQK"],
  [
    "French with its quotes",
    "Latin-1 or Windows-1252",
    "qyBP+SDqdGVzLXZvdXMgPyC7IJcgbJKcdXZyZSDJVEFJVCBhY2hldullCg==",
  ],
  [
    "Spanish with two in a row",
    "Latin-1 or Windows-1252",
    "v8lsIHZpZW5lPyChwW5pbW8sIHNl8W9yISC/yXN0ZSBvIOlzZT8K",
  ],
  ["Portuguese", "Latin-1 or Windows-1252", "TuNvIGjhIGxpZ2Hn9WVzOiBjb3Jh5+NvLCBw42VzLCBhbWFuaOMK"],
  ["Swedish", "Latin-1 or Windows-1252", "UuRrc232cmflcyBw5SD2biDkciBnb3R0Cg=="],
  ["Russian", "Windows-1251", "0frl+Pwg5uUg5fm4IP3y6PUg7P/j6uj1IOHz6+7qCg=="],
  ["two Russian words", "Windows-1251", "z/Do4uXyLCDs6PAK"],
  ["Russian in capitals", "Windows-1251", "z9DIwsXSIMzI0ArKwMogxMXLwArVztDO2M4sINHPwNHIwc4K"],
  ["Russian with quotes", "Windows-1251", "zu0g8erg5+DrOiCrx+Tw4OLx8uLz6fLluyCXIOgg8/i46y4K"],
  ["two Russian words", "KOI8-R", "8NLJ18XULCDNydIK"],
  ["Russian", "KOI8-R", "89/F29gg1sUgxd2jINzUycggzdHHy8nIIMLVzM/LLCDEwSDX2dDFyiDewcAK"],
  ["Japanese", "Shift_JIS", "k/qWe4zqgsyDZYNMg1iDZ4LFgreBQgo="],
  ["Japanese in katakana", "Shift_JIS", "g1KDk4Nzg4WBW4NegVsK"],
  ["a Japanese sentence among English", "Shift_JIS", "b25lCo2hk/qCzYKigqKTVotDgsWCt4LLgUIKdHdvCg=="],
  ["Chinese", "GB18030", "ztLDx73xzOzIpc28yum53b+0yumjrNLyzqrPwtPqwcuhowo="],
  ["short Chinese", "GB18030", "xOO6w6OsysC956OhCtXiysfW0M7ECg=="],
  ["Korean", "EUC-KR", "vsiz58fPvLy/5CC8vLDoCr/AtMPAuiCzr76+sKEgwcG9wLTPtNkK"],
  ["Greek, which is not known here", "", "yuHr5+zd8eEg6vzz7OUsIPTpIOrc7eX05SDz3uzl8eE7Cg=="],
  ["Arabic, which is not known here", "", "49HNyMcgyMfh2sfh4yDf7d0gzcfh3wo="],
  ["two bytes that are a word in several", "", "ubcK"],
];

describe("the bytes of a text", () => {
  it.each([
    ["UTF-8", utf8(TEXT)],
    ["UTF-8 with a byte order mark", utf8(`\uFEFF${TEXT}`)],
    ["UTF-16, little end first", utf16(TEXT, true)],
    ["UTF-16, big end first", utf16(TEXT, false)],
    ["UTF-32, little end first", utf32(TEXT, true)],
    ["UTF-32, big end first", utf32(TEXT, false)],
  ])("%s is read, in pieces of any length too", async (_, file) => {
    expect(decodeText(file, "text.txt")).toBe(TEXT);
    for (const length of [1, 2, 3, 7, 64]) expect(await inPieces(file, length)).toBe(TEXT);
    expect(utf8Of(file, "text.txt")).toEqual(utf8(TEXT));
  });

  it.each([
    ["latin1", "café – “naïve”\n", bytes(...utf8("caf"), 0xe9, 32, 0x96, 32, 0x93, ...utf8("na"), 0xef, ...utf8("ve"), 0x94, 10)], // prettier-ignore
    ["shift_jis", "日本 ソ\n", bytes(0x93, 0xfa, 0x96, 0x7b, 32, 0x83, 0x5c, 10)],
    ["koi8-r", "мир\n", bytes(0xcd, 0xc9, 0xd2, 10)],
    ["utf-16le", "hello\n", utf16("hello\n", true).subarray(2)],
    ["iso-2022-jp", "日本\n", bytes(0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42, 10)],
  ])("in %s is read where it is said to be", async (encoding, text, file) => {
    expect(decodeText(file, "text.txt", { encoding })).toBe(text);
    for (const length of [1, 3]) expect(await inPieces(file, length, encoding)).toBe(text);
  });

  it("in UTF-8 or with a byte order mark stays what it is, whatever others are said to be in", async () => {
    for (const file of [utf8(TEXT), utf16(TEXT, true), utf32(TEXT, false)]) {
      expect(decodeText(file, "text.txt", { encoding: "latin1" })).toBe(TEXT);
      expect(await inPieces(file, 5, "latin1")).toBe(TEXT);
    }
    expect(["latin1", "Shift_JIS", "utf-16le", "latinx"].map(isEncoding)).toEqual([true, true, true, false]);
  });

  it("of several files, one behind the other, has no byte order marks", async () => {
    const file = utf8("\uFEFFeins\n\uFEFFzwei\r\n\uFEFF\uFEFFdrei");
    for (const length of [1, 5, 64]) expect(await inPieces(file, length)).toBe("eins\nzwei\r\ndrei");
    expect(decodeText(file, "text.txt")).toBe("eins\nzwei\r\ndrei");
    expect(decodeText(utf16("eins\n\uFEFFzwei", false), "text.txt")).toBe("eins\nzwei");
  });

  it.each(["", "a", "ab"])('"%s" is short', (text) => {
    expect(decodeText(utf8(text), "text.txt")).toBe(text);
  });

  it("Latin-1 is an error that names the line and the byte", () => {
    const fault = faultOf(() =>
      decodeText(bytes(...utf8("one\ntwo\ncaf"), 0xe9, ...utf8(" au lait\n")), "text.txt"),
    );
    expect(fault.code).toBe("UNREADABLE_TEXT");
    expect(fault.message).toBe(
      "text.txt:3: Byte 12 (0xE9) does not belong to text in UTF-8; it is probably Latin-1 or Windows-1252. " +
        "Save it as UTF-8, for example: iconv -f windows-1252 -t utf-8 old.txt > new.txt",
    );
  });

  it("so is UTF-16 without its mark, and a text that ends within a character", () => {
    const unmarked = utf16("hello", true).subarray(2);
    expect(faultOf(() => decodeText(unmarked, "text.txt")).where).toBe("text.txt:1");
    const cut = faultOf(() => decodeText(bytes(97, 10, 0xe2, 0x82), "text.txt"));
    expect(cut.message).toContain("text.txt:2: Byte 3 (0xE2)");
    const late = bytes(...utf8("é\n".repeat(50)), 0x80, 97);
    expect(faultOf(() => decodeText(late, "text.txt")).message).toContain("text.txt:51: Byte 151 (0x80)");
  });

  // The beginnings of errors, and what the text probably is.
  it.each([
    [
      "one stray byte among letters",
      bytes(...utf8("a\nle caf"), 0xe9, 32, 97),
      2,
      9,
      "0xE9",
      "Latin-1 or Windows-1252",
    ],
    [
      "curly quotes of Windows",
      bytes(0x93, ...utf8("well"), 0x94, 10),
      1,
      1,
      "0x93",
      "Latin-1 or Windows-1252",
    ],
    [
      "UTF-16 without its mark",
      utf16("ab\ncd", true).subarray(2),
      1,
      2,
      "0x00",
      "UTF-16LE without its byte order mark",
    ],
    [
      "the same, big end first",
      utf16("ab\ncd", false).subarray(2),
      1,
      1,
      "0x00",
      "UTF-16BE without its byte order mark",
    ],
    [
      "Shift_JIS",
      bytes(...utf8("a\n"), 0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea, 0x83, 0x65, 10),
      2,
      3,
      "0x93",
      "Shift_JIS",
    ],
    [
      "a broken byte in the middle of UTF-8",
      bytes(...utf8("né é\ncaf"), 0xc3, 32, ...utf8("été")),
      2,
      11,
      "0xC3",
      "damaged",
    ],
    ["a byte 0", bytes(...utf8("one\ntwo"), 0, ...utf8("three")), 2, 8, "0x00", "no text has a byte 0"],
    ["half a surrogate pair", bytes(0xff, 0xfe, 97, 0, 10, 0, 0, 0xd8, 98, 0), 2, 7, "0x00", "UTF-16LE"],
    [
      "a cut unit of UTF-32",
      bytes(0xff, 0xfe, 0, 0, 97, 0, 0, 0, 10, 0, 0, 0, 98),
      2,
      13,
      "0x62",
      "UTF-32LE",
    ],
  ])("%s is an error in one piece and in many", async (_, file, line, byte, value, guess) => {
    const whole = faultOf(() => decodeText(file, "text.txt"));
    expect(whole).toMatchObject({ code: "UNREADABLE_TEXT", where: `text.txt:${line}` });
    expect(whole.problem).toContain(`Byte ${byte} (${value})`);
    expect(whole.problem).toContain(guess);
    await expect(inPieces(file, 3)).rejects.toMatchObject({
      code: "UNREADABLE_TEXT",
      where: `text.txt:${line}`,
      problem: expect.stringContaining(`Byte ${byte} (${value})`) as string,
    });
  });

  // Encoded by Python 3's codecs and by `iconv`; as base64.
  it.each(ENCODED)("%s: a text is guessed to be in %s", (_, name, base64) => {
    const file = Uint8Array.from(Buffer.from(base64, "base64"));
    const { problem } = faultOf(() => decodeText(file, "text.txt"));
    expect(problem).toMatch(name === "" ? /; it is in another encoding\.$/ : `; it is probably ${name}.`);
  });

  it("no encoding is named that does not read all of the text, and the remedy then says how to name one", () => {
    const german = Array.from("Grüße aus Köln\n", (letter) => letter.charCodeAt(0));
    const file = bytes(...german, 0x81, 10); // no character of Windows-1252
    const fault = faultOf(() => decodeText(file, "text.txt", { encodingOption: "--encoding" }));
    expect(fault.problem).toContain("; it is in another encoding.");
    expect(fault.remedy).toContain(
      "iconv -f NAME -t utf-8 old.txt > new.txt; or give --encoding with its name",
    );
  });
});
