// The faults of a grammar that was read well, but cannot be compiled.

import type { EarshotError } from "../errors.ts";
import type { SourcePlace } from "./source-text.ts";

/** How deep rules and lists may refer to each other. */
export const DEEPEST_REFERENCES = 100;

/** @param names from the first that is met again to where it is */
export function recursive(names: readonly string[], at: SourcePlace): EarshotError {
  const cycle = names.slice(names.indexOf(names.at(-1)!));
  return at.fault({
    code: "RECURSIVE_GRAMMAR",
    problem: `${cycle[0]} says itself again: ${cycle.join(" → ")}.`,
    remedy: "Write it without: in JSGF, * and + repeat what is before them.",
  });
}

export const tooDeep = (at: SourcePlace): EarshotError =>
  at.fault({
    code: "GRAMMAR_TOO_LARGE",
    problem: `Rules refer to each other more than ${DEEPEST_REFERENCES} deep.`,
    remedy: "Write some of them out.",
  });

export const tooAmbiguous = (at: SourcePlace): EarshotError =>
  at.fault({
    code: "GRAMMAR_TOO_LARGE",
    problem: "A repetition with weights can be read in too many ways of different weight.",
    remedy: "Leave the weights out, or let each way of saying it be possible once.",
  });

export const grammarTooLarge = (at: SourcePlace, what: string): EarshotError =>
  at.fault({
    code: "GRAMMAR_TOO_LARGE",
    problem: `The grammar has too many ${what}.`,
    remedy:
      "Leave out what need not be understood: rules that repeat each other many times, or parts in any order.",
  });
