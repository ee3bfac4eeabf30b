// What the output layer does to all steps alike: cuts its values (a rectifier or a clamp leaves ties), says the same
// whatever the input is, or says nothing at all.

import { check, finding, type Check, type Finding, type Verdict } from "../../finding.ts";
import type { BatchEvidence, Outputs } from "../evidence/batch-evidence.ts";
import { quantile } from "../../../quantiles.ts";
import { roughPercent } from "../../brief.ts";
import { normalizationOf } from "./normalization.ts";
import { validRows } from "./rows.ts";

const LEAST_RANGE = 1e-3; // nats; within less, rounding makes ties
const CUT_SHARE = 0.1; // of the steps; rounding to half precision ties the two lowest at fewer
const MASKED_GAP = 30; // nats below the median: no rectifier, but a symbol that the network may not say

export const cutOutputs: Check<BatchEvidence> = check({
  name: "the output layer is neither rectified nor clipped",
  finds: { OUTPUT_CLIPPED: ["network", 220] },
  needs: ["outputs"],
  run: ({ outputs, lengths }): Verdict => {
    const rows = [...validRows(outputs, lengths)].map(({ values }) => tiesOf(values));
    const floors = rows.filter(({ low }) => low !== undefined).map(({ low }) => low!);
    const tops = rows.filter(({ hasTopTie }) => hasTopTie).length;
    const isFloor = floors.length > CUT_SHARE * rows.length && !isSafetyFloor(floors, outputs, lengths);
    const isTop = tops > CUT_SHARE * rows.length;
    if (!isFloor && !isTop) return "healthy";
    const evidence = [
      isFloor &&
        `at ${roughPercent(floors.length / rows.length)} of the steps, several symbols share exactly the lowest output`,
      isTop &&
        `at ${roughPercent(tops / rows.length)} of the steps, several symbols share exactly the highest output`,
    ].filter((line) => line !== false);
    return [clipped(evidence, isFloor && !isTop)];
  },
});

/**
 * Exact ties at the ends of a row. Continuous outputs have none; where outputs are stored with few digits there are some
 * everywhere, but not more at the ends than in between.
 */
function tiesOf(values: Float64Array): { low?: number; hasTopTie: boolean } {
  const ordered = values.toSorted();
  const [lowest, top] = [ordered[0], ordered.at(-1)!];
  if (!Number.isFinite(lowest) || top - lowest < LEAST_RANGE) return { hasTopTie: false };
  const counts = new Map<number, number>();
  for (const value of ordered) counts.set(value, (counts.get(value) ?? 0) + 1);
  const between = Math.max(
    1,
    ...[...counts].flatMap(([value, count]) => (value > lowest && value < top ? [count] : [])),
  );
  const isMasked = quantile(ordered, 0.5) - lowest > MASKED_GAP;
  return {
    ...(counts.get(lowest)! > between && !isMasked && { low: lowest }),
    hasTopTie: ordered.length > 2 && counts.get(top)! > between,
  };
}

/** log(p + ε): the same lowest log-probability at all steps, where a rectifier's moves with the softmax. */
function isSafetyFloor(floors: readonly number[], outputs: Outputs, lengths?: readonly number[]): boolean {
  const [least, most] = floors.reduce(
    ([a, b], floor) => [Math.min(a, floor), Math.max(b, floor)],
    [Infinity, -Infinity],
  );
  const found = normalizationOf(outputs, lengths);
  if (!found) return false;
  return found.form === "probabilities" ? most < 1e-3 : most - least < LEAST_RANGE && most < Math.log(1e-3);
}

function clipped(evidence: readonly string[], isRectifier: boolean): Finding {
  return finding({
    code: "OUTPUT_CLIPPED",
    severity: "wrong",
    diagnosis: `The outputs went through a ${isRectifier ? "rectifier" : "clamp"} before the softmax: no symbol can be made unlikelier than the others that are cut, and these get no gradient.`,
    evidence,
    remedy:
      "Give the softmax the raw outputs of the last linear layer, of the alphabet's size; rectify and clip hidden layers only.",
  });
}

// ── Outputs that ignore the input ───────────────────────────────────────────────────────────────────────────────

const UNIFORM = 0.01; // nats: all symbols within 1 % of the same probability
const EQUAL = 1e-6;
const LONG_ENOUGH = 5; // losses: after so many, uniform outputs are no beginning

export const inputDependence: Check<BatchEvidence> = check({
  name: "outputs depend on what is heard",
  finds: { UNIFORM_OUTPUTS: ["outcome", 10], OUTPUT_IGNORES_INPUT: ["outcome", 20] },
  needs: ["outputs"],
  run: ({ outputs, lengths, losses }): Verdict => {
    const rows = [...validRows(outputs, lengths)].map(({ values }) => values);
    if (rows.length < 2 || rows.some((values) => !values.every(Number.isFinite))) return "healthy";
    const spread = largestOf(rows, rangeOf);
    const found = normalizationOf(outputs, lengths);
    const scale = found?.form === "probabilities" ? 1 / outputs.V : 1; // of a nat
    if (spread < UNIFORM * scale) return [uniform(outputs.V, spread / scale, losses?.length ?? 0)];
    const change = largestOf(rows, (values) => distance(values, rows[0]));
    return change < EQUAL * scale ? [ignoresInput(rows.length)] : "healthy";
  },
});

/** The largest of some measure of the rows; there may be millions, too many for the arguments of one call. */
const largestOf = (rows: readonly Float64Array[], measure: (values: Float64Array) => number): number =>
  rows.reduce((most, values) => Math.max(most, measure(values)), 0);

const rangeOf = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, value), -Infinity) -
  values.reduce((least, value) => Math.min(least, value), Infinity);

/** The largest difference of any symbol. */
const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);

function uniform(V: number, spread: number, losses: number): Finding {
  const isLate = losses >= LONG_ENOUGH;
  return finding({
    code: "UNIFORM_OUTPUTS",
    severity: isLate ? "wrong" : "warning",
    diagnosis: isLate
      ? "After training, every symbol is still as likely as any other at every step: nothing was learned."
      : "Every symbol is as likely as any other at every step: so it may be before the first step, but not after some.",
    evidence: [
      `all outputs are ${(1 / V).toPrecision(3)} = 1/${V} within ${roughPercent(spread)}`,
      ...(isLate ? [`${losses} losses so far`] : []),
    ],
    remedy:
      "See whether gradients reach the parameters and the step changes them (probe.py: parameters, step).",
  });
}

function ignoresInput(rows: number): Finding {
  return finding({
    code: "OUTPUT_IGNORES_INPUT",
    severity: "wrong",
    diagnosis:
      "The outputs are the same at every step of every utterance: nothing of the input reaches them.",
    evidence: [`${rows} steps, equal to ${EQUAL}`],
    remedy:
      "Look for a layer whose units are all dead or saturated (probe.py: activations), for weights that are all zero, and for features that are constant.",
  });
}
