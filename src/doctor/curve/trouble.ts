// Checks on curves that move the wrong way: losses that are no numbers, spikes and divergence, a dev set that gets worse
// while the training set gets better, words that stay wrong while the loss falls, and a loop that waits for data.

import { count, firstFew, outOf, roughPercent } from "../brief.ts";
import { median } from "../../quantiles.ts";
import { check, finding, type Check, type Finding } from "../finding.ts";
import type { CurveEpoch, CurveEvidence, CurveStep } from "./evidence.ts";
import { sparkline } from "./losses.ts";
import { isHarmed, turnOf } from "./turn.ts";

// ── NaN ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const isBroken = ({ loss, gradientNorm }: CurveStep): boolean =>
  !Number.isFinite(loss) || (gradientNorm !== undefined && !Number.isFinite(gradientNorm));

const numbers = check<CurveEvidence, "steps">({
  name: "every loss and gradient is a number",
  finds: { LOSS_NOT_FINITE: ["outcome", 30] },
  needs: ["steps"],
  run: async ({ steps, batchFiles }) => {
    const broken = steps.filter(isBroken);
    if (broken.length === 0) return "healthy";
    const [first] = broken;
    const { epoch, batch } = first;
    const files = epoch !== undefined && batch !== undefined ? await batchFiles?.(epoch, batch) : undefined;
    const place = epoch === undefined ? "" : ` (epoch ${epoch}, batch ${batch ?? "?"})`;
    const after = steps.filter(({ step }) => step > first.step);
    const isLasting = after.length > 0 && after.every(isBroken);
    return [
      finding({
        code: "LOSS_NOT_FINITE",
        severity: "wrong",
        diagnosis: isLasting
          ? "From one step on, loss or gradient is NaN or infinite for good: the weights are lost."
          : "At some steps, loss or gradient is NaN or infinite.",
        evidence: [
          `first at step ${first.step}${place}: loss ${first.loss}, gradient ${first.gradientNorm ?? "unknown"}; ${outOf(broken.length, steps.length)} steps in all`,
          ...(files ?? [
            "which recordings were in that batch cannot be told from this: diagnose the folder of the run",
          ]),
        ],
        remedy: isLasting
          ? "Go back to the checkpoint before it, lower the learning rate or cap the gradient, and look at that batch."
          : "Look at the recordings of that batch: fewer steps than labels, silence, or samples that are no numbers.",
      }),
    ];
  },
});

// ── Too high a rate ─────────────────────────────────────────────────────────────────────────────────────────────

const LEAST_SPIKES = 3;
const SPIKE = 10; // times the median, where it is not known what an utterance can lose at most
const CLIMBED = 1.5; // times the lowest
const FORGOTTEN = 0.1; // of all that was learned
const SETTLED_SHARE = 0.1; // of the planned steps, in which a network may be worse than ignorant

const spikes = check<CurveEvidence, "steps">({
  name: "the loss does not jump or climb",
  finds: { LEARNING_RATE_TOO_HIGH: ["update", 100] },
  needs: ["steps"],
  run: (evidence) => {
    const { steps, epochs = [] } = evidence;
    const settled = settledSteps(evidence);
    if (settled.length < 2 * LEAST_SPIKES) return { cannotTell: "the losses of more steps" };
    const limit = spikeLimit(evidence, settled);
    const high = settled.filter(({ loss }) => loss > limit);
    const climbed = epochs.length > 0 ? climbOfEpochs(evidence) : climb(quarters(settled));
    if (high.length < LEAST_SPIKES && climbed === undefined) return "healthy";
    return [
      tooHigh(
        high,
        limit,
        climbed,
        steps.filter((step) => !isBroken(step)),
      ),
    ];
  },
});

/** Behind the first share of what is planned, and behind the first loss of a network that knows as much as an ignorant one. */
function settledSteps({ steps = [], epochs = [], planned, levels, reduction }: CurveEvidence): CurveStep[] {
  const perEpoch = epochs.length > 0 ? epochs[0].step / epochs[0].epoch : 0;
  const plannedSteps = Math.max(steps.length, (planned ?? 0) * perEpoch);
  const losses = steps.filter((step) => !isBroken(step));
  const level = levels && reduction === "mean" ? levels.constant.mean : Infinity;
  const reached = losses.findIndex(({ loss }) => loss <= level);
  if (reached < 0) return [];
  return losses.slice(Math.max(reached, Math.ceil(SETTLED_SHARE * plannedSteps)));
}

/** What an ignorant network loses on the longest utterance: beyond that, it was driven astray. */
function spikeLimit({ levels, reduction }: CurveEvidence, steps: readonly CurveStep[]): number {
  return levels && reduction === "mean"
    ? levels.worst
    : SPIKE * median(steps.map(({ loss }) => Math.abs(loss)));
}

