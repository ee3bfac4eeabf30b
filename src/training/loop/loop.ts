// The training loop. Each function is one level of it; everything that a level needs is in the run. What is not learning
// itself hangs on its events as callbacks: `showTrainingLoop` prints the loop with them.

import { EarshotError } from "../../errors.ts";
import { call } from "../callbacks/call.ts";
import type { BatchStart, FitEnd } from "../callbacks/callback.ts";
import * as events from "../callbacks/loop-events.ts";
import {
  beginCheckpoint,
  epochOf,
  modelFile,
  reportEpoch,
  reportRanks,
  reportUpdate,
  saved,
  saveModel,
  type TrainingRun,
} from "../run/run.ts";
import { SharedFault } from "../ranks/together.ts";
import { rampEpochsOf } from "../settings.ts";
import type { StepOutcome } from "../step/step-plan.ts";
import { measureDev } from "./dev.ts";
import { reportLooks } from "./looks.ts";
import { afterEpoch, afterUpdate, betterOf, isBest, metricsOf } from "./progress.ts";
import { updatesOf, type Update } from "./updates.ts";

export type Ending = FitEnd["ending"];

/** Trains until the last epoch, until a callback stops it, or until the signal asks to stop. */
export async function fit(run: TrainingRun): Promise<Ending> {
  await call(run, "fitStart", events.fitStart(run));
  while (goesOn(run)) {
    await call(run, "epochStart", events.placeOf(run));
    if (goesOn(run)) await trainEpoch(run);
    if (goesOn(run)) await closeEpoch(run);
  }
  await saved(run);
  const ending = endingOf(run);
  await call(run, "fitEnd", events.fitEnd(run, ending));
  return ending;
}

const isDone = ({ progress, settings }: TrainingRun) => progress.epoch >= settings.epochs;
const goesOn = (run: TrainingRun) => !isDone(run) && !run.signal?.aborted && run.stopReason === undefined;

function endingOf(run: TrainingRun): Ending {
  if (isDone(run)) return "finished";
  return run.signal?.aborted ? "interrupted" : "stopped early";
}

async function trainEpoch(run: TrainingRun): Promise<void> {
  const plan = run.train.planWithSizes(epochOf(run));
  run.clock.startEpoch();
  for await (const next of updatesOf(run, plan)) {
    await update(run, next, plan.length);
    if (!goesOn(run)) return;
    if (run.clock.checkpointDue()) await beginCheckpoint(run);
  }
}

/** One update of the weights, from one batch or the sum of several, on one machine or many. */
async function update(
  run: TrainingRun,
  { parts, positions, utterances, numbers, places }: Update,
  batches: number,
): Promise<void> {
  const { batch, step } = run.progress;
  const start = events.batchStart(run, { positions, utterances }, batches);
  await call(run, "batchStart", start);
  const learningRate = learningRateAt(run, batch / batches);
  const average = shareDone(run, batch / batches) >= run.settings.average.from;
  const inspect = batch + positions.length === batches;
  const frames = sum(parts.flatMap(({ lengths }) => lengths));
  const about = { step, utterances: utterances.length, numbers, places, frames };
  const outcome = await run.session
    .step(parts, { ...about, learningRate, average, inspect, ...run.ranks?.news() })
    .then(withoutFault)
    .catch((error: unknown) => fail(run, start, error));
  await saved(run); // the checkpoint of before was written meanwhile
  const waitedMs = sum(parts.map((part) => part.waitedMs));
  run.ranks?.stepDone(outcome, waitedMs);
  run.progress = afterUpdate(run.progress, positions.length, outcome);
  reportUpdate(run, { frames, waitedMs, batches, learningRate, ...outcome });
  await call(run, "batchEnd", events.batchEnd(run, start, { learningRate, ...outcome }));
  await run.written();
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** @throws SharedFault */
function withoutFault({ fault, ...outcome }: StepOutcome): StepOutcome {
  if (fault) throw new SharedFault(fault);
  return outcome;
}

/** Of the whole training. @param share of the epoch that is done */
const shareDone = ({ progress, settings }: TrainingRun, share: number) =>
  (progress.epoch + share) / settings.epochs;

/** @param share of the epoch that is done */
function learningRateAt({ schedule, progress, settings }: TrainingRun, share: number): number {
  const { epoch, learningRateFactor } = progress;
  const position = { epoch: epoch + share, epochs: settings.epochs };
  const learningRate = schedule(position);
  if (Number.isFinite(learningRate)) return learningRateFactor * learningRate;
  throw new EarshotError({
    code: "INVALID_SETTING",
    where: "schedule",
    problem: `It gives ${learningRate} after ${position.epoch} of ${position.epochs} epochs, which is no learning rate.`,
    remedy: "Return a finite number at every position from 0 to epochs.",
  });
}

async function fail(run: TrainingRun, start: BatchStart, error: unknown): Promise<never> {
  await call(run, "batchFailed", events.batchFailed(start, error));
  if (run.stopReason !== undefined) run.emit({ type: "stop", reason: run.stopReason });
  throw error;
}

/** Measures the dev split, keeps the weights if they are the best so far, and saves a checkpoint. */
async function closeEpoch(run: TrainingRun): Promise<void> {
  const learningRate = learningRateAt(run, 1);
  const dev = await measureDev(run);
  if (run.signal?.aborted) return; // a resumed run has no batch left in this epoch, and measures again
  if (dev) await call(run, "devEnd", events.devEnd(run, dev.latest));
  await reportRanks(run);
  const metrics = metricsOf(run.progress, dev?.latest, rampEpochsOf(run.settings));
  const kept = betterOf(metrics, dev?.averaged);
  const closed = afterEpoch(run.progress, kept.metrics);
  if (isBest(closed)) await saveModel(run, modelFile(run), kept);
  await reportLooks(run, dev?.latest.rates.cer);
  run.progress = closed;
  reportEpoch(run, metrics, dev?.averaged);
  await call(run, "epochEnd", events.epochEnd(run, metrics, kept, learningRate));
  await beginCheckpoint(run);
}
