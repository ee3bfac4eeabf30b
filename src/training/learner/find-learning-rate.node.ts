// The sweep of the learning rate as a run that nobody keeps: the weights of the learner are not touched.

import { EarshotError } from "../../errors.ts";
import type { Listener } from "../events.ts";
import type { TrainingSettings } from "../settings.ts";
import { fitOnce, type FitRequest } from "./fit.node.ts";
import { drawSweep, readSweep, sweepLearningRate, type LearningRates } from "./learning-rate.ts";
import type { Screen } from "./screen.node.ts";

export interface SweepOptions {
  /** Lowest and highest rate; 1e-5 and 0.1 by default. */
  readonly from: number;
  readonly to: number;
  /** Updates at most; 100 by default. */
  readonly steps: number;
  readonly signal: AbortSignal;
}

export async function findLearningRate(
  request: FitRequest,
  { from = 1e-5, to = 0.1, steps = 100, signal }: Partial<SweepOptions>,
  screen: Screen,
): Promise<LearningRates> {
  const { points, schedule, callback } = sweepLearningRate({ from, to, steps });
  const settings = sweepSettings(request.settings, steps);
  const onEvent = onlyPreparation(request.onEvent, screen);
  try {
    await fitOnce({ ...request, settings, schedule, callbacks: [callback], onEvent, signal });
  } catch (error) {
    if (!isDivergence(error) || points.length === 0) throw error; // that rate was too high: it is what was asked for
  }
  const rates = readSweep(points);
  screen.write(`${drawSweep(rates)}\n`);
  return rates;
}

/** Batches in random order, nothing measured, nothing that changes the rate or writes files. */
function sweepSettings(settings: TrainingSettings, steps: number): TrainingSettings {
  const { data, plateau } = settings;
  return {
    ...settings,
    epochs: steps, // enough for any corpus: the sweep ends by itself
    devSplit: "",
    data: { ...data, sortaGrad: false },
    patience: 0,
    plateau: { ...plateau, patience: 0 },
    keep: 0,
    log: [],
  };
}

function onlyPreparation(listener: Listener, screen: Screen): Listener {
  return (event) => {
    if (event.type === "batch")
      screen.progress(`step ${event.step}  learning rate ${event.learningRate.toExponential(1)}`);
    const isMeant = event.type === "prepare" || (event.type === "warning" && event.code !== "NO_DEV_SPLIT");
    if (isMeant) listener(event);
  };
}

const isDivergence = (error: unknown): boolean =>
  error instanceof EarshotError && ["DIVERGED", "NON_FINITE_WEIGHTS"].includes(error.code);
