// Reads ARPA, the text format of n-gram models, as SRILM, KenLM and IRSTLM write it: fields apart by tabs or spaces,
// back-offs that may be missing, any text before \data\. Works on bytes; a large model has tens of millions of fields.
// It checks the file against itself (counts, sections, words); what n-grams mean together is for sort-ngrams.ts.

import { EarshotError } from "../errors.ts";
import { utf8Of } from "../platform/index.ts";
import { splitCharacters } from "../text/index.ts";
import { FieldReader } from "./fields.ts";
import { NEVER_LOG10, type Unit } from "./trie.ts";
import { SPECIAL_TOKENS, Vocabulary } from "./vocabulary.ts";

/** The n-grams of one order, as they come. */
export interface NgramList {
  /** [size, order] */
  readonly words: Uint32Array;
  /** [size], log10. */
  readonly logProbs: Float32Array;
  /** [size], log10, 0 where the file has none. */
  readonly backoffs: Float32Array;
}

export interface ArpaModel {
  readonly vocabulary: Vocabulary;
  readonly unit: Unit;
  /** [order] */
  readonly lists: readonly NgramList[];
}

const LONGEST_ORDER = 16;

/** @throws EarshotError INVALID_ARPA with the line, NOT_A_LANGUAGE_MODEL where there is no \data\, UNREADABLE_TEXT */
export function readArpa(content: Uint8Array, where: string): ArpaModel {
  const bytes = textOf(content, where);
  const fields = new FieldReader(bytes);
  const fail = failAt(fields, where);
  const counts = readHeader(fields, fail, where);
  const vocabulary = new Vocabulary();
  const lists: NgramList[] = [];
  for (const [index, count] of counts.entries()) {
    const section = `\\${index + 1}-grams:`;
    if (fields.text() !== section)
      throw fail(`Expected the section "${section}", but here is "${shown(fields)}".`);
    fields.nextLine();
    lists.push(readSection(fields, index + 1, count, vocabulary, fail));
  }
  if (fields.text() !== "\\end\\") throw fail(`Expected "\\end\\", but here is "${shown(fields)}".`);
  return { vocabulary, unit: unitOf(vocabulary), lists };
}

function textOf(content: Uint8Array, where: string): Uint8Array {
  try {
    return utf8Of(content, where);
  } catch (error) {
    const fields = new FieldReader(content);
    skipToCounts(fields);
    throw fields.atEnd ? notArpa(where) : error; // of another kind of file, its bytes say nothing
  }
}

type Fail = (problem: string) => EarshotError;

function failAt(fields: FieldReader, where: string): Fail {
  return (problem) =>
    new EarshotError({
      code: "INVALID_ARPA",
      where: `${where}:${fields.line}`,
      problem,
      remedy: "Write the model again, or correct the line; the file may be cut.",
    });
}

function notArpa(where: string): EarshotError {
  const problem = "There is no line \\data\\, so this is no ARPA file, nor is it a compact one.";
  const remedy = "Give an ARPA file, or what `earshot lm build` wrote.";
  return new EarshotError({ code: "NOT_A_LANGUAGE_MODEL", where, problem, remedy });
}

const shown = (fields: FieldReader): string =>
  fields.atEnd ? "the end of the file" : fields.text().slice(0, 60);

function skipToCounts(fields: FieldReader): void {
  while (!fields.atEnd && fields.text() !== "\\data\\") fields.nextLine();
}

/** The number of n-grams of each order. */
function readHeader(fields: FieldReader, fail: Fail, where: string): number[] {
  skipToCounts(fields);
  if (fields.atEnd) throw notArpa(where);
  fields.nextLine();
  const counts: number[] = [];
  for (; fields.text().startsWith("ngram"); fields.nextLine()) {
    const match = /^ngram\s+(\d{1,2})\s*=\s*(\d{1,12})$/.exec(fields.text());
    if (!match) throw fail(`Expected a count such as "ngram 1=5000", but here is "${shown(fields)}".`);
    if (Number(match[1]) !== counts.length + 1)
      throw fail(`Expected the count of ${counts.length + 1}-grams.`);
    counts.push(Number(match[2]));
  }
  if (counts.length === 0) throw fail("No line says how many n-grams there are.");
  if (counts.length > LONGEST_ORDER) throw fail(`Orders above ${LONGEST_ORDER} are not supported.`);
  return counts;
}

function readSection(
  fields: FieldReader,
  order: number,
  count: number,
  vocabulary: Vocabulary,
  fail: Fail,
): NgramList {
  if (count * 2 * (order + 1) > fields.bytesLeft + 1) {
    throw fail(`The header says ${count} ${order}-grams, more than the rest of the file can hold.`);
  }
  const words = new Uint32Array(count * order);
  const [logProbs, backoffs] = [new Float32Array(count), new Float32Array(count)];
  let read = 0;
  for (; !fields.atEnd && !fields.startsWithBackslash; fields.nextLine(), read++) {
    if (read === count) throw fail(`The header says ${count} ${order}-grams, but here is another.`);
    logProbs[read] = probability(fields, fail);
    for (let i = 0; i < order; i++) words[read * order + i] = readWord(fields, order, vocabulary, fail);
    backoffs[read] = backoff(fields, order, fail);
  }
  if (read < count) throw fail(`The header says ${count} ${order}-grams, but there are only ${read}.`);
  return { words, logProbs, backoffs };
}

function probability(fields: FieldReader, fail: Fail): number {
  if (!fields.nextField()) throw fail("Expected a probability.");
  const value = fields.number();
  if (Number.isNaN(value)) throw fail(`Expected a log10 probability, but here is "${fields.fieldText()}".`);
  if (value > 0.001) throw fail(`The log10 probability ${value} is above 0.`);
  return Math.max(Math.min(value, 0), NEVER_LOG10);
}

function backoff(fields: FieldReader, order: number, fail: Fail): number {
  if (!fields.nextField()) return 0;
  const value = fields.number();
  if (Number.isNaN(value))
    throw fail(`Expected a log10 back-off after ${order} words, not "${fields.fieldText()}".`);
  if (fields.nextField()) throw fail(`There is "${fields.fieldText()}" after the back-off.`);
  return Math.min(Math.max(value, NEVER_LOG10), -NEVER_LOG10);
}

function readWord(fields: FieldReader, order: number, vocabulary: Vocabulary, fail: Fail): number {
  if (!fields.nextField()) throw fail(`Expected ${order} words after the probability.`);
  const { bytes, start, end } = fields;
  const known = vocabulary.find(bytes, start, end);
  if (known >= 0) return known;
  if (end - start === 5 && fields.fieldText() === "<UNK>") return 0;
  if (order > 1) throw fail(`"${fields.fieldText()}" is not among the 1-grams.`);
  return vocabulary.add(bytes, start, end);
}

/** A word model may have words of one letter alone; only a character model has the spelled space as well. */
function unitOf(vocabulary: Vocabulary): Unit {
  if (vocabulary.findText("<space>") < 0) return "word";
  const tokens = vocabulary.texts().slice(SPECIAL_TOKENS.length);
  const isCharacter = (token: string) => token === "<space>" || splitCharacters(token).length === 1;
  return tokens.every(isCharacter) ? "character" : "word";
}
