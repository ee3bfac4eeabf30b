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
  type StepPlan,
  type StepState,
} from "../../src/training/index.ts";
import type { DevicePlan } from "../../src/training/step/device-programs.ts";
import { DeviceStep } from "../../src/training/step/device-step.ts";
import { frozenWeights } from "../../src/training/step/frozen.ts";
import { layerRatesOf } from "../../src/training/step/layer-rates.ts";
import { segmentPrograms } from "../../src/training/step/segment-programs.ts";
import { alphabet, BINS } from "./recordings.ts";

const { size: symbols, blank } = alphabet;
const open: (TrainStep | DeviceStep)[] = [];

interface StepOptions {
  readonly frozen?: readonly string[];
  readonly layerRates?: Readonly<Record<string, number>>;
  readonly averageDecay?: number;
  readonly combine?: CombineGradients;
  readonly intermediate?: { readonly heads: number; readonly weight: number };
  readonly segmentFrames?: number;
  /** By name. */
  readonly engine?: string;
}

type StepArguments = readonly [
  network: Record<string, unknown>,
  optimizer: Record<string, unknown>,
  gradientCap: number,
  options?: StepOptions,
];

export async function openStep(...step: StepArguments): Promise<TrainStep> {
  const { plan, state, combine } = planOf(...step);
  const opened = await TrainStep.open(plan, state, combine);
  open.push(opened);
  return opened;
}

/** The same step on a device, which is that of the engine, or this program's memory. */
export async function openDeviceStep(...step: StepArguments): Promise<DeviceStep> {
  const { plan, state } = planOf(...step);
  const opened = await DeviceStep.open(plan, state);
  open.push(opened);
  return opened;
}

export function planOf(...[network, optimizer, gradientCap, options = {}]: StepArguments): {
  plan: StepPlan & { device: DevicePlan };
  state: StepState;
  combine?: CombineGradients;
} {
  const {
    frozen = [],
    layerRates = {},
    averageDecay,
    combine,
    intermediate,
    segmentFrames,
    engine,
  } = options;
  const architecture = resolveArchitecture(network, { features: BINS, symbols }, "test");
  const settings = parseSettings(optimizerSettings, optimizer, "test");
  const weights = initializeWeights(architecture, 1, intermediate?.heads);
  const state: StepState = { weights, slots: emptySlots(weights, settings) };
  const programs = trainingPrograms(architecture, blank, frozenWeights(architecture, frozen), intermediate);
  const rates = layerRatesOf(architecture, layerRates);
  const about = { layerRates: rates, averageDecay, gradientCap, seed: 1, threads: 1, symbols, blank, engine };
  const segments = segmentFrames
    ? segmentPrograms(architecture, new Set(), segmentFrames, intermediate)
    : undefined;
  const device = {
    architecture,
    frozen: [...frozenWeights(architecture, frozen)],
    intermediate: intermediate ?? { heads: 0, weight: 0 },
    stepsBetweenLengths: 8,
  };
  return { plan: { programs, segments, device, optimizer: settings, ...about }, state, combine };
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
