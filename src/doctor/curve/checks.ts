// All checks of a curve.

import { examine, type Examination } from "../examination.ts";
import type { Check } from "../finding.ts";
import { CURVE_PROBES, type CurveEvidence } from "./evidence.ts";
import { layerChecks } from "./layers.ts";
import { levelsOf } from "./levels.ts";
import { pairsHeardChecks } from "./pairs.ts";
import { standingChecks } from "./standing.ts";
import { troubleChecks } from "./trouble.ts";

export const curveChecks: readonly Check<CurveEvidence>[] = [
  ...troubleChecks,
  ...standingChecks,
  ...layerChecks,
  ...pairsHeardChecks,
];

/** The one judgement of a curve, while it is made and afterwards. */
export function examineCurve(evidence: CurveEvidence): Promise<Examination> {
  const levels = evidence.levels ?? levelsOf(evidence);
  return examine(curveChecks, { ...evidence, levels }, CURVE_PROBES);
}