const quarters = (steps: readonly CurveStep[]): number[] =>
  [0, 1, 2, 3].map((i) =>
    median(
      steps
        .slice(Math.floor((i * steps.length) / 4), Math.max(1, Math.floor(((i + 1) * steps.length) / 4)))
        .map(({ loss }) => loss),
    ),
  );

/**
 * From the lowest epoch behind the ramp of augmentation to the last ones, when a tenth of what was learned is lost again and words suffer. Where little is
 * left to learn, the loss doubles by chance, and nothing is lost.
 */
function climbOfEpochs({
  epochs = [],
  levels,
  rampEpochs = 0,
}: CurveEvidence): readonly [number, number] | undefined {
  const finite = epochs.filter(({ trainLoss }) => Number.isFinite(trainLoss));
  const ignorant = ignorantLoss({ epochs: finite, levels });
  const settled = finite.filter(({ epoch }) => epoch > rampEpochs);
  const turn = turnOf(
    settled.map(({ trainLoss }) => trainLoss),
    (lowest) => Math.max((CLIMBED - 1) * lowest, FORGOTTEN * (ignorant - lowest)),
  );
  return turn && isHarmed(errorRates(settled)) ? [turn.lowest, turn.last] : undefined;
}

/** What outputs that ignore the input lose; about that of the first epoch, where it is not known. */
function ignorantLoss({ epochs = [], levels }: Pick<CurveEvidence, "epochs" | "levels">): number {
  return levels?.constant.mean ?? epochs[0]?.trainLoss ?? 0;
}

/** Of letters, which are more than words. */
function errorRates(epochs: readonly CurveEpoch[]): number[] {
  return epochs.flatMap(({ devWer, devCer = devWer }) => (devCer === undefined ? [] : [devCer]));
}

/** The same of a list of losses alone: from the lowest quarter to the last, when the last two are far above it. */
function climb(losses: readonly number[]): readonly [number, number] | undefined {
  const lowest = Math.min(...losses);
  return Math.min(...losses.slice(-2)) > CLIMBED * lowest ? [lowest, losses.at(-1)!] : undefined;
}

function tooHigh(
  high: readonly CurveStep[],
  limit: number,
  climbed: readonly [number, number] | undefined,
  steps: readonly CurveStep[],
): Finding {
  const jumps = `${count(high.length, "step")} lost more than ${limit.toPrecision(3)}, worse than knowing nothing of the longest utterance`;
  return finding({
    code: "LEARNING_RATE_TOO_HIGH",
    severity: climbed ? "wrong" : "warning",
    diagnosis: climbed
      ? "The training loss climbs again after it had fallen: training diverges."
      : "The loss jumps far up again and again: steps overshoot.",
    evidence: [
      ...(climbed
        ? [
            `training loss ${climbed[0].toPrecision(4)} at its lowest, ${climbed[1].toPrecision(4)} at the end`,
          ]
        : []),
      ...(high.length >= LEAST_SPIKES
        ? [jumps, ...firstFew(high.map(({ step, loss }) => `step ${step}: ${loss.toPrecision(4)}`))]
        : []),
    ],
    picture: sparkline(thinned(steps.map(({ loss }) => loss))),
    remedy: "Lower the learning rate, three times first, or cap the norm of the gradient.",
  });
}

const thinned = (values: readonly number[]): number[] => {
  const size = Math.ceil(values.length / 60);
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
    Math.max(...values.slice(i * size, (i + 1) * size)),
  );
};

// ── Dev against train ───────────────────────────────────────────────────────────────────────────────────────────

const LEAST_EPOCHS = 3;
const DEV_RISEN = 1.2; // times the lowest
const FORGETS = 0.05; // of what an ignorant network loses
const TRAIN_FALLEN = 0.8;
const KNOWS_LITTLE = 0.5; // of what an ignorant network loses

const generalization = check<CurveEvidence, "epochs">({
  name: "the dev set gets better with the training set",
  finds: { OVERFITTING: ["outcome", 80] },
  needs: ["epochs"],
  run: ({ epochs, levels }) => {
    const measured = epochs.filter(({ devLoss }) => Number.isFinite(devLoss));
    if (measured.length < LEAST_EPOCHS) return { cannotTell: "the dev losses of at least three epochs" };
    const ignorant = ignorantLoss({ epochs: measured, levels });
    const turn = turnOf(
      measured.map(({ devLoss }) => devLoss!),
      (lowest) => Math.max((DEV_RISEN - 1) * lowest, FORGETS * ignorant),
    );
    if (turn === undefined) return "healthy";
    const best = measured[turn.at];
    const last = measured.at(-1)!;
    const isLearning = last.trainLoss < TRAIN_FALLEN * best.trainLoss;
    if (!isLearning) return "healthy"; // both losses rise: the other checks say why
    const isHarmful = turn.last > KNOWS_LITTLE * ignorant || isHarmed(errorRates(measured));
    return [overfitting(measured, best, isHarmful)];
  },
});

