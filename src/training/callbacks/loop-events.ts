// What callbacks are given at each event of the loop, made from where the run is.

import type { Batch } from "../../data/index.ts";
import type { DevEvaluation } from "../loop/dev.ts";
import type { Update } from "../loop/updates.ts";
import { devFigures, isBest, type EpochMetrics, type KeptWeights } from "../loop/progress.ts";
import { epochOf, saveModel, type TrainingRun } from "../run/run.ts";
import type { StepOutcome } from "../step/step-plan.ts";
import type {
  BatchEnd,
  BatchFailed,
  BatchStart,
  DevEnd,
  EpochEnd,
  FitEnd,
  FitStart,
  Place,
} from "./callback.ts";
import { fileAt } from "./files.ts";

/** @param epoch from 1; that under way by default */
export function placeOf({ progress, settings }: TrainingRun, epoch = progress.epoch + 1): Place {
  return { epoch, epochs: settings.epochs, step: progress.step, bestEpoch: progress.best?.epoch ?? 0 };
}

export function fitStart(run: TrainingRun): FitStart {
  const { settings, folder, progress } = run;
  return { ...placeOf(run, progress.epoch), settings, directory: folder.path };
}

export function batchStart(
  run: TrainingRun,
  { positions, utterances: indices }: Pick<Update, "positions" | "utterances">,
  batches: number,
): BatchStart {
  const utterances = indices.map((utterance) => run.train.said({ ...epochOf(run), utterance }));
  const batch = positions[positions.length - 1] + 1;
  return { ...placeOf(run), batch, batches, utterances, load: () => loadAgain(run, positions) };
}

/** What the worker was given is no longer here, but an epoch brings the same batches each time. */
async function loadAgain(run: TrainingRun, positions: readonly number[]): Promise<Batch[]> {
  const again: Batch[] = [];
  const epoch = run.train.epoch({ ...epochOf(run), takes: (position) => positions.includes(position) });
  for await (const batch of epoch) again.push(batch);
  return again;
}

export function batchEnd(
  run: TrainingRun,
  start: BatchStart,
  outcome: StepOutcome & { readonly learningRate: number },
): BatchEnd {
  const lost = new Set(outcome.lost);
  const utterances = start.utterances.filter((_, place) => !lost.has(place));
  return { ...start, ...outcome, utterances, step: run.progress.step };
}

export function batchFailed(start: BatchStart, error: unknown): BatchFailed {
  return { ...start, error: error instanceof Error ? error : new Error(String(error)) };
}

export function devEnd(run: TrainingRun, dev: DevEvaluation): DevEnd {
  return { ...placeOf(run), ...devFigures(dev), utterances: dev.utterances };
}

/** Of the epoch that was just closed. */
export function epochEnd(
  run: TrainingRun,
  metrics: EpochMetrics,
  kept: KeptWeights,
  learningRate: number,
): EpochEnd {
  return {
    ...placeOf(run, metrics.epoch),
    ...metrics,
    best: isBest(run.progress),
    learningRate,
    kept: kept.metrics,
    saveModel: (path, folder) => saveModel(run, fileAt(path, folder), kept),
  };
}

export function fitEnd(run: TrainingRun, ending: FitEnd["ending"]): FitEnd {
  const { epoch, best } = run.progress;
  return { ...placeOf(run, epoch), ending, metrics: best?.metrics ?? {} };
}
