// A training run: the corpora, the session, how far it is, and the folder that it writes to. The loop drives it; here
// is what leaves the run: checkpoints, the model, and events.

import { join } from "node:path";
import type { Batch, PreparedCorpus } from "../data/index.ts";
import { saveModelFile } from "../model/index.ts";
import type { Architecture } from "../network/index.ts";
import type { Alphabet } from "../text/index.ts";
import { writeCheckpoint } from "./checkpoint.node.ts";
import { peakMemoryBytes, type RunClock } from "./clock.node.ts";
import type { Listener } from "./events.ts";
import { devMetrics, type DevResult, type Progress } from "./progress.ts";
import type { Schedule } from "./schedules.ts";
import type { TrainSession } from "./session.node.ts";
import type { TrainingSettings } from "./settings.ts";

export interface TrainingRun {
  readonly directory: string;
  readonly settings: TrainingSettings;
  readonly alphabet: Alphabet;
  readonly architecture: Architecture;
  readonly train: PreparedCorpus;
  readonly dev: PreparedCorpus | undefined;
  readonly session: TrainSession;
  readonly schedule: Schedule;
  readonly clock: RunClock;
  readonly emit: Listener;
  readonly signal: AbortSignal | undefined;
  /** The only part that changes. */
  progress: Progress;
}

export const checkpointPath = (directory: string): string => join(directory, "checkpoint.safetensors");
export const modelPath = (directory: string): string => join(directory, "model.safetensors");
export const logPath = (directory: string): string => join(directory, "log.jsonl");

export async function saveCheckpoint({
  directory,
  session,
  clock,
  train,
  progress,
  emit,
}: TrainingRun): Promise<void> {
  const path = checkpointPath(directory);
  const state = await session.state();
  const now = { ...progress, seconds: clock.trainedSeconds() };
  await writeCheckpoint(path, { state, progress: now, dataHash: train.hash });
  clock.checkpointSaved();
  emit({ type: "checkpoint", path, step: progress.step });
}

/** Writes the current weights as the run's model. */
export async function saveModel(run: TrainingRun): Promise<void> {
  const { alphabet, architecture, settings, train, progress, directory } = run;
  const { seed, epochs, features, transcript } = settings;
  const { weights } = await run.session.state();
  const metrics = progress.best?.metrics ?? {};
  const training = { seed, epochs, step: progress.step, dataHash: train.hash, hours: train.seconds / 3600 };
  const { statistics } = train;
  const model = { alphabet, architecture, features, statistics, transcript, weights, metrics, training };
  await saveModelFile(modelPath(directory), model);
}

export interface BatchReport {
  readonly batch: Batch;
  readonly batches: number;
  readonly losses: Float64Array;
  readonly gradientNorm: number;
  readonly learningRate: number;
}

export function reportBatch(
  run: TrainingRun,
  { batch, batches, losses, gradientNorm, learningRate }: BatchReport,
): void {
  const { clock, emit, settings, progress } = run;
  const { epochs } = settings;
  const { step, epoch } = progress;
  const frames = batch.lengths.reduce((sum, length) => sum + length, 0);
  const share = (epoch + (batch.position + 1) / batches) / epochs;
  const timing = clock.batchDone({ frames, waitedMs: batch.waitedMs, share });
  const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
  const place = { epoch: epoch + 1, epochs, batch: batch.position + 1, batches, step };
  emit({ type: "batch", ...place, loss, gradientNorm, learningRate, waitedMs: batch.waitedMs, ...timing });
  if (!Number.isFinite(gradientNorm)) {
    const message = `The gradient of step ${step} is not finite; its update was left out.`;
    emit({ type: "warning", code: "NOT_FINITE_GRADIENT", message });
  }
  if (step === 1) emit({ type: "memory", peakBytes: peakMemoryBytes() });
}

export function reportEpoch(
  run: TrainingRun,
  trainLoss: number,
  dev: DevResult | undefined,
  best: boolean,
): void {
  const { epoch, step } = run.progress;
  const { epochs } = run.settings;
  const figures = { trainLoss, ...devMetrics(dev), best };
  run.emit({ type: "epoch", epoch, epochs, step, ...figures, ...run.clock.epochDone() });
}
