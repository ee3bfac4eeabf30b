// How long train steps of some shapes take here: noise for frames and random labels, in the worker that trains.

import { featureSize } from "../../audio/index.ts";
import { networkContract, initializeWeights, parameterShapes } from "../../network/index.ts";
import { RandomStream } from "../../random.ts";
import { elementCount } from "../../tensor.ts";
import { intermediateLoss, withHeads } from "../step/intermediate-loss.ts";
import { networkOf } from "../step/network-of.ts";
import { trainingPrograms } from "../step/programs.ts";
import { TrainSession } from "../step/session.ts";
import type { StepBatch } from "../step/step-plan.ts";
import { emptySlots } from "../step/train-step.ts";
import type { TrainingSettings } from "../settings.ts";
import type { BatchShape } from "./plan-ranks.ts";
import type { MeasuredStep } from "./step-cost.ts";

/** About as many as English has in a second, and never more than the network has steps for. */
const SYMBOLS_PER_SECOND = 14;
const MOST_SYMBOLS_A_STEP = 0.5;

export interface StepMeasurement {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
  /** Of each shape, behind one that is not counted. */
  readonly repeats: number;
}

/** Of the gradient. */
export function parameterCount(settings: TrainingSettings): number {
  const shapes = parameterShapes(networkOf(settings).architecture);
  return Array.from(shapes.values(), elementCount).reduce((sum, size) => sum + size, 0);
}

/** @throws EarshotError of the settings and of the engine */
export async function measureSteps(
  settings: TrainingSettings,
  shapes: readonly BatchShape[],
  { repeats, signal, onProgress }: StepMeasurement,
): Promise<MeasuredStep[]> {
  const session = await openSession(settings);
  const measured: MeasuredStep[] = [];
  const learningRate = 1e-6;
  let step = 0;
  try {
    for (const [i, shape] of shapes.entries())
      for (let repeat = 0; repeat <= repeats; repeat++) {
        signal?.throwIfAborted();
        onProgress?.(step, shapes.length * (repeats + 1));
        const batch = noiseBatch(settings, shape, i);
        const start = performance.now();
        await session.step([batch], { step: step++, utterances: shape.B, learningRate });
        const seconds = (performance.now() - start) / 1000;
        if (repeat > 0) measured.push({ paddedFrames: shape.B * shape.T, seconds });
      }
  } finally {
    await session.close();
  }
  return measured;
}

function openSession(settings: TrainingSettings): Promise<TrainSession> {
  const { alphabet, architecture } = networkOf(settings);
  const { optimizer, gradientCap, seed, engine, threads } = settings;
  const weights = initializeWeights(architecture, seed);
  const state = withHeads({ weights, slots: emptySlots(weights, optimizer) }, architecture, settings);
  const intermediate = intermediateLoss(settings, architecture);
  return TrainSession.open(
    {
      programs: trainingPrograms(architecture, alphabet.blank, new Set(), intermediate),
      device: { architecture, frozen: [], intermediate },
      optimizer,
      gradientCap,
      seed,
      engine,
      threads,
      symbols: alphabet.size,
      blank: alphabet.blank,
    },
    state,
  );
}

function noiseBatch(settings: TrainingSettings, { B, T }: BatchShape, number: number): StepBatch {
  const { alphabet, architecture } = networkOf(settings);
  const F = featureSize(settings.features);
  const random = new RandomStream(settings.seed, "noise batch", number);
  const usual = Math.round((T * settings.features.hopMs * SYMBOLS_PER_SECOND) / 1000);
  const most = Math.floor((MOST_SYMBOLS_A_STEP * T) / networkContract(architecture).stride);
  const L = Math.max(1, Math.min(usual, most));
  const labels = Array.from({ length: B }, () =>
    Int32Array.from({ length: L }, () => random.integer(alphabet.size - 1)),
  );
  const frames = new Float32Array(T * B * F).map(() => random.normal());
  return { frames, T, B, F, lengths: labels.map(() => T), labels };
}
