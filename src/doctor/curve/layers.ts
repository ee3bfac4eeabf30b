// Checks on the layers of a run while it trains: units that never fire or always clip, and gradients that die or grow on
// their way down.

import { firstFew, roughPercent } from "../brief.ts";
import { median } from "../../quantiles.ts";
import { check, finding, type Check, type Finding } from "../finding.ts";
import type { CurveEvidence, CurveLayer } from "./evidence.ts";

const MOST_DEAD = 0.95;
const MOST_CLIPPED = 0.5;
/** Of gradient to weight, between layers of one network. */
const VANISHED = 1e-4;
const EXPLODED = 1e4;

const units = check<CurveEvidence, "layers">({
  name: "units of every layer are alive",
  finds: { DEAD_UNITS: ["network", 290], SATURATED_UNITS: ["network", 300] },
  needs: ["layers"],
  run: ({ layers }) => {
    const dead = layers.filter(({ zeroShare = 0 }) => zeroShare > MOST_DEAD);
    const clipped = layers.filter(({ clippedShare = 0 }) => clippedShare > MOST_CLIPPED);
    const findings: Finding[] = [];
    if (dead.length > 0) {
      findings.push(
        finding({
          code: "DEAD_UNITS",
          severity: "wrong",
          diagnosis: "Almost all units of a layer are zero: nothing gets through it, and no gradient back.",
          evidence: firstFew(
            dead.map(({ name, zeroShare = 0 }) => `${name}: ${roughPercent(zeroShare)} at zero`),
          ),
          remedy: "Lower the learning rate and begin anew: dead units do not come back.",
        }),
      );
    }
    if (clipped.length > 0) {
      findings.push(
        finding({
          code: "SATURATED_UNITS",
          severity: "warning",
          diagnosis: "Most units of a layer stand at their clip, where they pass no gradient.",
          evidence: firstFew(
            clipped.map(({ name, clippedShare = 0 }) => `${name}: ${roughPercent(clippedShare)} at the clip`),
          ),
          remedy: "Normalize the features, lower the learning rate, or raise network.ceiling.",
        }),
      );
    }
    return findings.length > 0 ? findings : "healthy";
  },
});

const relative = ({ gradientNorm, weightNorm }: CurveLayer): number =>
  gradientNorm / Math.max(weightNorm, 1e-12);

const gradients = check<CurveEvidence, "layers">({
  name: "every layer gets its share of the gradient",
  finds: { VANISHING_GRADIENT: ["update", 70], EXPLODING_GRADIENT: ["update", 80] },
  needs: ["layers"],
  run: ({ layers }) => {
    const weighted = layers.filter(({ weightNorm, gradientNorm }) => weightNorm > 0 && gradientNorm > 0); // frozen ones have none
    const usual = median(weighted.map(relative));
    if (weighted.length < 2 || !(usual > 0)) return "healthy";
    const small = weighted.filter((layer) => relative(layer) < VANISHED * usual);
    const large = weighted.filter((layer) => relative(layer) > EXPLODED * usual);
    const [odd, code, what] =
      small.length > 0
        ? [small, "VANISHING_GRADIENT", "almost no"]
        : [large, "EXPLODING_GRADIENT", "far too large a"];
    if (odd.length === 0) return "healthy";
    return [
      finding({
        code,
        severity: "warning",
        diagnosis: `Some layers get ${what} gradient, so that the others learn without them.`,
        evidence: [
          `gradient over weight is ${usual.toPrecision(2)} in the middle layer`,
          ...firstFew(odd.map((layer) => `${layer.name}: ${relative(layer).toPrecision(2)}`)),
        ],
        remedy:
          "Look at the units of the layers between (dead or clipped), and at the scale of the first weights.",
      }),
    ];
  },
});

export const layerChecks: readonly Check<CurveEvidence>[] = [units, gradients];
