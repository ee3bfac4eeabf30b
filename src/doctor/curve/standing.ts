// Checks on curves that stand still: at the loss of uniform outputs, at the best loss of outputs that ignore the input
// (levels.ts), or at neither; and on those that fall far too slowly.

import { count } from "../brief.ts";
import { mean } from "../data/statistics.ts";
import { check, finding, type Check, type Finding, type Verdict } from "../finding.ts";
import { CURVE_PROBES, type CurveEvidence, type Levels, type LossReduction } from "./evidence.ts";
import { reductionAt } from "./levels.ts";
import { lossesOf, sparkline, type Losses } from "./losses.ts";

/** Of a loss against a level: the utterances of an epoch differ little. */
const AT_LEVEL = 0.1;
/** What counts as no change from first to last. */
const STILL = 0.02;

const standing = check<CurveEvidence, "steps">({
  name: "the loss falls below what a network without ears can reach",
  finds: {
    DETACHED_LOSS: ["update", 20],
    FLAT_AT_UNIFORM: ["outcome", 40],
    FLAT_LOSS: ["outcome", 60],
    ALL_BLANK_PLATEAU: ["outcome", 50],
    LEARNING_RATE_TOO_LOW: ["update", 110],
  },
  needs: ["steps"],
  run: (evidence) => {
    const losses = lossesOf(evidence);
    if (losses === undefined) return { cannotTell: "the losses of at least three epochs" };
    if (isStuck(evidence)) return [detached(losses, evidence)];
    const { levels, reduction } = evidence;
    const change = Math.abs(losses.last - losses.first) / losses.first;
    if (change <= STILL && losses.spread <= 2 * STILL) return still(losses, levels, reduction);
    if (levels === undefined) {
      return { cannotTell: CURVE_PROBES.levels };
    }
    return plateau(losses, levels, evidence) ?? slow(losses, levels, evidence) ?? "healthy";
  },
});

/** No gradient at any step. */
function isStuck({ steps = [] }: CurveEvidence): boolean {
  return steps.length > 1 && steps.every(({ gradientNorm }) => gradientNorm === 0);
}

function course({ first, last, steps, epochs }: Losses): string {
  const span = epochs > 0 ? `${count(epochs, "epoch")}, ${count(steps, "step")}` : count(steps, "step");
  return `loss ${first.toPrecision(4)} → ${last.toPrecision(4)} in ${span}`;
}

function detached(losses: Losses, { steps = [] }: CurveEvidence): Finding {
  return finding({
    code: "DETACHED_LOSS",
    severity: "wrong",
    diagnosis: "No gradient reaches the network: the loss does not depend on it.",
    evidence: [`the gradient is 0 at each of ${count(steps.length, "step")}`, course(losses)],
    remedy:
      "Compute the loss from the network's own output (in PyTorch: without .detach(), .data, numpy or argmax before it).",
  });
}

function still(losses: Losses, levels: Levels | undefined, reduction: LossReduction | undefined): Verdict {
  const name = levels && reductionAt(losses.last, levels.uniform, reduction, AT_LEVEL / 2);
  if (levels && name) return [flatAtUniform(losses, levels.uniform[name], name)];
  const constant = levels && reductionAt(losses.last, levels.constant, reduction, AT_LEVEL);
  if (levels && constant) return [allBlank(losses, levels.constant[constant], true)];
  return [
    finding({
      code: "FLAT_LOSS",
      severity: "wrong",
      diagnosis: "The loss stands still.",
      evidence: [
        course(losses),
        levels === undefined
          ? "whether it stands at the loss of uniform outputs cannot be told without targets and lengths"
          : `it is neither the loss of uniform outputs (${levels.uniform.mean.toPrecision(4)} per utterance) nor of outputs that ignore the input (${levels.constant.mean.toPrecision(4)})`,
      ],
      picture: sparkline(losses.values),
      remedy:
        "Look whether gradients reach every parameter and parameters change (probe.py), then raise the learning rate.",
    }),
  ];
}

