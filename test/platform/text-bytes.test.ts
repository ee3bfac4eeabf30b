import { describe, expect, it } from "vitest";
import { decodeText } from "../../src/platform/index.ts";
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

const TEXT = "naïve café\nПривет, мир\n日本語 🎉\n";

describe("the bytes of a text", () => {
  it.each([
    ["UTF-8", utf8(TEXT)],
    ["UTF-8 with a byte order mark", utf8(`\uFEFF${TEXT}`)],
    ["UTF-16, little end first", utf16(TEXT, true)],
    ["UTF-16, big end first", utf16(TEXT, false)],
  ])("%s is read", (_, file) => {
    expect(decodeText(file, "text.txt")).toBe(TEXT);
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

  it("so is UTF-16 without its mark, and a text that ends within a character", () => {
    const unmarked = utf16("hello", true).subarray(2);
    expect(faultOf(() => decodeText(unmarked, "text.txt")).where).toBe("text.txt:1");
    const cut = faultOf(() => decodeText(bytes(97, 10, 0xe2, 0x82), "text.txt"));
    expect(cut.message).toContain("text.txt:2: Byte 3 (0xE2)");
    const late = bytes(...utf8("é\n".repeat(50)), 0x80, 97);
    expect(faultOf(() => decodeText(late, "text.txt")).message).toContain("text.txt:51: Byte 151 (0x80)");
  });
});
