// Runs checks over evidence and sorts what they say. A check whose evidence is missing is never run: it is listed with
// the measurement that would give the evidence.

import { byCause, type CausalPlace } from "./causal-order.ts";
import type { Check, Diagnosis, Finding, Severity, Verdict } from "./finding.ts";

const SEVERITIES: readonly Severity[] = ["wrong", "warning", "note"];

/** How each part of the evidence is come by: the words that the user reads when it is missing. */
export type Probes<Evidence> = Readonly<Record<keyof Evidence & string, string>>;

/** A finding on its way into a diagnosis, where it stands among others by its place. */
export interface PlacedFinding {
  readonly found: Finding;
  readonly place: CausalPlace;
}

/** What some checks said of some evidence; several make a diagnosis. */
export interface Examination extends Omit<Diagnosis, "findings"> {
  readonly placed: readonly PlacedFinding[];
}

export async function examine<Evidence>(
  checks: readonly Check<Evidence>[],
  evidence: Evidence,
  probes: Probes<Evidence>,
): Promise<Examination> {
  const placed: PlacedFinding[] = [];
  const healthy: string[] = [];
  const untold: { check: string; probe: string }[] = [];
  for (const check of checks) {
    const missing = check.needs.filter((part) => evidence[part] === undefined);
    const verdict: Verdict =
      missing.length > 0
        ? { cannotTell: missing.map((part) => probes[part]).join("; ") }
        : await check.run(evidence);
    if (verdict === "healthy") healthy.push(check.name);
    else if ("cannotTell" in verdict) untold.push({ check: check.name, probe: verdict.cannotTell });
    else placed.push(...verdict.map((found) => ({ found, place: check.finds[found.code] })));
  }
  return { placed, healthy, untold };
}

/** Findings worst first, and causes before their consequences. */
export function conclude(...examinations: readonly Examination[]): Diagnosis {
  const placed = examinations.flatMap((each) => each.placed);
  return {
    findings: placed.toSorted(worstFirst).map(({ found }) => found),
    healthy: examinations.flatMap(({ healthy }) => healthy),
    untold: examinations.flatMap(({ untold }) => untold),
  };
}

function worstFirst(a: PlacedFinding, b: PlacedFinding): number {
  const bySeverity = SEVERITIES.indexOf(a.found.severity) - SEVERITIES.indexOf(b.found.severity);
  return bySeverity || byCause(a.place, b.place);
}
