// Reads the compact file as releases before version 2 wrote it: every number in 32 bits, bits of states and their ranks in
// arrays of their own, a back-off for each state. It is packed anew, so that there is one store to be asked.

import { damaged, headerFields, readVocabulary, readWith, type Sections } from "./compact-sections.ts";
import { PackedNumbers, RisingNumbers } from "./packed-numbers.ts";
import { SharedValues } from "./shared-values.ts";
import type { NgramTrie } from "./trie.ts";

/** @throws EarshotError NOT_A_LANGUAGE_MODEL */
export function readVersion1(sections: Sections, headerBytes: Uint8Array, where: string): NgramTrie {
  const header = readWith(headerFields, headerBytes, where);
  const { order, unit, counts, states } = header;
  const arcs = counts.reduce((sum, count) => sum + count, 0);
  const vocabulary = readVocabulary(sections.bytes(header.spelledBytes), where);
  const [words, stateBits] = [sections.uint32(arcs), sections.uint32(Math.ceil(arcs / 32))];
  const stateRanks = sections.uint32(Math.ceil(arcs / 32));
  const [firsts, suffixes] = [sections.uint32(states + 1), sections.uint32(states)];
  const logProbs = sections.logProbs(counts, header.quantized);
  const backoffs = sections.logProbs([states], header.quantized);
  sections.end();
  if (counts[0] !== vocabulary.size) throw damaged(where, "It does not have one 1-gram for each word.");
  if (!areBelow(words, counts[0]) || !areBelow(suffixes, states) || !riseTo(arcs, firsts))
    throw damaged(where, "Its contexts are out of order.");
  return {
    order,
    unit,
    vocabulary,
    counts,
    words: PackedNumbers.of(words, counts[0] - 1),
    stateBlocks: inTurns(stateBits, stateRanks),
    logProbs,
    firsts: RisingNumbers.of(firsts),
    suffixes: PackedNumbers.of(suffixes, states - 1),
    backoffs: SharedValues.of(backoffs),
  };
}

const areBelow = (numbers: Uint32Array, bound: number): boolean => numbers.every((number) => number < bound);
const riseTo = (end: number, numbers: Uint32Array): boolean =>
  numbers.every((number, i) => number <= (numbers[i + 1] ?? end)) && numbers[numbers.length - 1] === end;

/** The first of each, the second of each, … */
function inTurns(evens: Uint32Array, odds: Uint32Array): Uint32Array {
  const both = new Uint32Array(2 * evens.length);
  for (let i = 0; i < evens.length; i++) {
    both[2 * i] = evens[i];
    both[2 * i + 1] = odds[i];
  }
  return both;
}
