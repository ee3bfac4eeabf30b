// The bytes of a text, whole or piece by piece: UTF-8, or the UTF that a byte order mark names. Anything else is an error that
// names the line and the byte, unless the caller says what such a text is in: read as something that it is not, a text would
// lose letters without a word. Knows nothing of files.

import { joinBytes } from "./bytes.ts";
import { encodingNamed, LONGEST_MARK, markedEncoding, type TextEncoding } from "./text-encodings.ts";
import { unreadableText } from "./text-faults.ts";

export interface TextOptions {
  /** What a text is in that is not UTF-8 and has no byte order mark: a label of the WHATWG Encoding standard, such as "latin1". */
  readonly encoding?: string;
  /** How a user gives `encoding`, for errors, such as "--encoding"; where there is no way, it is left out. */
  readonly encodingOption?: string;
}

const UTF8 = encodingNamed("utf-8");
const WHITE_SPACE = [9, 10, 13, 32];

/** It stands within a text where one file was put behind another. It is no letter, and never shows. */
const MARK = "\uFEFF";

/**
 * The text, without byte order marks.
 * @param where names the text in errors, for example its path
 * @throws UNREADABLE_TEXT
 */
export function decodeText(bytes: Uint8Array, where: string, options?: TextOptions): string {
  const reader = new TextReader(where, options);
  return reader.read(bytes) + reader.finish();
}

/** A text too large for memory: each part ends at white space, but for the last. @throws UNREADABLE_TEXT */
export async function* decodeTextPieces(
  pieces: AsyncIterable<Uint8Array>,
  where: string,
  options?: TextOptions,
): AsyncGenerator<string> {
  const reader = new TextReader(where, options);
  for await (const piece of pieces) yield reader.read(piece);
  yield reader.finish();
}

/** The bytes of a text as UTF-8 without a byte order mark before it: themselves, where they are. @throws UNREADABLE_TEXT */
export function utf8Of(bytes: Uint8Array, where: string): Uint8Array {
  const marked = markedEncoding(bytes.subarray(0, LONGEST_MARK));
  if (marked && marked.encoding.name !== "utf-8") return new TextEncoder().encode(decodeText(bytes, where));
  const reader = new TextReader(where);
  for (let at = 0; at < bytes.length; at += PART_BYTES) reader.read(bytes.subarray(at, at + PART_BYTES));
  reader.finish();
  return bytes.subarray(marked?.markBytes ?? 0);
}

const PART_BYTES = 1 << 20;

class TextReader {
  readonly #where: string;
  readonly #options: TextOptions;
  /** Tried where UTF-8 fails before any character of UTF-8 beyond ASCII was seen. */
  readonly #otherwise: TextEncoding | undefined;
  #encoding: TextEncoding | undefined;
  #rest: Uint8Array = new Uint8Array();
  #isUtf8 = false;
  /** Of what was read: */
  #bytes = 0;
  #lines = 0;

  constructor(where: string, options: TextOptions = {}) {
    this.#where = where;
    this.#options = options;
    if (options.encoding !== undefined) this.#otherwise = encodingNamed(options.encoding);
  }

  /** The text as far as the last white space; what is behind it comes with the next piece. */
  read(piece: Uint8Array): string {
    const bytes = this.#rest.length > 0 ? joinBytes([this.#rest, piece]) : piece;
    this.#rest = bytes;
    if (this.#encoding === undefined && bytes.length < LONGEST_MARK) return "";
    const { unitBytes } = this.#begin();
    let end = this.#rest.length - (this.#rest.length % unitBytes);
    while (end > 0 && !isWhiteSpace(this.#rest, end, unitBytes)) end -= unitBytes;
    const whole = this.#rest.subarray(0, end);
    this.#rest = this.#rest.slice(end);
    return this.#decode(whole);
  }

  finish(): string {
    this.#begin();
    return this.#decode(this.#rest);
  }

  /** The encoding, from the first bytes; passes over their mark. */
  #begin(): TextEncoding {
    if (this.#encoding) return this.#encoding;
    const marked = markedEncoding(this.#rest);
    const { markBytes } = marked ?? { markBytes: 0 };
    this.#rest = this.#rest.subarray(markBytes);
    this.#bytes = markBytes;
    const given = this.#otherwise?.extendsAscii ? undefined : this.#otherwise;
    return (this.#encoding = marked?.encoding ?? given ?? UTF8);
  }

  #decode(bytes: Uint8Array): string {
    const text = this.#tryDecode(bytes);
    this.#bytes += bytes.length;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#lines++;
    if (text.length < bytes.length) this.#isUtf8 = true;
    return text.includes(MARK) ? text.replaceAll(MARK, "") : text;
  }

  #tryDecode(bytes: Uint8Array): string {
    const encoding = this.#encoding!;
    const zero = zeroUnit(bytes, encoding.unitBytes);
    if (zero >= 0) throw this.#fault(bytes, zero);
    try {
      return encoding.decode(bytes);
    } catch (cause) {
      if (encoding !== UTF8 || !this.#otherwise || this.#isUtf8)
        throw this.#fault(bytes, firstInvalid(bytes, encoding), cause);
      this.#encoding = this.#otherwise;
      return this.#tryDecode(bytes);
    }
  }

  #fault(bytes: Uint8Array, at: number, cause?: unknown): Error {
    const before = { bytes: this.#bytes, lines: this.#lines, isUtf8: this.#isUtf8 };
    const { name: encoding, unitBytes } = this.#encoding!;
    const { encodingOption } = this.#options;
    return unreadableText(
      { where: this.#where, bytes, at, before, encoding, unitBytes, encodingOption },
      cause,
    );
  }
}

/** Whether the unit before `end` is white space: no character of any encoding goes on behind it. */
function isWhiteSpace(bytes: Uint8Array, end: number, unitBytes: number): boolean {
  const unit = bytes.subarray(end - unitBytes, end);
  return WHITE_SPACE.includes(unit[0] || unit[unitBytes - 1]) && unit.filter((byte) => byte > 0).length === 1;
}

/** The first unit that is 0, which no text has and UTF-16 without its mark is full of; −1 without one. */
function zeroUnit(bytes: Uint8Array, unitBytes: number): number {
  const isZero = (at: number) => {
    for (let i = at; i < at + unitBytes; i++) if (bytes[i] !== 0) return false;
    return true;
  };
  let at = bytes.indexOf(0);
  if (unitBytes === 1 || at < 0) return at;
  for (at -= at % unitBytes; at + unitBytes <= bytes.length; at += unitBytes) if (isZero(at)) return at;
  return -1;
}

/** Where text stops being in its encoding: the first byte of the character that does not come to its end. */
function firstInvalid(bytes: Uint8Array, encoding: TextEncoding): number {
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (decodes(bytes.subarray(0, middle), encoding, true)) valid = middle;
    else invalid = middle;
  }
  while (valid > 0 && !decodes(bytes.subarray(0, valid), encoding, false)) valid--;
  return valid;
}

function decodes(bytes: Uint8Array, encoding: TextEncoding, mayBeCut: boolean): boolean {
  try {
    encoding.decode(bytes, { mayBeCut });
    return true;
  } catch {
    return false;
  }
}
