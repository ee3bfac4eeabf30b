// The sweep of the learning rate: updates of a copy of the weights, in a session of its own that nobody keeps.

import { EarshotError } from "../errors.ts";
import { memoryFolder } from "../platform/index.ts";
import { parseOptions } from "../settings.ts";
import { openRun, type OnEvent, type TrainingRun } from "../training/index.ts";
import { sweepOptions } from "./call-options.ts";
import type { FitRequest } from "./fit.ts";
import {
  drawSweep,
  hasExploded,
  readSweep,
  runningMean,
  type LearningRatePoint,
  type LearningRates,
} from "./learning-rate.ts";
import type { Screen } from "./screen.ts";

export interface SweepOptions {
  /** Lowest and highest rate; 1e-5 and 0.1 by default. */
  readonly from: number;
  readonly to: number;
  /** Updates at most; 100 by default. */
  readonly steps: number;
  readonly signal: AbortSignal;
}

export async function findLearningRate(
  { data, onEvent, ...request }: FitRequest,
  options: Partial<SweepOptions>,
  screen: Screen,
): Promise<LearningRates> {
  const { from, to, steps } = parseOptions(sweepOptions, options, "learner.findLearningRate");
  const rates = Array.from({ length: steps }, (_, i) => from * (to / from) ** (i / (steps - 1)));
  const { run, close } = await openRun({
    ...request,
    folder: memoryFolder(), // nothing is written there
    openData: async (occasion) => ({ train: await data.train(occasion), dev: undefined }), // nothing is measured
    schedule: undefined,
    onEvent: onlyPreparation(onEvent),
    signal: options.signal,
  });
  const points = await sweep(run, rates, screen).finally(close);
  const found = readSweep(points);
  screen.write(`${drawSweep(found)}\n`);
  return found;
}

/** One update at each rate, on batches in random order, until the loss explodes. */
async function sweep(
  { train, session, settings: { seed }, signal }: TrainingRun,
  rates: readonly number[],
  screen: Screen,
): Promise<LearningRatePoint[]> {
  const points: LearningRatePoint[] = [];
  const smooth = runningMean();
  for (let epoch = 0; ; epoch++) {
    for await (const batch of train.epoch({ epoch, seed, sortaGrad: false, signal })) {
      const step = points.length;
      const learningRate = rates[step];
      screen.progress(`learning rate ${learningRate.toExponential(1)}, step ${step + 1}/${rates.length}`);
      const request = { step, utterances: batch.B, learningRate };
      const outcome = await session.step([batch], request).catch(stopAtDivergence(step));
      if (!outcome) return points;
      const symbols = batch.labels.reduce((sum, { length }) => sum + Math.max(1, length), 0);
      const loss = outcome.losses.reduce((sum, value) => sum + value, 0) / symbols;
      points.push({ learningRate, loss: smooth(loss) });
      if (points.length === rates.length || hasExploded(points)) return points;
    }
  }
}

/** A rate that is too high is what was looked for; at the first step something else is wrong. */
const stopAtDivergence = (step: number) => (error: unknown) => {
  if (step > 0 && error instanceof EarshotError && error.code === "DIVERGED") return undefined;
  throw error;
};

const onlyPreparation =
  (onEvent: OnEvent): OnEvent =>
  (event) => {
    const isWarning = event.type === "warning" && event.code !== "NO_DEV_SPLIT";
    if (event.type === "prepare" || isWarning) onEvent(event);
  };
