// What a file of evidence holds, whatever its format: arrays of numbers by name, and facts. Hostile or damaged files
// end in one of the errors here; nothing of a file is ever executed, and no size that it claims is believed unchecked.

import { EarshotError } from "../../../errors.ts";
import { elementCount, type Float64Tensor } from "../../../tensor.ts";

export interface NamedArrays {
  readonly arrays: ReadonlyMap<string, Float64Tensor>;
  /** What is no array: the layout, the blank, the symbols, settings of features. Any JSON value. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A fact that came as a text, which may be JSON: .npy and safetensors hold no other facts. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Numbers that one examination takes in; a batch of 32 utterances of 30 s over 1,000 symbols has 48 million. */
export const MOST_NUMBERS = 2 ** 26;

/** The product of dims, refused before anything of that size is allocated. @throws EVIDENCE_TOO_LARGE */
export function countOf(dims: readonly number[], where: string): number {
  const count = elementCount(dims);
  if (count <= MOST_NUMBERS) return count;
  throw tooLarge(where, `It has the shape [${dims.join(", ")}], which is ${count} numbers.`);
}

export function tooLarge(where: string, problem: string): EarshotError {
  return new EarshotError({
    code: "EVIDENCE_TOO_LARGE",
    where,
    problem: `${problem} The doctor takes up to ${MOST_NUMBERS}.`,
    remedy: "Export one small batch: four to sixteen utterances tell as much as a thousand.",
  });
}

export function damagedEvidence(where: string, problem: string, cause?: unknown): EarshotError {
  return new EarshotError(
    {
      code: "DAMAGED_EVIDENCE",
      where,
      problem,
      remedy:
        "Export it again, with tools/probe.py or numpy.savez; the file may be cut or of another format.",
    },
    { cause },
  );
}

export function unfitEvidence(where: string, problem: string, remedy: string): EarshotError {
  return new EarshotError({ code: "UNFIT_EVIDENCE", where, problem, remedy });
}