function overfitting(epochs: readonly CurveEpoch[], best: CurveEpoch, isHarmful: boolean): Finding {
  const rates = epochs.flatMap(({ devWer }) => (devWer === undefined ? [] : [devWer]));
  const last = epochs.at(-1)!;
  return finding({
    code: "OVERFITTING",
    severity: isHarmful ? "warning" : "note",
    diagnosis: isHarmful
      ? "The network remembers the training set: its loss still falls while that of dev rises."
      : "The dev loss rises while its error rate does not: the network grows too sure of itself, not worse.",
    evidence: [
      `epoch ${best.epoch} → ${last.epoch}: train ${best.trainLoss.toPrecision(3)} → ${last.trainLoss.toPrecision(3)}, dev ${best.devLoss!.toPrecision(3)} → ${last.devLoss!.toPrecision(3)}`,
      ...(rates.length > 0
        ? [`dev WER ${roughPercent(Math.min(...rates))} at best, ${roughPercent(rates.at(-1)!)} at the end`]
        : []),
    ],
    picture: `train ${sparkline(epochs.map(({ trainLoss }) => trainLoss))}\ndev   ${sparkline(epochs.map(({ devLoss }) => devLoss ?? NaN))}`,
    remedy:
      "Add augmentation (speeds, masks) or recordings, more dropout or a narrower network; stop at the best epoch (patience).",
  });
}

// ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────────

const ALL_WRONG = 0.97;
const LEARNED = 0.5; // of the best loss of outputs that ignore the input
const FALLEN = 0.3; // of the first epoch, where that is not known

const words = check<CurveEvidence, "epochs">({
  name: "words become right as the loss falls",
  finds: { LOSS_FALLS_WER_STAYS: ["outcome", 70] },
  needs: ["epochs"],
  run: ({ epochs, levels }) => {
    const measured = epochs.filter(({ devWer }) => devWer !== undefined);
    if (measured.length < LEAST_EPOCHS) return { cannotTell: "the dev WER of at least three epochs" };
    if (measured.some(({ devWer }) => devWer! < ALL_WRONG)) return "healthy";
    const low = levels ? LEARNED * levels.constant.mean : FALLEN * measured[0].trainLoss;
    const isLow = measured.slice(-LEAST_EPOCHS).every(({ trainLoss }) => trainLoss < low);
    return isLow ? judgeWords(measured.at(-1)!, low) : "healthy"; // it has not learned yet: the other checks say why
  },
});

function judgeWords(last: CurveEpoch, low: number): readonly Finding[] {
  const isLearned = last.devLoss !== undefined && last.devLoss < low;
  return [
    finding({
      code: "LOSS_FALLS_WER_STAYS",
      severity: "wrong",
      diagnosis: isLearned
        ? "The loss says that the network has learned, yet no word comes out right: outputs are not turned into text as they were trained."
        : "The training loss falls, but on dev no word is right: dev is unlike the training set, or the training set is remembered.",
      evidence: [
        `train loss ${last.trainLoss.toPrecision(3)}, dev loss ${last.devLoss?.toPrecision(3) ?? "unknown"}, dev WER ${roughPercent(last.devWer!)}${last.devCer === undefined ? "" : `, CER ${roughPercent(last.devCer)}`}`,
        `${low.toPrecision(3)} is far below what can be had without listening`,
      ],
      remedy: isLearned
        ? "Compare the alphabet, its order and the blank of the decoder with those of the loss; look whether spaces are symbols of both."
        : "Check dev's recordings and texts (earshot doctor <manifest>), the same features and normalization for both, and augmentation.",
    }),
  ];
}

const waiting = check<CurveEvidence, "epochs">({
  name: "training does not wait for data",
  finds: { WAITING_FOR_DATA: ["measure", 50] },
  needs: ["epochs"],
  run: ({ epochs }) => {
    const shares = epochs.slice(1).flatMap(({ waiting: share }) => (share === undefined ? [] : [share]));
    if (shares.length === 0) return { cannotTell: "the log of a run of two epochs" };
    if (median(shares) < 0.5) return "healthy";
    return [
      finding({
        code: "WAITING_FOR_DATA",
        severity: "note",
        diagnosis: "More than half of the time is spent waiting for features.",
        evidence: [`${roughPercent(median(shares))} of an epoch`],
        remedy:
          "Raise data.workers, or take fewer effects of data.augmentation; data.cacheMegabytes helps only features that no effect makes anew.",
      }),
    ];
  },
});

export const troubleChecks: readonly Check<CurveEvidence>[] = [
  numbers,
  spikes,
  generalization,
  words,
  waiting,
];
