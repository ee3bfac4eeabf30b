// Curves for the doctor's tests: of trainings that go well, by what is known of how CTC learns (far above ignorance at
// first, down to the plateau of blanks, off it, down), and ways to spoil them.

import type {
  CurveEpoch,
  CurveEvidence,
  CurveStep,
  CurveTarget,
  Levels,
  LossReduction,
} from "../../src/doctor/curve/evidence.ts";
import { levelsOf } from "../../src/doctor/curve/levels.ts";
import type { RandomStream } from "../../src/random.ts";

export interface Curve {
  steps: CurveStep[];
  epochs: CurveEpoch[];
  planned: number;
  targets: readonly CurveTarget[];
  symbols: number;
  blank: number;
  reduction: LossReduction;
  levels: Levels;
  layers?: CurveEvidence["layers"];
}

export interface Shape {
  readonly utterances: number;
  readonly symbols: number;
  readonly epochs: number;
  readonly planned?: number;
}

/** Texts and lengths as of speech: so many steps to a label. */
export function randomTargets({ utterances, symbols }: Shape, random: RandomStream): CurveTarget[] {
  return Array.from({ length: utterances }, () => {
    const length = 3 + random.integer(25);
    const labels = Int32Array.from({ length }, () =>
      random.integer(Math.ceil((symbols - 1) * random.uniform())),
    );
    return { labels, steps: Math.ceil(length * (2.5 + 3 * random.uniform())) + 4 };
  });
}

/** What is left of the loss after a share of a whole training: 1 at the plateau, well above it at first. */
function remaining(share: number, plateau: number): number {
  if (share < plateau / 2) return 1 + 2 * Math.exp((-10 * share) / plateau);
  if (share < plateau) return 1;
  return Math.max(0.02, Math.exp((-6 * (share - plateau)) / (1 - plateau)));
}

const BATCHES = 40;

export function healthyCurve(shape: Shape, random: RandomStream): Curve {
  const targets = randomTargets(shape, random);
  const { symbols, epochs, planned = epochs } = shape;
  const blank = symbols - 1;
  const levels = levelsOf({ targets, symbols, blank })!;
  const plateau = 0.05 + 0.1 * random.uniform();
  const lossAt = (share: number): number =>
    levels.constant.mean * remaining(share, plateau) * (1 + 0.03 * random.normal());
  const steps = Array.from({ length: epochs * BATCHES }, (_, i) => ({
    step: i + 1,
    epoch: Math.floor(i / BATCHES) + 1,
    batch: (i % BATCHES) + 1,
    loss: lossAt((i + 1) / (planned * BATCHES)) * (0.6 + 0.8 * random.uniform()), // batches of other lengths
    gradientNorm: 5 + 20 * random.uniform(),
  }));
  const rows = Array.from({ length: epochs }, (_, i): CurveEpoch => {
    const own = steps.slice(i * BATCHES, (i + 1) * BATCHES);
    const trainLoss = own.reduce((sum, { loss }) => sum + loss, 0) / BATCHES;
    const devLoss = trainLoss * 1.05 + 0.05 * levels.constant.mean;
    const devWer = Math.min(1, (1.3 * devLoss) / levels.constant.mean);
    return {
      epoch: i + 1,
      step: (i + 1) * BATCHES,
      trainLoss,
      devLoss,
      devWer,
      devCer: devWer / 3,
      waiting: 0.02,
    };
  });
  return { steps, epochs: rows, planned, targets, symbols, blank, reduction: "mean", levels };
}

/** Every loss set by a function of how much of the curve is done. */
export function reshape(curve: Curve, lossAt: (share: number) => number): void {
  const { length } = curve.steps;
  curve.steps = curve.steps.map((step, i) => ({ ...step, loss: lossAt((i + 1) / length) }));
  curve.epochs = curve.epochs.map((epoch, i) => {
    const trainLoss = lossAt((i + 0.5) / curve.epochs.length);
    return { ...epoch, trainLoss, devLoss: trainLoss, devWer: 1, devCer: 1 };
  });
}