function flatAtUniform(losses: Losses, level: number, reduction: LossReduction): Finding {
  return finding({
    code: "FLAT_AT_UNIFORM",
    severity: "wrong",
    diagnosis: "The loss stands where outputs that are all alike put it: the network's outputs never move.",
    evidence: [
      course(losses),
      `CTC of uniform log-probabilities on these texts and lengths: ${level.toPrecision(4)} (${reduction})`,
    ],
    picture: sparkline(losses.values),
    remedy:
      "Look whether gradients reach the parameters and the optimizer has them (probe.py: gradients, step): a detached loss, a softmax over the wrong axis and a vanishing rate all look so.",
  });
}

// ── The plateau of blanks ───────────────────────────────────────────────────────────────────────────────────────

const LATELY = 3; // epochs
const SLOPE = 0.05;
const LONG_STEPS = 1000;

function plateau(
  losses: Losses,
  levels: Levels,
  { reduction, epochs = [], planned }: CurveEvidence,
): Verdict | undefined {
  const name = reductionAt(losses.last, levels.constant, reduction, AT_LEVEL);
  const lately = losses.values.slice(-LATELY);
  const fall = 1 - losses.last / lately[0];
  const transcribes = epochs.some(({ devWer }) => devWer !== undefined && devWer < 0.9);
  if (!name || fall > SLOPE || transcribes) return undefined;
  const level = levels.constant[name];
  const reached = losses.values.findIndex((loss) => loss <= (1 + AT_LEVEL) * level);
  const share = (losses.values.length - reached) / losses.values.length;
  const isLong = share * losses.steps > LONG_STEPS && (planned === undefined || losses.epochs > planned / 4);
  return [allBlank(losses, level, isLong)];
}

function allBlank(losses: Losses, level: number, isLong: boolean): Finding {
  return finding({
    code: "ALL_BLANK_PLATEAU",
    severity: isLong ? "wrong" : "note",
    diagnosis: isLong
      ? "The network stays on the plateau of blanks: it knows how frequent letters are and does not listen."
      : "The network is on the plateau of blanks, as most are in their first few hundred steps.",
    evidence: [
      course(losses),
      `the best that can be had without listening is ${level.toPrecision(4)} on these texts and lengths`,
    ],
    picture: sparkline(losses.values),
    remedy: isLong
      ? "Check that frames and texts belong together (earshot doctor <manifest>) and that it learns one utterance by heart (--ladder); then begin with short utterances and change the learning rate."
      : "Wait: the loss falls off the plateau at once when it does.",
  });
}

// ── Too slow ────────────────────────────────────────────────────────────────────────────────────────────────────

const SLOW_STEPS = 200;

/** Blanks and letter frequencies are learned by the last biases alone, in the first few hundred steps at the usual rates. */
function slow(losses: Losses, levels: Levels, evidence: CurveEvidence): Verdict | undefined {
  const { reduction } = evidence;
  const name = reduction ?? "mean";
  const above = losses.last / levels.constant[name];
  const isFalling = losses.last < losses.first && losses.last <= mean(losses.values.slice(-LATELY)) * 1.001;
  if (losses.steps < SLOW_STEPS || above <= 1 + 2 * AT_LEVEL || !isFalling) return undefined;
  if (isWarmingUp(evidence)) return undefined;
  return [
    finding({
      code: "LEARNING_RATE_TOO_LOW",
      severity: "warning",
      diagnosis:
        "The loss falls, but so slowly that the network has not even learned how frequent blanks are.",
      evidence: [
        course(losses),
        `${levels.constant[name].toPrecision(4)} can be had without listening, and takes a few hundred steps`,
      ],
      picture: sparkline(losses.values),
      remedy: "Raise the learning rate, ten times first.",
    }),
  ];
}

/** Whether the rate is still on its way up, so that the loss does not show yet what it will do. */
function isWarmingUp({ steps = [] }: CurveEvidence): boolean {
  const rates = steps.flatMap(({ learningRate }) => (learningRate === undefined ? [] : [learningRate]));
  return rates.length > 1 && rates.at(-1)! >= Math.max(...rates) && rates.at(-1)! > rates[0];
}

export const standingChecks: readonly Check<CurveEvidence>[] = [standing];
