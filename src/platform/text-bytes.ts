// The bytes of a text file as text: UTF-8, or UTF-16 where a byte order mark says so. Anything else is an error that names
// the line and the byte: read as something that it is not, a text would lose letters without a word. Knows nothing of files.

import { EarshotError } from "../errors.ts";

/**
 * The text, without a byte order mark.
 * @param where names the text in errors, for example its path
 * @throws UNREADABLE_TEXT
 */
export function decodeText(bytes: Uint8Array, where: string): string {
  const encoding = encodingOf(bytes);
  const zero = encoding === "utf-8" ? bytes.indexOf(0) : -1; // UTF-16 without its mark looks like this
  if (zero >= 0) throw notUtf8(bytes, zero, where);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notUtf8(bytes, encoding === "utf-8" ? firstInvalid(bytes) : bytes.length - 1, where, cause);
  }
}

function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

/** Where text that is not UTF-8 stops being so: the first byte of the character that does not come to its end. */
function firstInvalid(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8(bytes.subarray(0, middle), { mayBeCut: true })) valid = middle;
    else invalid = middle;
  }
  while (!isUtf8(bytes.subarray(0, valid), { mayBeCut: false })) valid--;
  return valid;
}

/** @param mayBeCut whether the last character may lack its end */
function isUtf8(bytes: Uint8Array, { mayBeCut }: { readonly mayBeCut: boolean }): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: mayBeCut });
    return true;
  } catch {
    return false;
  }
}

function notUtf8(bytes: Uint8Array, at: number, where: string, cause?: unknown): EarshotError {
  const line = bytes.subarray(0, at).filter((byte) => byte === 10).length + 1;
  const byte = bytes[at].toString(16).toUpperCase().padStart(2, "0");
  return new EarshotError(
    {
      code: "UNREADABLE_TEXT",
      where: `${where}:${line}`,
      problem: `Byte ${at + 1} (0x${byte}) does not belong to text in UTF-8.`,
      remedy: "Save it as UTF-8, for example: iconv -f latin1 -t utf-8 old.txt > new.txt",
    },
    { cause },
  );
}
