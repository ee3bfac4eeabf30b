// The compact file of a model: the arrays of its trie as they lie in memory, so that opening it copies nothing. A magic
// word, the version, the length of a header, the header as JSON, the spellings line by line, then the arrays, each at a
// multiple of eight bytes, little-endian; quantized, probabilities take one byte each, and back-offs have 256 values. Whatever
// the bytes are, reading ends in a model that can be asked anything, or in a named error.

import { EarshotError } from "../errors.ts";
import { z } from "../settings.ts";
import { checkTrie } from "./check-trie.ts";
import { damaged, headerFields, padded, readVocabulary, readWith, Sections } from "./compact-sections.ts";
import { MAGIC } from "./magic.ts";
import { PackedNumbers, bytesOfPacked, RisingNumbers } from "./packed-numbers.ts";
import { quantized, withFewValues } from "./quantize.ts";
import { SharedValues } from "./shared-values.ts";
import type { NgramTrie } from "./trie.ts";

const VERSION = 2;
/** Magic word, version, length of the header, nothing. */
const FIXED_BYTES = MAGIC.length + 12;

const width = z.int().min(1).max(4);
const headerTable = headerFields.extend({
  /** Bytes of a number. */
  widths: z.object({ words: width, backoffs: width, suffixes: width }),
  /** Different back-offs. */
  backoffs: z.int().min(1),
  /** First arcs of contexts in blocks with many. */
  wide: z.int().min(0),
});

type Header = z.infer<typeof headerTable>;

/** The pieces of a compact file, in their order. */
export function* writeCompact(
  trie: NgramTrie,
  options: { readonly quantize?: boolean } = {},
): Generator<Uint8Array> {
  const { words, stateBlocks, firsts, suffixes } = trie;
  const backoffs = options.quantize ? withFewValues(trie.backoffs) : trie.backoffs;
  const logProbs = options.quantize ? quantized(trie.logProbs, trie.counts) : [trie.logProbs];
  const spellings = new TextEncoder().encode(trie.vocabulary.texts().join("\n"));
  yield startOf({
    order: trie.order,
    unit: trie.unit,
    quantized: options.quantize ?? false,
    counts: [...trie.counts],
    states: suffixes.length,
    spelledBytes: spellings.length,
    widths: { words: words.width, backoffs: backoffs.codes.width, suffixes: suffixes.width },
    backoffs: backoffs.table.length,
    wide: firsts.wide.length,
  });
  const ofArcs = [words.bytes, stateBlocks, ...logProbs];
  const ofStates = [
    firsts.bases,
    firsts.differences,
    firsts.wide,
    suffixes.bytes,
    backoffs.codes.bytes,
    backoffs.table,
  ];
  for (const part of [spellings, ...ofArcs, ...ofStates]) {
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    yield bytes;
    yield new Uint8Array(padded(bytes.length) - bytes.length);
  }
}

function startOf(header: Header): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = new Uint8Array(FIXED_BYTES + padded(text.length)).fill(0x20); // JSON may end in spaces
  start.set(new TextEncoder().encode(MAGIC));
  const fixed = new DataView(start.buffer, MAGIC.length);
  fixed.setUint32(0, VERSION, true);
  fixed.setUint32(4, padded(text.length), true);
  fixed.setUint32(8, 0, true);
  start.set(text, FIXED_BYTES);
  return start;
}

/**
 * The model as it lies in the bytes. That takes no time, however large it is, since most of it is not looked at: what is asked
 * of it later ends in a number, whatever the bytes are (trie-scorer.ts). `checkCompact` looks at all. Files of version 1 are
 * packed anew.
 * @throws EarshotError NOT_A_LANGUAGE_MODEL, LANGUAGE_MODEL_TOO_NEW
 */
export async function readCompact(bytes: Uint8Array, where: string): Promise<NgramTrie> {
  const sections = new Sections(bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes), where);
  const fixed = sections.fixed(FIXED_BYTES);
  const version = fixed.getUint32(MAGIC.length, true);
  if (version > VERSION) throw tooNew(version, where);
  if (version < 1) throw damaged(where, `There is no format version ${version}.`);
  const header = sections.bytes(fixed.getUint32(MAGIC.length + 4, true));
  if (version === 1) {
    const { readVersion1 } = await import("./compact-version-1.ts");
    return readVersion1(sections, header, where);
  }
  return readTrieOf(sections, readWith(headerTable, header, where), where);
}

function readTrieOf(sections: Sections, header: Header, where: string): NgramTrie {
  const { order, unit, counts, states, widths } = header;
  const arcs = counts.reduce((sum, count) => sum + count, 0);
  const packed = (length: number, width: number) =>
    new PackedNumbers(length, width, sections.bytes(bytesOfPacked(length, width)));
  const vocabulary = readVocabulary(sections.bytes(header.spelledBytes), where);
  const trie = {
    order,
    unit,
    vocabulary,
    counts,
    words: packed(arcs, widths.words),
    stateBlocks: sections.uint32(2 * Math.ceil(arcs / 32)),
    logProbs: sections.logProbs(counts, header.quantized),
    firsts: new RisingNumbers(
      sections.uint32(Math.ceil((states + 1) / 32)),
      sections.uint16(states + 1),
      sections.uint32(header.wide),
    ),
    suffixes: packed(states, widths.suffixes),
    backoffs: new SharedValues(packed(states, widths.backoffs), sections.float32(header.backoffs)),
  };
  sections.end();
  if (counts[0] !== vocabulary.size) throw damaged(where, "It does not have one 1-gram for each word.");
  return trie;
}

/** @throws EarshotError NOT_A_LANGUAGE_MODEL where the arrays do not belong together */
export function checkCompact(trie: NgramTrie, where: string): NgramTrie {
  const flaw = checkTrie(trie);
  if (flaw !== undefined) throw damaged(where, flaw);
  return trie;
}

function tooNew(version: number, where: string): EarshotError {
  const problem = `It has format version ${version}; this release reads up to ${VERSION}.`;
  const remedy = "Update Earshot: npm install earshot@latest";
  return new EarshotError({ code: "LANGUAGE_MODEL_TOO_NEW", where, problem, remedy });
}
