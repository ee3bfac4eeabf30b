// The encodings of texts: those of the WHATWG Encoding standard by their labels, as TextDecoder knows them, and UTF-32, which
// it does not know. A byte order mark says which UTF a text is in. Knows nothing of lines and of errors as users read them.

export interface TextEncoding {
  readonly name: string;
  /** A character is whole units of so many bytes. */
  readonly unitBytes: 1 | 2 | 4;
  /** Whether ASCII text is the same bytes in it, and anything else has bytes above 127. */
  readonly extendsAscii: boolean;
  /** The text; a byte order mark in it stays. @throws where bytes belong to no character */
  decode(bytes: Uint8Array, options?: { readonly mayBeCut?: boolean }): string;
}

const MARKS: readonly (readonly [mark: readonly number[], label: string])[] = [
  [[0xff, 0xfe, 0, 0], "utf-32le"], // before UTF-16, whose mark it begins with
  [[0, 0, 0xfe, 0xff], "utf-32be"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
  [[0xef, 0xbb, 0xbf], "utf-8"],
];

export const LONGEST_MARK = 4;

/** What the first bytes say of a text. */
export function markedEncoding(
  beginning: Uint8Array,
): { readonly encoding: TextEncoding; readonly markBytes: number } | undefined {
  const found = MARKS.find(([mark]) => mark.every((byte, i) => beginning[i] === byte));
  return found && { encoding: encodingNamed(found[1]), markBytes: found[0].length };
}

/** Whether a label is known. */
export function isEncoding(label: string): boolean {
  try {
    return encodingNamed(label) !== undefined;
  } catch {
    return false;
  }
}

/** @throws RangeError for a label that is not known */
export function encodingNamed(label: string): TextEncoding {
  const utf32 = /^utf-32(le|be)$/i.exec(label);
  if (utf32) return utf32Encoding(utf32[1].toLowerCase() === "le");
  const name = new TextDecoder(label).encoding;
  const isUtf16 = name.startsWith("utf-16");
  return {
    name,
    unitBytes: isUtf16 ? 2 : 1,
    extendsAscii: !isUtf16 && name !== "iso-2022-jp",
    decode(bytes, { mayBeCut = false } = {}) {
      const text = new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes, {
        stream: mayBeCut,
      });
      return name === "windows-1252" ? text.replace(/[\x80-\x9f]/g, fromWindows1252) : text;
    },
  };
}

// Node's decoder reads Windows-1252 as Latin-1, in which 0x80 to 0x9F are control characters.
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";
const fromWindows1252 = (control: string): string => WINDOWS_1252[control.charCodeAt(0) - 0x80];

function utf32Encoding(isLittle: boolean): TextEncoding {
  return {
    name: isLittle ? "utf-32le" : "utf-32be",
    unitBytes: 4,
    extendsAscii: false,
    decode(bytes, { mayBeCut = false } = {}) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (!mayBeCut && bytes.length % 4 > 0) throw new RangeError("a cut character");
      const characters = Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => {
        const point = view.getUint32(4 * i, isLittle);
        if (point >= 0xd800 && point < 0xe000) throw new RangeError("half a surrogate pair");
        return String.fromCodePoint(point);
      });
      return characters.join("");
    },
  };
}
