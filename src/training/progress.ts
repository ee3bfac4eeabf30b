// How far a run is, as plain data that a checkpoint holds. Pure functions take it forward.

import { z } from "../settings.ts";
import type { ErrorRates } from "../text/index.ts";

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
  /** The best epoch so far (from 1), and its figures. */
  best: z
    .strictObject({ epoch: count, metrics: z.record(z.string(), z.number()).readonly() })
    .readonly()
    .optional(),
});
export type Progress = Readonly<z.output<typeof progressSchema>>;

export const BEGINNING: Progress = { epoch: 0, batch: 0, step: 0, lossSum: 0, utterances: 0, seconds: 0 };

export function afterBatch(progress: Progress, losses: Float64Array): Progress {
  return {
    ...progress,
    batch: progress.batch + 1,
    step: progress.step + 1,
    lossSum: losses.reduce((sum, loss) => sum + loss, progress.lossSum),
    utterances: progress.utterances + losses.length,
  };
}

export function trainLoss({ lossSum, utterances }: Progress): number {
  return lossSum / Math.max(1, utterances);
}

/** The next epoch begins; `best` is replaced when this one's dev result beats it. Without a dev split the last is best. */
export function afterEpoch(progress: Progress, dev: DevResult | undefined): Progress {
  const epoch = progress.epoch + 1;
  const metrics = { epoch, trainLoss: trainLoss(progress), ...devMetrics(dev) };
  const best = isBetter(dev, progress.best?.metrics) ? { epoch, metrics } : progress.best;
  return { ...progress, epoch, batch: 0, lossSum: 0, utterances: 0, best };
}

/** Figures of the dev split as events, checkpoints and models carry them; none without one. */
export function devMetrics(dev: DevResult | undefined): {
  readonly devLoss?: number;
  readonly devWer?: number;
  readonly devCer?: number;
} {
  return dev ? { devLoss: dev.loss, devWer: dev.rates.wer, devCer: dev.rates.cer } : {};
}

/** Fewer wrong words win; at a tie, fewer wrong characters. */
function isBetter(dev: DevResult | undefined, best: Readonly<Record<string, number>> | undefined): boolean {
  if (!dev || !best) return true;
  const { wer, cer } = dev.rates;
  return wer < best.devWer || (wer === best.devWer && cer < best.devCer);
}
