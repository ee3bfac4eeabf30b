// A training run: the corpora, the session, the callbacks, how far it is, and the folder that it writes to. The loop
// drives it; here is what leaves the run: checkpoints, models, and events.

import { join } from "node:path";
import type { Batch, PreparedCorpus } from "../../data/index.ts";
import { saveModelFile, type ModelFile } from "../../model/index.ts";
import type { Architecture } from "../../network/index.ts";
import type { Alphabet } from "../../text/index.ts";
import type { Callback } from "../callbacks/callback.ts";
import { statesOf } from "../callbacks/states.ts";
import { writeCheckpoint } from "./checkpoint.node.ts";
import { peakMemoryBytes, type RunClock } from "./clock.node.ts";
import type { Listener } from "../events.ts";
import { devFigures, isBest, type DevResult, type EpochMetrics, type Progress } from "../loop/progress.ts";
import type { Schedule } from "../schedules.ts";
import type { TrainSession } from "../step/session.node.ts";
import type { TrainingSettings } from "../settings.ts";
import type { StepOutcome } from "../step/step-plan.ts";

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
  readonly callbacks: readonly Callback[];
  readonly emit: Listener;
  readonly signal: AbortSignal | undefined;
  /** What changes: how far the run is, and why a callback stopped it, if one did. */
  progress: Progress;
  stopReason?: string;
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
  callbacks,
  emit,
}: TrainingRun): Promise<void> {
  const path = checkpointPath(directory);
  const state = await session.state();
  const now = { ...progress, seconds: clock.trainedSeconds(), callbacks: statesOf(callbacks) };
  await writeCheckpoint(path, { state, progress: now, dataHash: train.hash });
  clock.checkpointSaved();
  emit({ type: "checkpoint", path, step: progress.step });
}

/** Writes the current weights as a model, or their average where the figures are of that. */
export async function saveModel(
  run: TrainingRun,
  path: string,
  metrics: ModelFile["metrics"],
): Promise<void> {
  const { alphabet, architecture, settings, train, progress } = run;
  const { seed, epochs, features, transcript } = settings;
  const state = await run.session.state();
  const { weights } = metrics.averaged ? state.average! : state;
  const training = { seed, epochs, step: progress.step, dataHash: train.hash, hours: train.seconds / 3600 };
  const { statistics } = train;
  const model = { alphabet, architecture, features, statistics, transcript, weights, metrics, training };
  await saveModelFile(path, model);
}

export interface UpdateReport extends StepOutcome {
  /** The batches that the update was made from. */
  readonly parts: readonly Batch[];
  /** Those of the epoch. */
  readonly batches: number;
  readonly learningRate: number;
}

export function reportUpdate(
  run: TrainingRun,
  { parts, batches, losses, gradientNorm, learningRate }: UpdateReport,
): void {
  const { clock, emit, settings, progress } = run;
  const { epochs } = settings;
  const { step, epoch, batch } = progress;
  const frames = sum(parts.flatMap(({ lengths }) => lengths));
  const waitedMs = sum(parts.map((part) => part.waitedMs));
  const timing = clock.batchDone({ frames, waitedMs, share: (epoch + batch / batches) / epochs });
  const loss = sum([...losses]) / losses.length;
  const place = { epoch: epoch + 1, epochs, batch, batches, step };
  emit({ type: "batch", ...place, loss, gradientNorm, learningRate, waitedMs, ...timing });
  if (!Number.isFinite(gradientNorm)) {
    const message = `The gradient of step ${step} is not finite; its update was left out.`;
    emit({ type: "warning", code: "NOT_FINITE_GRADIENT", message });
  }
  if (step === 1) emit({ type: "memory", peakBytes: peakMemoryBytes() });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export function reportEpoch(
  { emit, settings, progress, clock }: TrainingRun,
  metrics: EpochMetrics,
  averaged: DevResult | undefined,
): void {
  const place = { epochs: settings.epochs, step: progress.step };
  const average = averaged && { average: devFigures(averaged) };
  emit({ type: "epoch", ...place, ...metrics, ...average, best: isBest(progress), ...clock.epochDone() });
}

/** How the layers do, on the first batch of the dev split or of the epoch. */
export async function reportLayers({
  emit,
  session,
  train,
  dev,
  progress,
  settings,
}: TrainingRun): Promise<void> {
  const { epoch, step, layerNorms } = progress;
  const batches = dev ? dev.inOrder() : train.epoch({ epoch, seed: settings.seed });
  for await (const batch of batches) {
    const conditions = await session.inspect(batch);
    const layers = conditions.map((layer) => ({ ...layer, gradientNorm: normOf(layerNorms, layer.name) }));
    return emit({ type: "layers", epoch: epoch + 1, step, layers });
  }
}

/** 0 for a frozen layer. */
function normOf(norms: Progress["layerNorms"], layer: string): number {
  return layer in norms ? (norms[layer] ?? Number.NaN) : 0;
}
