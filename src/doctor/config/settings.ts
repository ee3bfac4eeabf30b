// Checks on settings before a step is taken: whether the updates can move the weights at all, whether they tear them
// apart, and settings that work against each other. What an update can do is counted in units of the weights' own scale.

import { parameterShapes } from "../../network/index.ts";
import { createSchedule, networkOf, type TrainingSettings } from "../../training/index.ts";
import { count } from "../brief.ts";
import type { CorpusEvidence } from "../data/evidence.ts";
import { median } from "../../quantiles.ts";
import { mean } from "../data/statistics.ts";
import { check, finding, type Check, type Finding } from "../finding.ts";

/** What an update does to the weights, as a share of their scale. */
interface Movement {
  /** Of one step, at the highest rate. */
  readonly highest: number;
  /** Of all steps, if every one went the same way. */
  readonly total: number;
  readonly steps: number;
}

/**
 * AdamW and NAdamW move each weight by about the learning rate (Kingma & Ba 2015, section 2.1); Nesterov's steps add up to a norm
 * of at most rate · cap / (1 − momentum). A weight's scale at the start is 1/√inputs.
 */
function movementOf(settings: TrainingSettings, utterances: number): Movement {
  const { schedule, optimizer, gradientCap, epochs, data } = settings;
  const shapes = [...parameterShapes(networkOf(settings).architecture).values()];
  const matrices = shapes.filter(({ length }) => length > 1);
  const scale = median(matrices.map(([inputs]) => 1 / Math.sqrt(inputs)));
  const parameters = matrices.reduce((sum, [rows, columns]) => sum + rows * columns, 0);
  const share =
    optimizer.name === "nesterov"
      ? gradientCap / (1 - optimizer.momentum) / (scale * Math.sqrt(parameters))
      : 1 / scale;
  const rateAt = createSchedule(schedule);
  const rates = Array.from({ length: 200 }, (_, i) => rateAt({ epoch: ((i + 0.5) / 200) * epochs, epochs }));
  const steps = epochs * Math.max(1, Math.ceil(utterances / data.maxUtterances));
  return { highest: share * Math.max(...rates), total: share * mean(rates) * steps, steps };
}

const RECKLESS = 0.3;
const RISKY = 0.1;
/** Of the weights' own scale. AdamW moves every weight, plain descent only those that matter, and needs less. */
const LEAST_TOTAL = { adamw: 1, nadamw: 1, nesterov: 0.1 } as const;
const FAINT = 1e-4;

const rate = check<CorpusEvidence, "settings" | "utterances">({
  name: "the learning rate moves the weights, and not too far at once",
  finds: {
    LEARNING_RATE_TOO_HIGH: ["update", 100],
    LEARNING_RATE_TOO_LOW: ["update", 110],
    TOO_FEW_UPDATES: ["update", 120],
  },
  needs: ["settings", "utterances"],
  run: ({ settings, utterances }) => {
    const training = utterances.filter(({ split }) => split === settings.trainSplit).length;
    if (training === 0) return "healthy";
    const movement = movementOf(settings, training);
    if (movement.highest >= RISKY) return [tooHigh(movement)];
    if (movement.total >= LEAST_TOTAL[settings.optimizer.name]) return "healthy";
    return [movement.highest < FAINT ? tooLow(movement) : tooFewSteps(movement)];
  },
});

const shareOf = (movement: number): string => `${(100 * movement).toPrecision(2)} %`;

function tooHigh({ highest }: Movement): Finding {
  return finding({
    code: "LEARNING_RATE_TOO_HIGH",
    severity: highest >= RECKLESS ? "wrong" : "warning",
    diagnosis:
      "The learning rate is so high that a few steps rewrite the weights: training will jump or diverge.",
    evidence: [
      `one step at the highest rate moves a weight by ${shareOf(highest)} of its scale; 1 to 5 % is usual`,
    ],
    remedy: "Lower the rate (schedule.peak or schedule.initial) by the factor that this is too much.",
  });
}

function tooLow({ highest, total, steps }: Movement): Finding {
  return finding({
    code: "LEARNING_RATE_TOO_LOW",
    severity: "wrong",
    diagnosis: "The learning rate is so low that the weights stay where they start.",
    evidence: [
      `one step moves a weight by ${shareOf(highest)} of its scale at most, all ${count(steps, "step")} together by ${shareOf(total)}`,
    ],
    remedy:
      "Raise the rate (schedule.peak or schedule.initial); the defaults move a weight by 1 to 5 % of its scale.",
  });
}

function tooFewSteps({ total, steps }: Movement): Finding {
  return finding({
    code: "TOO_FEW_UPDATES",
    severity: "warning",
    diagnosis: "There are too few steps for the weights to go anywhere.",
    evidence: [`${count(steps, "step")} move a weight by ${shareOf(total)} of its scale at most`],
    remedy: "Train for more epochs, in smaller batches (data.maxUtterances), or on more recordings.",
  });
}

const MOST_DROPOUT = 0.5;

/** The share of the training in which the rate rises. */
function riseOf(schedule: TrainingSettings["schedule"]): number {
  if (schedule.name === "annealed") return 0;
  return schedule.name === "one-cycle" ? schedule.rise : schedule.warmUp;
}

const conflicts = check<CorpusEvidence, "settings">({
  name: "settings do not work against each other",
  finds: { PATIENCE_TOO_SHORT: ["update", 130], DROPOUT_TOO_HIGH: ["update", 140] },
  needs: ["settings"],
  run: ({ settings: { patience, epochs, schedule, network } }) => {
    const findings: Finding[] = [];
    const rise = riseOf(schedule) * epochs;
    if (patience > 0 && patience < rise) {
      findings.push(
        finding({
          code: "PATIENCE_TOO_SHORT",
          severity: "warning",
          diagnosis:
            "Training may stop while the learning rate still rises: the fall, in which most is learned, never comes.",
          evidence: [`patience ${patience}, but the rate rises for ${rise.toFixed(1)} of ${epochs} epochs`],
          remedy: "Set patience to 0 with a schedule that rises, or above the epochs of its rise.",
        }),
      );
    }
    if (typeof network.dropout === "number" && network.dropout > MOST_DROPOUT) {
      findings.push(
        finding({
          code: "DROPOUT_TOO_HIGH",
          severity: "warning",
          diagnosis:
            "More than half of the units are dropped in each of several layers: little of the input gets through.",
          evidence: [
            `network.dropout ${network.dropout}, where 0.05 to 0.1 is usual (Hannun et al. 2014, section 2.1)`,
          ],
          remedy: "Lower network.dropout.",
        }),
      );
    }
    return findings.length > 0 ? findings : "healthy";
  },
});

export const settingsChecks: readonly Check<CorpusEvidence>[] = [rate, conflicts];
