// Two losses that a curve is compared with, both by the forward pass of our own CTC, utterance by utterance: of outputs that
// are all alike (every symbol equally likely; not T ln V, since many paths spell a text), and of outputs that know how
// frequent blank and letters are but ignore the input (the best distribution that is the same at each step).

import { ctcLoss, minimumSteps } from "../../ctc/index.ts";
import type { CurveEvidence, CurveTarget, Levels, LossReduction } from "./evidence.ts";
import { mean } from "../data/statistics.ts";

const MOST_UTTERANCES = 64;

/** @returns undefined when the targets are not known, or none can be aligned. */
export function levelsOf({ targets, symbols, blank }: CurveEvidence): Levels | undefined {
  if (targets === undefined || symbols === undefined || blank === undefined) return undefined;
  const possible = targets.filter(
    ({ labels, steps }) =>
      labels.length > 0 &&
      steps >= minimumSteps(labels) &&
      labels.every((label) => label >= 0 && label < symbols && label !== blank),
  );
  if (possible.length === 0) return undefined;
  const ranked = possible.toSorted(inSomeOrder);
  const stride = Math.max(1, Math.floor(ranked.length / MOST_UTTERANCES));
  const some = ranked.filter((_, i) => i % stride === 0); // of all lengths
  const lossOf = (logProbabilities: Float64Array) =>
    some.map((target) => alignedLoss(target, logProbabilities, blank));
  const uniform = lossOf(new Float64Array(symbols).fill(-Math.log(symbols)));
  const constant = lossOf(bestConstant(some, symbols, blank));
  const longest = alignedLoss(ranked.at(-1)!, new Float64Array(symbols).fill(-Math.log(symbols)), blank);
  const reduce = (losses: readonly number[]) => reductions(losses, some, targets.length);
  return { uniform: reduce(uniform), constant: reduce(constant), worst: Math.max(longest, ...uniform) };
}

/** By length, and equals by their labels: the same utterances give the same levels, in whatever order they come. */
function inSomeOrder(a: CurveTarget, b: CurveTarget): number {
  const bySize = a.steps - b.steps || a.labels.length - b.labels.length;
  if (bySize !== 0) return bySize;
  const differing = a.labels.findIndex((label, i) => label !== b.labels[i]);
  return differing < 0 ? 0 : a.labels[differing] - b.labels[differing];
}

function reductions(
  losses: readonly number[],
  targets: readonly CurveTarget[],
  utterances: number,
): Record<LossReduction, number> {
  const perUtterance = mean(losses);
  return {
    sum: perUtterance * utterances,
    mean: perUtterance,
    "mean per label": mean(losses.map((loss, i) => loss / targets[i].labels.length)),
  };
}

/** The loss of one utterance whose every step has the same log-probabilities [V]. */
function alignedLoss({ labels, steps }: CurveTarget, row: Float64Array, blank: number): number {
  const logits = new Float64Array(steps * row.length);
  for (let t = 0; t < steps; t++) logits.set(row, t * row.length);
  return ctcLoss({ logits, steps: [steps], labels: [labels], symbols: row.length, blank }).losses[0];
}

const ROUNDS = 12;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const FEW_UTTERANCES = 16;

/** Letters by their frequency, and the share of the blank that makes the loss least (golden section). */
function bestConstant(targets: readonly CurveTarget[], symbols: number, blank: number): Float64Array {
  const times = new Float64Array(symbols).fill(0.01); // none is impossible
  for (const { labels } of targets) for (const label of labels) times[label]++;
  times[blank] = 0;
  const total = times.reduce((sum, number) => sum + number, 0);
  const row = (spoken: number) =>
    times.map((number, k) => Math.log(k === blank ? 1 - spoken : (spoken * number) / total));
  const stride = Math.max(1, Math.floor(targets.length / FEW_UTTERANCES));
  const few = targets.filter((_, i) => i % stride === 0);
  const lossAt = (spoken: number) => mean(few.map((target) => alignedLoss(target, row(spoken), blank)));
  let [low, high] = [1e-3, 0.999];
  for (let round = 0; round < ROUNDS; round++) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (lossAt(left) < lossAt(right)) high = right;
    else low = left;
  }
  return row((low + high) / 2);
}

/** The reduction under which a loss lies at a level, within `tolerance`. */
export function reductionAt(
  loss: number,
  level: Readonly<Record<LossReduction, number>>,
  reduction: LossReduction | undefined,
  tolerance: number,
): LossReduction | undefined {
  const candidates: readonly LossReduction[] = reduction ? [reduction] : ["mean", "mean per label", "sum"];
  return candidates.find((name) => Math.abs(loss / level[name] - 1) <= tolerance);
}
