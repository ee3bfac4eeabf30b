// Do the hidden layers pass anything on? A rectified unit at zero passes no gradient, nor does a clipped one at its
// ceiling: a layer of which all are one or the other at every frame is a wall.

import { check, finding, type Check, type Finding, type Verdict } from "../../finding.ts";
import type { BatchEvidence, UnitActivity } from "../evidence/batch-evidence.ts";
import { roughPercent } from "../../brief.ts";

/** Of a layer's units over all frames. Early in training and late, a healthy rectified layer is 30 to 90 % at zero. */
const NEARLY_ALL = 0.99;
/** Of a layer's units: those that the batch never wakes; a few always are. */
const MOST = 0.9;

export const layerActivity: Check<BatchEvidence> = check({
  name: "hidden units are neither dead nor saturated",
  finds: { DEAD_UNITS: ["network", 290], SATURATED_UNITS: ["network", 300] },
  needs: ["activity"],
  run: ({ activity }): Verdict => {
    const found = activity.flatMap((layer) => dead(layer) ?? saturated(layer) ?? []);
    return found.length > 0 ? found : "healthy";
  },
});

const mean = (shares: Float64Array): number => shares.reduce((sum, share) => sum + share, 0) / shares.length;

function dead({ name, zeroShares }: UnitActivity): Finding | undefined {
  const asleep = zeroShares.filter((share) => share >= 1).length / zeroShares.length;
  const atZero = mean(zeroShares);
  if (asleep < MOST && atZero < NEARLY_ALL) return undefined;
  return finding({
    code: "DEAD_UNITS",
    severity: atZero >= NEARLY_ALL ? "wrong" : "warning",
    diagnosis: `Layer ${name} is dead: nearly all of its units are at zero, where they pass no gradient.`,
    evidence: [
      `${roughPercent(atZero)} of its outputs are at zero; ${roughPercent(asleep)} of its units never wake in this batch`,
    ],
    remedy:
      "Lower the learning rate and begin again; initialize for rectified units (He et al.) with biases at or above zero, and normalize the features.",
  });
}

/** Several units share the layer's largest value only where something clips them: without a ceiling, one has it once. */
function saturated({ name, zeroShares, topShares }: UnitActivity): Finding | undefined {
  const atTop = mean(topShares);
  const passing = 1 - atTop - mean(zeroShares);
  const stuck = topShares.filter((share) => share >= 1).length / topShares.length;
  if (stuck < MOST && (passing > 1 - NEARLY_ALL || atTop < 1 - NEARLY_ALL)) return undefined;
  if (topShares.length === 1 && zeroShares[0] === 0 && atTop === 1) return undefined; // one constant unit clips nothing
  return finding({
    code: "SATURATED_UNITS",
    severity: "wrong",
    diagnosis: `Layer ${name} is saturated: nearly all of its units are at the ceiling or at zero, where they pass no gradient.`,
    evidence: [
      `${roughPercent(atTop)} of its outputs are at the layer's largest value, ${roughPercent(mean(zeroShares))} at zero`,
    ],
    remedy:
      "Lower the learning rate and begin again; normalize the features, and initialize recurrent matrices at or below the identity's size.",
  });
}
