// What callbacks are given at each event of the loop, made from where the run is.

import type { Batch } from "../../data/index.ts";
import type { DevEvaluation } from "../loop/dev.ts";
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

/** @param parts the batches of the update */
export function batchStart(run: TrainingRun, parts: readonly Batch[], batches: number): BatchStart {
  const said = (utterance: number) => run.train.said({ ...epochOf(run), utterance });
  const utterances = parts.flatMap(({ indices }) => indices.map(said));
  const batch = parts[parts.length - 1].position + 1;
  return { ...placeOf(run), batch, batches, utterances, load: () => loadAgain(run, parts) };
}

/** What the worker was given is no longer here, but an epoch brings the same batches each time. */
async function loadAgain(run: TrainingRun, parts: readonly Batch[]): Promise<Batch[]> {
  const again: Batch[] = [];
  for await (const batch of run.train.epoch({ ...epochOf(run), from: parts[0].position })) {
    again.push(batch);
    if (again.length === parts.length) break;
  }
  return again;
}

export function batchEnd(
  run: TrainingRun,
  start: BatchStart,
  outcome: StepOutcome & { readonly learningRate: number },
): BatchEnd {
  return { ...start, ...outcome, step: run.progress.step };
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
