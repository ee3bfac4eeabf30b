// Checks on feature frames as the network gets them: bins that never change, numbers that are not finite, and scales
// that no initialization is made for.

import { firstFew, outOf } from "../brief.ts";
import { check, finding, type Check, type Verdict } from "../finding.ts";
import type { CorpusEvidence } from "./evidence.ts";
import { median } from "../../quantiles.ts";
import { mean } from "./statistics.ts";

/** Against the median deviation of the bins. */
const NO_CHANGE = 1e-2;

const constant = check<CorpusEvidence, "features">({
  name: "every feature changes",
  finds: { FEATURES_NOT_FINITE: ["features", 40], CONSTANT_FEATURES: ["features", 50] },
  needs: ["features"],
  run: ({ features: { mean: means, deviation } }) => {
    const bins = Array.from(deviation);
    const broken = bins.findIndex((value, bin) => !Number.isFinite(value) || !Number.isFinite(means[bin]));
    if (broken >= 0) return notFinite(broken, means[broken]);
    const usual = median(bins);
    const still = bins.flatMap((value, bin) => (value <= Math.max(NO_CHANGE * usual, 2e-3) ? [bin] : []));
    if (still.length === 0) return "healthy";
    const isAll = still.length === bins.length;
    return [
      finding({
        code: "CONSTANT_FEATURES",
        severity: isAll ? "wrong" : 2 * still.length > bins.length ? "warning" : "note",
        diagnosis: isAll
          ? "No feature changes over time: the network sees nothing of the recordings."
          : "Some features never change: they are empty filters, a band without sound, or by speech one that always lies 35 dB below it.",
        evidence: [
          `${outOf(still.length, bins.length)} bins`,
          ...firstFew(
            still.map(
              (bin) => `bin ${bin}: mean ${means[bin].toPrecision(3)}, deviation ${bins[bin].toPrecision(2)}`,
            ),
          ),
        ],
        remedy:
          "Look at the samples that the features are computed from, and end the filters where the recordings do.",
      }),
    ];
  },
});

function notFinite(bin: number, value: number): Verdict {
  return [
    finding({
      code: "FEATURES_NOT_FINITE",
      severity: "wrong",
      diagnosis: "Features hold NaN or infinity: one such number makes every weight NaN.",
      evidence: [`bin ${bin}: mean ${value}`],
      remedy: "Add a floor before the logarithm, and never divide by a deviation of zero.",
    }),
  ];
}

/** Initializers assume inputs of about mean 0 and deviation 1; a factor of ten is what a few steps cannot mend. */
const [LEAST_SCALE, MOST_SCALE] = [0.1, 10];
const MOST_MEAN = 1; // deviations: what is common outweighs what differs

const scale = check<CorpusEvidence, "features">({
  name: "features are about mean 0 and deviation 1",
  finds: { UNNORMALIZED_FEATURES: ["features", 60] },
  needs: ["features"],
  run: ({ features }) => {
    const changing = Array.from(features.deviation.keys()).filter((bin) => features.deviation[bin] > 2e-3);
    if (changing.length === 0 || features.deviation.some((value) => !Number.isFinite(value)))
      return "healthy";
    const size = median(changing.map((bin) => features.deviation[bin]));
    const middle = mean(changing.map((bin) => features.mean[bin]));
    const ratio = Math.abs(middle) / size;
    if (size >= LEAST_SCALE && size <= MOST_SCALE && ratio <= MOST_MEAN) return "healthy";
    return [
      finding({
        code: "UNNORMALIZED_FEATURES",
        severity: "warning",
        diagnosis:
          "Features are not normalized: their common mean or scale drowns what differs between sounds.",
        evidence: [
          `mean ${middle.toPrecision(3)}, deviation ${size.toPrecision(3)} (median of the bins); 0 and 1 are expected`,
        ],
        remedy:
          "Normalize each bin to mean 0 and deviation 1, over the utterance or the training set (features.normalization).",
      }),
    ];
  },
});

export const featureChecks: readonly Check<CorpusEvidence>[] = [constant, scale];
