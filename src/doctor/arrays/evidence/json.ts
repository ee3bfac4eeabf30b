// Evidence as JSON: { "log_probs": [[[…]]], "input_lengths": […], "blank": 0, … }. Nested lists of numbers are arrays,
// everything else is a fact. Python's NaN and Infinity, which JSON does not know, are read too.

import { isRecord } from "../../../settings.ts";
import { elementCount, type Float64Tensor } from "../../../tensor.ts";
import { countOf, damagedEvidence, type NamedArrays } from "./named-arrays.ts";

const PAD = -1; // no label

/** @throws DAMAGED_EVIDENCE, EVIDENCE_TOO_LARGE */
export function readJsonEvidence(text: string, where: string): NamedArrays {
  const json = parse(text, where);
  if (!isRecord(json)) throw damagedEvidence(where, "It is no JSON object of named arrays.");
  const arrays = new Map<string, Float64Tensor>();
  const facts: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const array = Array.isArray(value) ? arrayOf(value, `${where}: ${name}`) : undefined;
    if (array) arrays.set(name, array);
    else facts[name] = value;
  }
  return { arrays, facts };
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(pythonNumbers(text));
  } catch (cause) {
    throw damagedEvidence(where, `It is no JSON: ${(cause as Error).message}.`, cause);
  }
}

/** Python's names of numbers become texts, which `numberOf` reads. */
const pythonNumbers = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );

const NAMED_NUMBERS: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity };

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  return typeof value === "string" ? NAMED_NUMBERS[value] : undefined;
}

/** Undefined when the list holds anything but numbers and lists, such as the symbols of an alphabet. */
function arrayOf(list: readonly unknown[], where: string): Float64Tensor | undefined {
  const dims = widths([list]);
  const count = countOf(dims, where);
  const data = new Float64Array(count).fill(PAD);
  const fill = (value: unknown, depth: number, at: number): boolean => {
    if (depth < dims.length) {
      const step = elementCount(dims.slice(depth + 1));
      if (!Array.isArray(value)) return false;
      if (value.length < dims[depth] && dims.length > 2) throw ragged(where);
      return value.every((part, i) => fill(part, depth + 1, at + i * step));
    }
    data[at] = numberOf(value) ?? NaN;
    return numberOf(value) !== undefined;
  };
  return fill(list, 0, 0) ? { type: "float64", dims, data } : undefined;
}

const DEEPEST = 8;

/** The widest list of each depth: lists of different lengths, as targets may be, are padded. */
function widths(lists: readonly (readonly unknown[])[], depth = 1): number[] {
  if (depth > DEEPEST) return []; // of no use to anybody: the lists in it are then no numbers
  const widest = lists.reduce((most, { length }) => Math.max(most, length), 0);
  const inner = lists.flat().filter((value): value is unknown[] => Array.isArray(value));
  return inner.length > 0 ? [widest, ...widths(inner, depth + 1)] : [widest];
}

const ragged = (where: string) =>
  damagedEvidence(where, "Its lists have different lengths, so they are no array of one shape.");
