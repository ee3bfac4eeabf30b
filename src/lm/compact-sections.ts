// What every version of the compact file is made of: a header as JSON, spellings line by line, and sections, each at a
// multiple of eight bytes.

import { EarshotError } from "../errors.ts";
import { z } from "../settings.ts";
import { dequantized } from "./quantize.ts";
import { SPECIAL_TOKENS, Vocabulary } from "./vocabulary.ts";

const NEWLINE = 10;

/** What every version says of a model. */
export const headerFields = z.object({
  order: z.int().min(1).max(16),
  unit: z.enum(["word", "character"]),
  quantized: z.boolean(),
  counts: z.array(z.int().min(0)).min(1).max(16),
  states: z.int().min(1),
  spelledBytes: z.int().min(0),
});

export const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

export function damaged(where: string, problem: string): EarshotError {
  const remedy = "Copy, download or build it again.";
  return new EarshotError({ code: "NOT_A_LANGUAGE_MODEL", where, problem, remedy });
}

/** The header that a table describes. */
export function readWith<Header extends { readonly order: number; readonly counts: readonly number[] }>(
  table: z.ZodType<Header>,
  bytes: Uint8Array,
  where: string,
): Header {
  const { data, success } = table.safeParse(parsed(new TextDecoder().decode(bytes)));
  if (!success || data.counts.length !== data.order) throw damaged(where, "Its header cannot be read.");
  return data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function readVocabulary(spellings: Uint8Array, where: string): Vocabulary {
  const vocabulary = new Vocabulary();
  let id = 0;
  for (let start = 0; start <= spellings.length; id++) {
    const newline = spellings.indexOf(NEWLINE, start);
    const end = newline < 0 ? spellings.length : newline;
    if (vocabulary.add(spellings, start, end) !== id) throw damaged(where, "A word is listed twice.");
    start = end + 1;
  }
  if (id < SPECIAL_TOKENS.length) throw damaged(where, "It lacks the tokens <unk>, <s> and </s>.");
  return vocabulary;
}

/** The sections of a file, one after the other; none reaches past its end. */
export class Sections {
  readonly #bytes: Uint8Array;
  readonly #where: string;
  #at = 0;

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes;
    this.#where = where;
  }

  fixed(length: number): DataView {
    const start = this.#take(length, length);
    return new DataView(this.#bytes.buffer, start, length);
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#take(length, padded(length)), length);
  }

  uint16(length: number): Uint16Array {
    return new Uint16Array(this.#bytes.buffer, this.#take(length * 2, padded(length * 2)), length);
  }

  uint32(length: number): Uint32Array {
    return new Uint32Array(this.#bytes.buffer, this.#take(length * 4, padded(length * 4)), length);
  }

  float32(length: number): Float32Array {
    return new Float32Array(this.#bytes.buffer, this.#take(length * 4, padded(length * 4)), length);
  }

  /** A value for each n-gram of each order, or a byte for each after the bins of the orders. */
  logProbs(counts: readonly number[], isQuantized: boolean): Float32Array {
    const size = counts.reduce((sum, count) => sum + count, 0);
    if (!isQuantized) return this.float32(size);
    const bins = this.float32(counts.length * 256);
    return dequantized(bins, this.bytes(size), counts);
  }

  end(): void {
    if (this.#at !== this.#bytes.length)
      throw damaged(this.#where, "There is more in the file than its header says.");
  }

  /** Where in the buffer the next section begins. */
  #take(length: number, withPadding: number): number {
    if (this.#at + length > this.#bytes.length) throw damaged(this.#where, "The file is cut.");
    const start = this.#bytes.byteOffset + this.#at;
    this.#at += withPadding;
    return start;
  }
}
