// Train steps with small networks, for tests; each is closed after its test.

import { afterEach } from "vitest";
import { initializeWeights, resolveArchitecture } from "../../src/network/index.ts";
import { parseSettings } from "../../src/settings.ts";
import {
  emptySlots,
  optimizerSettings,
  TrainStep,
  trainingPrograms,
  type CombineGradients,
  type StepBatch,
  type StepState,
} from "../../src/training/index.ts";
import { frozenWeights } from "../../src/training/step/frozen.ts";
import { layerRatesOf } from "../../src/training/step/layer-rates.ts";
import { segmentPrograms } from "../../src/training/step/segment-programs.ts";
import { alphabet, BINS } from "./recordings.ts";

const { size: symbols, blank } = alphabet;
const open: TrainStep[] = [];

interface StepOptions {
  readonly frozen?: readonly string[];
  readonly layerRates?: Readonly<Record<string, number>>;
  readonly averageDecay?: number;
  readonly combine?: CombineGradients;
  readonly intermediate?: { readonly heads: number; readonly weight: number };
  readonly segmentFrames?: number;
}

export async function openStep(
  network: Record<string, unknown>,
  optimizer: Record<string, unknown>,
  gradientCap: number,
  { frozen = [], layerRates = {}, averageDecay, combine, intermediate, segmentFrames }: StepOptions = {},
) {
  const architecture = resolveArchitecture(network, { features: BINS, symbols }, "test");
  const settings = parseSettings(optimizerSettings, optimizer, "test");
  const weights = initializeWeights(architecture, 1, intermediate?.heads);
  const state: StepState = { weights, slots: emptySlots(weights, settings) };
  const programs = trainingPrograms(architecture, blank, frozenWeights(architecture, frozen), intermediate);
  const rates = layerRatesOf(architecture, layerRates);
  const about = { layerRates: rates, averageDecay, gradientCap, seed: 1, threads: 1, symbols, blank };
  const segments = segmentFrames
    ? segmentPrograms(architecture, new Set(), segmentFrames, intermediate)
    : undefined;
  const plan = { programs, segments, optimizer: settings, ...about };
  const step = await TrainStep.open(plan, state, combine);
  open.push(step);
  return step;
}

afterEach(async () => {
  for (const step of open.splice(0)) await step.close();
});

export const copyWeights = (step: TrainStep) =>
  new Map([...step.state.weights].map(([name, { data }]) => [name, data.slice()]));

/** The utterances from `first` to before `end`; padding stays as it is. */
export function cut({ frames, T, B, F, lengths, labels }: StepBatch, first: number, end: number): StepBatch {
  const kept = Array.from({ length: T }, (_, t) => [
    ...frames.subarray((t * B + first) * F, (t * B + end) * F),
  ]);
  return {
    frames: Float32Array.from(kept.flat()),
    T,
    B: end - first,
    F,
    lengths: lengths.slice(first, end),
    labels: labels.slice(first, end),
  };
}
