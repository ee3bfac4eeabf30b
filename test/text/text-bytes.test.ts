import { describe, expect, it } from "vitest";
import { decodeText, utf8Pieces } from "../../src/text/index.ts";
import { faultOf } from "./faults.ts";

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

/** The text, given in pieces of so many bytes. */
async function inPieces(all: Uint8Array, size: number): Promise<string> {
  async function* pieces() {
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  }
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  for await (const piece of utf8Pieces(pieces(), "text.txt")) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

const TEXT = "naïve café\nПривет, мир\n日本語 🎉\n";

describe("the bytes of a text", () => {
  it.each([
    ["UTF-8", utf8(TEXT)],
    ["UTF-8 with a byte order mark", utf8(`\uFEFF${TEXT}`)],
    ["UTF-16, little end first", utf16(TEXT, true)],
    ["UTF-16, big end first", utf16(TEXT, false)],
  ])("%s is read, whole and in pieces of any size", async (_, file) => {
    expect(decodeText(file, "text.txt")).toBe(TEXT);
    for (const size of [1, 2, 3, 7, 1000]) expect(await inPieces(file, size)).toBe(TEXT);
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
      "text.txt:3: Byte 12 (0xE9) does not belong to text in UTF-8. " +
        "Save it as UTF-8, for example: iconv -f latin1 -t utf-8 old.txt > new.txt",
    );
  });

  it("so is UTF-16 without its mark, a text that ends within a character, and one of a later piece", async () => {
    const unmarked = utf16("hello", true).subarray(2);
    expect(faultOf(() => decodeText(unmarked, "text.txt")).where).toBe("text.txt:1");
    expect(faultOf(() => decodeText(bytes(97, 10, 0xe2, 0x82), "text.txt")).message).toContain(
      "text.txt:2: It ends within a character.",
    );
    const late = bytes(...utf8("é\n".repeat(50)), 0x80, 97);
    await expect(inPieces(late, 7)).rejects.toMatchObject({ where: "text.txt:51" });
    await expect(inPieces(late, 7)).rejects.toThrow("Byte 151 (0x80)");
  });
});
