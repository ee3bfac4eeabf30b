// What the doctor says. A check looks at evidence and finds nothing, finds faults, or says which measurement is missing:
// it never guesses. The evidence of a field (a corpus, a batch, a curve) is one interface of optional parts, and a check
// names the parts that it needs, and beside each code of its findings where that stands in the causal order.

import type { CausalPlace } from "./causal-order.ts";

/** wrong: training cannot succeed, or part of its work is wasted. warning: likely to hurt. note: worth knowing. */
export type Severity = "wrong" | "warning" | "note";

export interface Finding {
  /** Stable, in SCREAMING_SNAKE_CASE: a heading of docs/doctor.md. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence: what is the matter. */
  readonly diagnosis: string;
  /** What shows it: numbers, file and line; a few places, then how many more. */
  readonly evidence: readonly string[];
  /** A few lines of text, where a look says more than a number. */
  readonly picture?: string;
  /** One sentence: what to change. */
  readonly remedy: string;
  /** Where docs/doctor.md says more. */
  readonly link: string;
}

/** A finding without its link, which follows from the code. */
export function finding(fields: Omit<Finding, "link">): Finding {
  return { ...fields, link: `docs/doctor.md#${fields.code.toLowerCase()}` };
}

/** `cannotTell` names the measurement that would decide, as in "the same batch again (probe.py: again)". */
export type Verdict = "healthy" | readonly Finding[] | { readonly cannotTell: string };

/** @typeParam Evidence an interface whose parts are optional, each a thing that somebody may have measured. */
export interface Check<Evidence> {
  /** What is looked at, in a few words: named among the healthy and the untold. */
  readonly name: string;
  /** Every code that it may find, with its place in the causal order. */
  readonly finds: Readonly<Record<string, CausalPlace>>;
  /** Parts without which it cannot begin. */
  readonly needs: readonly (keyof Evidence & string)[];
  readonly run: (evidence: Evidence) => Verdict | Promise<Verdict>;
}

/** A check whose `run` sees the parts that it needs as present. */
export function check<Evidence, Need extends keyof Evidence & string>(fields: {
  readonly name: string;
  readonly finds: Readonly<Record<string, CausalPlace>>;
  readonly needs: readonly Need[];
  readonly run: (evidence: Evidence & Required<Pick<Evidence, Need>>) => Verdict | Promise<Verdict>;
}): Check<Evidence> {
  return { ...fields, run: (evidence) => fields.run(evidence as Evidence & Required<Pick<Evidence, Need>>) };
}

/** What an examination came to. */
export interface Diagnosis {
  /** By severity, then causes before what follows from them. */
  readonly findings: readonly Finding[];
  /** Names of the checks that found nothing. */
  readonly healthy: readonly string[];
  /** Checks that could not decide, and which measurement would let them. */
  readonly untold: readonly { readonly check: string; readonly probe: string }[];
}
