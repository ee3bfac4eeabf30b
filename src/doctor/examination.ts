// Runs checks over evidence and sorts what they say. A check whose evidence is missing is never run: it is listed with
// the measurement that would give the evidence.

import { CAUSAL_ORDER } from "./causal-order.ts";
import type { Check, Diagnosis, Finding, Severity, Verdict } from "./finding.ts";

const SEVERITIES: readonly Severity[] = ["wrong", "warning", "note"];

/** How each part of the evidence is come by: the words that the user reads when it is missing. */
export type Probes<Evidence> = Readonly<Record<keyof Evidence & string, string>>;

export async function examine<Evidence>(
  checks: readonly Check<Evidence>[],
  evidence: Evidence,
  probes: Probes<Evidence>,
): Promise<Diagnosis> {
  const findings: Finding[] = [];
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
    else findings.push(...verdict);
  }
  return { findings: causesFirst(findings), healthy, untold };
}

/** Several examinations as one. */
export function merge(diagnoses: readonly Diagnosis[]): Diagnosis {
  return {
    findings: causesFirst(diagnoses.flatMap(({ findings }) => findings)),
    healthy: diagnoses.flatMap(({ healthy }) => healthy),
    untold: diagnoses.flatMap(({ untold }) => untold),
  };
}

/** Worst first, and causes before their consequences. */
export function causesFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      CAUSAL_ORDER.indexOf(a.code) - CAUSAL_ORDER.indexOf(b.code),
  );
}
