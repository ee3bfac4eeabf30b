// The bytes of a text file as text: UTF-8, or UTF-16 where a byte order mark says so. Anything else is an error that names
// the line and the byte: read as something that it is not, a text would lose letters without a word. Knows nothing of files.

import { EarshotError } from "../errors.ts";

/**
 * The text, without a byte order mark.
 * @param where names the text in errors, for example its path
 * @throws UNREADABLE_TEXT
 */
export function decodeText(bytes: Uint8Array, where: string): string {
  const stream = new Utf8Stream(where);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true }); // the stream has taken the mark away
  return decoder.decode(stream.push(bytes), { stream: true }) + decoder.decode(stream.finish());
}

/** The same for a text that comes piece by piece, as UTF-8. @throws UNREADABLE_TEXT */
export async function* utf8Pieces(
  pieces: AsyncIterable<Uint8Array>,
  where: string,
): AsyncGenerator<Uint8Array> {
  const stream = new Utf8Stream(where);
  for await (const piece of pieces) yield stream.push(piece);
  yield stream.finish();
}

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

const NO_BYTES = new Uint8Array(0);

class Utf8Stream {
  readonly #where: string;
  #encoding: Encoding | undefined;
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  /** Bytes in front of the piece under way, and line ends among them. */
  #offset = 0;
  #lines = 0;
  /** The first bytes, while there are too few to tell the encoding. */
  #first: Uint8Array = NO_BYTES;

  constructor(where: string) {
    this.#where = where;
  }

  push(piece: Uint8Array): Uint8Array {
    if (this.#encoding !== undefined) return this.#checked(piece);
    const first = new Uint8Array(this.#first.length + piece.length);
    first.set(this.#first);
    first.set(piece, this.#first.length);
    this.#first = first;
    return first.length < 3 ? NO_BYTES : this.#begin();
  }

  finish(): Uint8Array {
    const start = this.#encoding === undefined ? this.#begin() : NO_BYTES;
    try {
      const rest = this.#decoder!.decode();
      return this.#encoding === "utf-8" ? start : joined(start, new TextEncoder().encode(rest));
    } catch (cause) {
      throw this.#fault("It ends within a character.", this.#lines, cause);
    }
  }

  #begin(): Uint8Array {
    const bytes = this.#first;
    const { encoding, markBytes } = encodingOf(bytes);
    this.#encoding = encoding;
    this.#decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    this.#offset = markBytes;
    return this.#checked(bytes.subarray(markBytes));
  }

  #checked(piece: Uint8Array): Uint8Array {
    const text = this.#decode(piece);
    if (this.#encoding !== "utf-8") {
      const encoded = new TextEncoder().encode(text);
      this.#count(encoded, piece.length);
      return encoded;
    }
    const zero = piece.indexOf(0); // UTF-16 without its mark looks like this
    if (zero >= 0) throw this.#byteFault(piece, zero);
    this.#count(piece, piece.length);
    return piece;
  }

  #decode(piece: Uint8Array): string {
    try {
      return this.#decoder!.decode(piece, { stream: true });
    } catch (cause) {
      const wrong = this.#encoding === "utf-8" ? firstInvalid(piece) : 0;
      throw this.#byteFault(piece, wrong, cause);
    }
  }

  #count(utf8: Uint8Array, read: number): void {
    this.#lines += lineEnds(utf8);
    this.#offset += read;
  }

  #byteFault(piece: Uint8Array, at: number, cause?: unknown): EarshotError {
    const byte = piece[at]?.toString(16).toUpperCase().padStart(2, "0");
    const problem = `Byte ${this.#offset + at + 1} (0x${byte}) does not belong to text in UTF-8.`;
    return this.#fault(problem, this.#lines + lineEnds(piece.subarray(0, at)), cause);
  }

  #fault(problem: string, lines: number, cause?: unknown): EarshotError {
    const remedy = "Save it as UTF-8, for example: iconv -f latin1 -t utf-8 old.txt > new.txt";
    const where = `${this.#where}:${lines + 1}`;
    return new EarshotError({ code: "UNREADABLE_TEXT", where, problem, remedy }, { cause });
  }
}

function encodingOf(bytes: Uint8Array): { encoding: Encoding; markBytes: number } {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: "utf-8", markBytes: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: "utf-16le", markBytes: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: "utf-16be", markBytes: 2 };
  return { encoding: "utf-8", markBytes: 0 };
}

/** The first byte with which a piece stops being UTF-8; bytes that end a character of the piece before are passed over. */
function firstInvalid(piece: Uint8Array): number {
  const start = Math.max(
    0,
    piece.findIndex((byte) => (byte & 0xc0) !== 0x80),
  );
  for (let at = Math.min(start, 3); at < piece.length; at++) {
    const rest = CONTINUATIONS.find(([mask, lead]) => (piece[at] & mask) === lead)?.[2];
    if (rest === undefined) return at;
    const character = piece.subarray(at, at + rest + 1);
    if (!isCharacter(character, rest)) return at;
    at += rest;
  }
  return piece.length - 1;
}

/** Mask and pattern of a character's first byte, and how many bytes follow it. */
const CONTINUATIONS = [
  [0x80, 0x00, 0],
  [0xe0, 0xc0, 1],
  [0xf0, 0xe0, 2],
  [0xf8, 0xf0, 3],
] as const;

/** Whole, or cut at the end of the piece. */
function isCharacter(bytes: Uint8Array, rest: number): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: bytes.length <= rest });
    return true;
  } catch {
    return false;
  }
}

function lineEnds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
