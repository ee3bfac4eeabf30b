// Why bytes are no text in the encoding that they were read in, and what they probably are: UTF-16 without its mark, a damaged
// character of UTF-8, letters of Latin-1, or another encoding. A guess for people; nothing is ever read by it.

import { EarshotError } from "../errors.ts";
import { likelyEncoding } from "./likely-encoding.ts";

export interface UnreadableBytes {
  readonly where: string;
  /** What was read at once, and the index in it of the byte that is at fault. */
  readonly bytes: Uint8Array;
  readonly at: number;
  /** What was read before: so many bytes and lines, and whether there were characters of UTF-8 beyond ASCII among them. */
  readonly before: { readonly bytes: number; readonly lines: number; readonly isUtf8: boolean };
  readonly encoding: string;
  readonly unitBytes: number;
  /** How a user says what a text is in, such as "--encoding". */
  readonly encodingOption?: string;
}

export function unreadableText(found: UnreadableBytes, cause?: unknown): EarshotError {
  const { where, bytes, at, before, encoding } = found;
  const byte = bytes[at].toString(16).toUpperCase().padStart(2, "0");
  const { problem, remedy } = encoding === "utf-8" ? explain(found) : NOT_AS_SAID;
  return new EarshotError(
    {
      code: "UNREADABLE_TEXT",
      where: `${where}:${before.lines + linesIn(found) + 1}`,
      problem: `Byte ${before.bytes + at + 1} (0x${byte}) does not belong to text in ${encoding.toUpperCase()}${problem}.`,
      remedy,
    },
    { cause },
  );
}

/** Line ends before the byte at fault. */
function linesIn({ bytes, at, encoding, unitBytes }: UnreadableBytes): number {
  const low = encoding.endsWith("be") ? unitBytes - 1 : 0;
  let lines = 0;
  for (let i = 0; i + unitBytes <= at; i += unitBytes) {
    const isAscii = bytes.subarray(i, i + unitBytes).every((byte, k) => k === low || byte === 0);
    if (isAscii && bytes[i + low] === 10) lines++;
  }
  return lines;
}

interface Explanation {
  /** The rest of the sentence. */
  readonly problem: string;
  readonly remedy: string;
}

const NOT_AS_SAID: Explanation = {
  problem: ", which it is said to be in",
  remedy: "Save it as UTF-8 by the program that wrote it; the file may be damaged, or in another encoding.",
};

function explain(found: UnreadableBytes): Explanation {
  const { bytes, at, before } = found;
  const utf16 = unmarkedUtf16(bytes, before.bytes);
  if (utf16)
    return converted(utf16, `it is probably ${utf16.toUpperCase()} without its byte order mark`, found);
  if (bytes[at] === 0)
    return {
      problem: ": no text has a byte 0",
      remedy:
        "Give a text: this may be another kind of file. Single bytes of 0: tr -d '\\000' < old.txt > new.txt",
    };
  const around = surroundings(bytes, at);
  if (before.isUtf8 || around.characters >= around.strays)
    return {
      problem: ": a character of it is cut or damaged there",
      remedy: "Correct that line, or copy or download the file again.",
    };
  const likely = likelyEncoding(bytes, at);
  return likely === undefined
    ? inAnother(found)
    : converted(likely, `it is probably ${NAMES[likely]}`, found);
}

/** By their labels. */
const NAMES: Readonly<Record<string, string>> = {
  "windows-1252": "Latin-1 or Windows-1252",
  "windows-1251": "Windows-1251",
  "koi8-r": "KOI8-R",
  shift_jis: "Shift_JIS",
  gb18030: "GB18030",
  "euc-kr": "EUC-KR",
};

function inAnother({ encodingOption }: UnreadableBytes): Explanation {
  const option = encodingOption === undefined ? "" : `; or give ${encodingOption} with its name`;
  return {
    problem: "; it is in another encoding",
    remedy: `Save it as UTF-8 by the program that wrote it, or by iconv with the encoding's name (iconv -l lists them): iconv -f NAME -t utf-8 old.txt > new.txt${option}`,
  };
}

function converted(encoding: string, guess: string, found: UnreadableBytes): Explanation {
  return {
    problem: `; ${guess}`,
    remedy: `Save it as UTF-8, for example: iconv -f ${encoding} -t utf-8 old.txt > new.txt${alternative(encoding, found)}`,
  };
}

const alternative = (encoding: string, { encodingOption }: UnreadableBytes): string =>
  encodingOption === undefined ? "" : `; or give ${encodingOption} ${encoding}`;

const WINDOW_BYTES = 4096;

/** Zeros in every other byte only: the upper halves of Western letters, or at least of line ends. */
function unmarkedUtf16(bytes: Uint8Array, before: number): "utf-16le" | "utf-16be" | undefined {
  const zeros = [0, 0];
  for (let i = 0; i < Math.min(bytes.length, WINDOW_BYTES); i++)
    if (bytes[i] === 0) zeros[(before + i) % 2]++;
  const [even, odd] = zeros;
  if (Math.max(even, odd) < 2 || Math.min(even, odd) > 0) return undefined;
  return odd > 0 ? "utf-16le" : "utf-16be";
}

/** How many characters of UTF-8 beyond ASCII are near a byte, and how many bytes belong to none. */
function surroundings(bytes: Uint8Array, at: number) {
  const near = bytes.subarray(Math.max(0, at - WINDOW_BYTES), at + WINDOW_BYTES);
  let [characters, strays] = [0, 0];
  for (let i = 0; i < near.length;) {
    const length = lengthOf(near, i);
    if (length > 1) characters++;
    if (length === 0 && isContinuation(near[i + 1]) && near.length - i < lengthByLead(near[i])) break; // cut by the end
    if (length === 0) strays++;
    i += Math.max(1, length);
  }
  return { characters, strays };
}

const isContinuation = (byte = 0): boolean => (byte & 0xc0) === 0x80;

const lengthByLead = (byte: number): number =>
  byte < 128 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;

/** Of the character that begins here; 0 where none does. */
function lengthOf(bytes: Uint8Array, at: number): number {
  const length = lengthByLead(bytes[at]);
  for (let i = 1; i < length; i++) if (!isContinuation(bytes[at + i])) return 0;
  return length;
}
