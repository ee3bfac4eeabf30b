// A training run: the corpora, the session, the callbacks, how far it is, and the folder that it writes to. The loop
// drives it; here is what leaves the run: checkpoints, models, and events.

import type { PreparedCorpus } from "../../data/index.ts";
import { writeModelFile, type ModelFile } from "../../model/index.ts";
import { parameterShapes, type Architecture } from "../../network/index.ts";
import { join, peakMemoryBytes, type Folder } from "../../platform/index.ts";
import type { Alphabet } from "../../text/index.ts";
import type { Callback } from "../callbacks/callback.ts";
import type { FolderFile } from "../callbacks/files.ts";
import { statesOf } from "../callbacks/states.ts";
import {
  devFigures,
  isBest,
  type DevResult,
  type EpochMetrics,
  type KeptWeights,
  type Progress,
} from "../loop/progress.ts";
import type { RunRanks } from "../ranks/run-ranks.ts";
import type { Schedule } from "../schedules.ts";
import { rampEpochsOf, type TrainingSettings } from "../settings.ts";
import type { TrainSession } from "../step/session.ts";
import type { StepOutcome } from "../step/step-plan.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import type { RunClock } from "./clock.ts";
import type { Emitter } from "./emitter.ts";
import { RUN_FILES } from "./file-names.ts";

/** What a run needs of a split of its corpus. */
export type TrainingSplit = Pick<
  PreparedCorpus,
  | "utterances"
  | "own"
  | "inEpoch"
  | "statistics"
  | "hash"
  | "seconds"
  | "planWithSizes"
  | "said"
  | "epoch"
  | "inOrder"
>;

/** What a run needs of its train step. */
export type TrainSteps = Pick<TrainSession, "step" | "evaluate" | "losses" | "inspect" | "state" | "digest">;

export interface TrainingRun extends Emitter {
  /** What the run writes goes here. */
  readonly folder: Folder;
  readonly settings: TrainingSettings;
  readonly alphabet: Alphabet;
  readonly architecture: Architecture;
  readonly train: TrainingSplit;
  readonly dev: TrainingSplit | undefined;
  readonly session: TrainSteps;
  readonly schedule: Schedule;
  readonly clock: RunClock;
  readonly callbacks: readonly Callback[];
  readonly signal: AbortSignal | undefined;
  /** Present where several machines learn together. */
  readonly ranks?: RunRanks;
  /** What changes: how far the run is, the checkpoint that is being written, and why a callback stopped the run, if one did. */
  progress: Progress;
  saving?: Promise<void>;
  stopReason?: string;
}

export async function saveCheckpoint(run: TrainingRun): Promise<void> {
  await beginCheckpoint(run);
  await saved(run);
}

/**
 * A checkpoint of the run as it is now, written while training goes on; who writes to the log waits with `saved`. It comes
 * after the log of all that it covers, so that a killed run has more log lines than it resumes with, never fewer.
 */
export async function beginCheckpoint(run: TrainingRun): Promise<void> {
  const { folder, session, clock, train, callbacks } = run;
  if (follows(run)) return;
  await run.written();
  const state = await session.state();
  const progress = { ...run.progress, seconds: clock.trainedSeconds(), callbacks: statesOf(callbacks) };
  const { step } = progress;
  await saved(run);
  run.saving = writeCheckpoint(folder, { state, progress, dataHash: train.hash }).then(() => {
    clock.checkpointSaved();
    run.emit({ type: "checkpoint", path: join(folder.path, RUN_FILES.checkpoint), step });
  });
  run.saving.catch(() => undefined); // `saved` throws it
}

/** Until the checkpoint that was begun is written. @throws what went wrong */
export const saved = async ({ saving }: Pick<TrainingRun, "saving">): Promise<void> => saving;

/** Writes the weights as they are now, or their average where there is one, as a model with these figures. */
export async function saveModel(
  run: TrainingRun,
  { folder, name }: FolderFile,
  { weights: kind, metrics }: { weights: KeptWeights["weights"]; metrics: ModelFile["metrics"] },
): Promise<void> {
  const { alphabet, architecture, settings, train, progress } = run;
  if (follows(run)) return;
  const { seed, epochs, features, transcript } = settings;
  const state = await run.session.state();
  const { weights: all } = (kind === "averaged" && state.average) || state;
  const own = parameterShapes(architecture);
  const weights = new Map([...all].filter(([name]) => own.has(name))); // without what only training has
  const training = { seed, epochs, step: progress.step, dataHash: train.hash, hours: train.seconds / 3600 };
  const { statistics } = train;
  const model = { alphabet, architecture, features, statistics, transcript, weights, metrics, training };
  await folder.replace(name, writeModelFile(model));
}

/** Whether another rank writes what is to be written. */
const follows = ({ ranks }: TrainingRun): boolean => ranks?.leads === false;

export const modelFile = ({ folder }: Pick<TrainingRun, "folder">): FolderFile => ({
  folder,
  name: RUN_FILES.model,
});

/** What an epoch's batches follow from, the current epoch's unless another is named. */
export const epochOf = (
  { settings, progress }: Pick<TrainingRun, "settings" | "progress">,
  epoch = progress.epoch,
) => ({
  epoch,
  seed: settings.seed,
  rampEpochs: rampEpochsOf(settings),
  together: settings.accumulate,
});

export interface UpdateReport extends StepOutcome {
  /** Of the batches that the update was made from, without padding. */
  readonly frames: number;
  /** For data. */
  readonly waitedMs: number;
  /** Batches of the epoch. */
  readonly batches: number;
  readonly learningRate: number;
}

export function reportUpdate(
  run: TrainingRun,
  { frames, waitedMs, batches, losses, gradientNorm, learningRate, warnings = [] }: UpdateReport,
): void {
  const { clock, emit, settings, progress } = run;
  const { epochs } = settings;
  const { step, epoch, batch } = progress;
  const timing = clock.batchDone({ frames, waitedMs, share: (epoch + batch / batches) / epochs });
  const loss = losses.reduce((total, value) => total + value, 0) / losses.length;
  const place = { epoch: epoch + 1, epochs, batch, batches, step };
  emit({ type: "batch", ...place, loss, gradientNorm, learningRate, waitedMs, ...timing });
  for (const warning of warnings) emit({ type: "warning", ...warning });
  if (!Number.isFinite(gradientNorm)) {
    const message = `The gradient of step ${step} is not finite; its update was left out.`;
    emit({ type: "warning", code: "NOT_FINITE_GRADIENT", message });
  }
  const peakBytes = step === 1 ? peakMemoryBytes() : undefined;
  if (peakBytes !== undefined) emit({ type: "memory", peakBytes });
}

export function reportEpoch(
  { emit, settings, progress, clock }: TrainingRun,
  metrics: EpochMetrics,
  averaged: DevResult | undefined,
): void {
  const place = { epochs: settings.epochs, step: progress.step };
  const average = averaged && { average: devFigures(averaged) };
  emit({ type: "epoch", ...place, ...metrics, ...average, best: isBest(progress), ...clock.epochDone() });
}

/** Whether all ranks have the same weights, and how long each computed and waited. @throws SharedFault RANKS_DIFFER */
export async function reportRanks({ ranks, session, emit, progress }: TrainingRun): Promise<void> {
  if (!ranks) return;
  const reports = await ranks.compare(() => session.digest());
  emit({ type: "ranks", epoch: progress.epoch + 1, step: progress.step, ranks: reports });
}
