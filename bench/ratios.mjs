// Which ratios fell since they were kept: a ratio says how many times as fast ours is as what it ran beside, in one run.

import { median } from "../dist/quantiles.js";

/** What a ratio may lose, as a share of the one that was kept: less is the noise of a machine that others share. */
export const LARGEST_FALL = 0.15;

/**
 * @param kept name → ratio, as kept in the repository @param measured name → ratio, of this run
 * @returns the names that fell by more than LARGEST_FALL, from and to; those that were kept and not measured; those that are new
 */
export function compareRatios(kept, measured) {
  const names = Object.keys(kept);
  const both = names.filter((name) => name in measured);
  return {
    // a ratio that is no number has fallen too
    fallen: both
      .filter((name) => !(measured[name] >= (1 - LARGEST_FALL) * kept[name]))
      .map((name) => ({ name, from: kept[name], to: measured[name] })),
    skipped: names.filter((name) => !(name in measured)),
    added: Object.keys(measured).filter((name) => !(name in kept)),
  };
}

/**
 * How many times as fast `ours` is: the median of the ratios within each round, which a machine that is slower for a while
 * moves less than the ratio of the medians.
 */
export const timesAsFast = (ours, theirs) => median(ours.map((ms, round) => theirs[round] / ms));
