// The compact file of a model: the arrays of its trie as they lie in memory, so that opening it copies nothing. A magic
// word, the version, the length of a header, the header as JSON, the spellings line by line, then the arrays, each at a
// multiple of eight bytes, little-endian; quantized, probabilities and back-offs take one byte each. Whatever the bytes
// are, reading ends in a model that can be asked anything, or in a named error.

import { EarshotError } from "../errors.ts";
import { z } from "../settings.ts";
import { checkTrie } from "./check-trie.ts";
import { MAGIC } from "./magic.ts";
import { dequantized, quantized } from "./quantize.ts";
import type { NgramTrie } from "./trie.ts";
import { SPECIAL_TOKENS, Vocabulary } from "./vocabulary.ts";

const VERSION = 1;
const NEWLINE = 10;
/** Magic word, version, length of the header, nothing. */
const FIXED_BYTES = MAGIC.length + 12;

const headerTable = z.object({
  order: z.int().min(1).max(16),
  unit: z.enum(["word", "character"]),
  quantized: z.boolean(),
  counts: z.array(z.int().min(0)).min(1).max(16),
  states: z.int().min(1),
  spelledBytes: z.int().min(0),
});

type Header = z.infer<typeof headerTable>;

/** The pieces of a compact file, in their order. */
export function* writeCompact(
  trie: NgramTrie,
  options: { readonly quantize?: boolean } = {},
): Generator<Uint8Array> {
  const spellings = new TextEncoder().encode(trie.vocabulary.texts().join("\n"));
  const header = new TextEncoder().encode(JSON.stringify(headerOf(trie, spellings.length, options.quantize)));
  const start = new Uint8Array(FIXED_BYTES + padded(header.length));
  start.set(new TextEncoder().encode(MAGIC));
  new DataView(start.buffer).setUint32(MAGIC.length, VERSION, true);
  new DataView(start.buffer).setUint32(MAGIC.length + 4, padded(header.length), true);
  start.fill(0x20, FIXED_BYTES); // JSON may end in spaces
  start.set(header, FIXED_BYTES);
  yield start;
  const { words, stateBits, stateRanks, firsts, suffixes } = trie;
  const values = options.quantize
    ? [...quantized(trie.logProbs, trie.counts), ...quantized(trie.backoffs, [trie.backoffs.length])]
    : [trie.logProbs, trie.backoffs];
  for (const part of [spellings, words, stateBits, stateRanks, firsts, suffixes, ...values]) {
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    yield bytes;
    yield new Uint8Array(padded(bytes.length) - bytes.length);
  }
}

function headerOf(trie: NgramTrie, spelledBytes: number, quantize = false): Header {
  const { order, unit, counts, backoffs } = trie;
  return { order, unit, quantized: quantize, counts: [...counts], states: backoffs.length, spelledBytes };
}

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/**
 * The model as it lies in the bytes. That takes no time, however large it is, since most of it is not looked at: what is asked
 * of it later ends in a number, whatever the bytes are (trie-scorer.ts). `checkCompact` looks at all.
 * @throws EarshotError NOT_A_LANGUAGE_MODEL, LANGUAGE_MODEL_TOO_NEW
 */
export function readCompact(bytes: Uint8Array, where: string): NgramTrie {
  const sections = new Sections(bytes.byteOffset % 8 === 0 ? bytes : bytes.slice(), where);
  const header = readHeader(sections, where);
  const arcs = header.counts.reduce((sum, count) => sum + count, 0);
  const vocabulary = readVocabulary(sections.bytes(header.spelledBytes), where);
  const [words, stateBits] = [sections.uint32(arcs), sections.uint32(Math.ceil(arcs / 32))];
  const stateRanks = sections.uint32(Math.ceil(arcs / 32));
  const [firsts, suffixes] = [sections.uint32(header.states + 1), sections.uint32(header.states)];
  const logProbs = readValues(sections, header.counts, header.quantized);
  const backoffs = readValues(sections, [header.states], header.quantized);
  sections.end();
  const { order, unit, counts } = header;
  if (counts[0] !== vocabulary.size) throw damaged(where, "It does not have one 1-gram for each word.");
  return {
    order,
    unit,
    vocabulary,
    counts,
    words,
    logProbs,
    stateBits,
    stateRanks,
    firsts,
    backoffs,
    suffixes,
  };
}

/** @throws EarshotError NOT_A_LANGUAGE_MODEL where the arrays do not belong together */
export function checkCompact(trie: NgramTrie, where: string): NgramTrie {
  const flaw = checkTrie(trie);
  if (flaw !== undefined) throw damaged(where, flaw);
  return trie;
}

function readValues(sections: Sections, counts: readonly number[], isQuantized: boolean): Float32Array {
  const size = counts.reduce((sum, count) => sum + count, 0);
  if (!isQuantized) return sections.float32(size);
  const bins = sections.float32(counts.length * 256);
  return dequantized(bins, sections.bytes(size), counts);
}

function readHeader(sections: Sections, where: string): Header {
  const fixed = sections.fixed(FIXED_BYTES);
  const version = fixed.getUint32(MAGIC.length, true);
  if (version > VERSION) {
    const problem = `It has format version ${version}; this release reads up to ${VERSION}.`;
    const remedy = "Update Earshot: npm install earshot@latest";
    throw new EarshotError({ code: "LANGUAGE_MODEL_TOO_NEW", where, problem, remedy });
  }
  const text = new TextDecoder().decode(sections.bytes(fixed.getUint32(MAGIC.length + 4, true)));
  const { data, success } = headerTable.safeParse(parsed(text));
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

function readVocabulary(spellings: Uint8Array, where: string): Vocabulary {
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

function damaged(where: string, problem: string): EarshotError {
  const remedy = "Copy, download or build it again.";
  return new EarshotError({ code: "NOT_A_LANGUAGE_MODEL", where, problem, remedy });
}

/** The sections of a file, one after the other; none reaches past its end. */
class Sections {
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

  uint32(length: number): Uint32Array {
    return new Uint32Array(this.#bytes.buffer, this.#take(length * 4, padded(length * 4)), length);
  }

  float32(length: number): Float32Array {
    return new Float32Array(this.#bytes.buffer, this.#take(length * 4, padded(length * 4)), length);
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
