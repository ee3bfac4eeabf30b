// How far a run is, as plain data that a checkpoint holds. Pure functions take it forward.

import { z } from "../../settings.ts";
import type { ErrorRates } from "../../text/index.ts";
import type { StepOutcome } from "../step/step-plan.ts";

export interface DevResult {
  readonly loss: number;
  readonly rates: ErrorRates;
}

const count = z.int().min(0);
export const progressSchema = z.strictObject({
  /** Epochs finished. */
  epoch: count,
  /** Batches of the current epoch that are done. */
  batch: count,
  /** Updates since the beginning. */
  step: count,
  /** Sum of the losses of this epoch's utterances so far, and their number. */
  lossSum: z.number(),
  utterances: count,
  /** Training time, over all sessions, in seconds. */
  seconds: z.number().min(0),
  /** The gradient's norm in each layer at the last update of the epoch; null where it was not finite. */
  layerNorms: z.record(z.string(), z.number().nullable()).readonly().default({}),
  /** What callbacks made of the schedule's learning rate, as a factor of it. */
  learningRateFactor: z.number().default(1),
  /** The state of each callback that has one, by its name. */
  callbacks: z.record(z.string(), z.record(z.string(), z.unknown())).readonly().default({}),
  /** The best epoch so far (from 1), and its figures. */
  best: z
    .strictObject({ epoch: count, metrics: z.record(z.string(), z.number()).readonly() })
    .readonly()
    .optional(),
});
export type Progress = Readonly<z.output<typeof progressSchema>>;

export const BEGINNING: Progress = {
  epoch: 0,
  batch: 0,
  step: 0,
  lossSum: 0,
  utterances: 0,
  seconds: 0,
  layerNorms: {},
  learningRateFactor: 1,
  callbacks: {},
};

/** After an update from so many batches. */
export function afterUpdate(
  progress: Progress,
  batches: number,
  { losses, layerNorms }: Pick<StepOutcome, "losses" | "layerNorms">,
): Progress {
  return {
    ...progress,
    batch: progress.batch + batches,
    step: progress.step + 1,
    lossSum: losses.reduce((sum, loss) => sum + loss, progress.lossSum),
    utterances: progress.utterances + losses.length,
    layerNorms: layerNorms ?? progress.layerNorms,
  };
}

/** A loss in nats per utterance, and error rates as fractions; none without a dev split. */
export type DevFigures = {
  readonly devLoss?: number;
  readonly devWer?: number;
  readonly devCer?: number;
  /** 1 while augmentation grows: the model has not heard all of the world yet, and a clean dev split does not tell. */
  readonly ramp?: number;
};

/** Figures of an epoch as events, checkpoints and models carry them; those of the dev split where there is one. */
export type EpochMetrics = {
  /** From 1. */
  readonly epoch: number;
  /** Mean over all utterances of the epoch, in nats. */
  readonly trainLoss: number;
  /** 1 where the figures are those of the averaged weights. */
  readonly averaged?: number;
} & DevFigures;

/** Of the epoch that is ending. @param rampEpochs epochs in which augmentation grows */
export function metricsOf(
  { epoch, lossSum, utterances }: Progress,
  dev: DevResult | undefined,
  rampEpochs: number,
): EpochMetrics {
  const trainLoss = lossSum / Math.max(1, utterances);
  return { epoch: epoch + 1, trainLoss, ...(epoch < rampEpochs && { ramp: 1 }), ...devFigures(dev) };
}

export function devFigures(dev: DevResult | undefined): DevFigures {
  return dev ? { devLoss: dev.loss, devWer: dev.rates.wer, devCer: dev.rates.cer } : {};
}

/** Which weights of an epoch may become the model, and their figures. */
export interface KeptWeights {
  readonly weights: "latest" | "averaged";
  readonly metrics: EpochMetrics;
}

/** The averaged weights where those are better than the latest. */
export function betterOf(metrics: EpochMetrics, averaged: DevResult | undefined): KeptWeights {
  const figures = devFigures(averaged);
  return averaged && compareEpochs({ ...metrics, ...figures }, metrics) < 0
    ? { weights: "averaged", metrics: { ...metrics, ...figures, averaged: 1 } }
    : { weights: "latest", metrics };
}

/** The next epoch begins; `best` is replaced when this one beats it. Without a dev split the last is best. */
export function afterEpoch(progress: Progress, metrics: EpochMetrics): Progress {
  const { epoch } = metrics;
  const { best: before } = progress;
  const beats = !before || metrics.devWer === undefined || compareEpochs(metrics, before.metrics) < 0;
  const best = beats ? { epoch, metrics } : before;
  return { ...progress, epoch, batch: 0, lossSum: 0, utterances: 0, best };
}

/** Whether the epoch that was just closed is the best so far. */
export const isBest = ({ epoch, best }: Progress): boolean => best?.epoch === epoch;

/**
 * Which of two epochs is better: below 0 where `a` is, 0 where the dev split does not tell. One behind the ramp of augmentation
 * beats one on it; of equals fewer wrong words win; at a tie, as of several epochs without any, the lower dev loss, then fewer wrong characters. A figure that is not there (an old
 * checkpoint may lack some) or not finite is the worst.
 */
export function compareEpochs(a: Readonly<DevFigures>, b: Readonly<DevFigures>): number {
  return (
    (a.ramp ?? 0) - (b.ramp ?? 0) ||
    compareFigures(a.devWer, b.devWer) ||
    compareFigures(a.devLoss, b.devLoss) ||
    compareFigures(a.devCer, b.devCer)
  );
}

function compareFigures(a: number | undefined, b: number | undefined): number {
  const [x, y] = [a, b].map((figure) => (Number.isFinite(figure) ? figure! : Infinity));
  return x === y ? 0 : x - y;
}
