// What the programs of training are fed: a batch, the weights, dropout masks, and the labels of the loss.

import { checkTargets, ctcFeeds } from "../../ctc/index.ts";
import type { Program } from "../../engine/index.ts";
import { bindDimension } from "../../graph/index.ts";
import { stepMask, type Weights } from "../../network/index.ts";
import { RandomStream } from "../../random.ts";
import { elementCount, type TensorData } from "../../tensor.ts";
import { keepMask, type KeepMask } from "./dropout-mask.ts";
import type { TrainingPrograms } from "./programs.ts";
import type { StepBatch, StepPlan } from "./step-plan.ts";

type Feeds = Record<string, TensorData>;

/** T' = ⌈T / stride⌉ of a number of frames. */
const stepsOfFrames = (frames: number, { stride }: Pick<TrainingPrograms, "stride">): number =>
  Math.ceil(frames / stride);

/** T' of each utterance. */
export const utteranceSteps = (
  { lengths }: StepBatch,
  programs: Pick<TrainingPrograms, "stride">,
): number[] => lengths.map((length) => stepsOfFrames(length, programs));

/** What the loss compares: the batch for the network's output, and once more for each head between its layers. */
export interface LossTargets {
  readonly steps: readonly number[];
  readonly labels: readonly Int32Array[];
  /** Of each in the loss. */
  readonly shares: readonly number[];
}

/** @param utterances those of the whole batch, over which the step takes the mean */
export function lossTargets(
  batch: StepBatch,
  programs: Pick<TrainingPrograms, "stride" | "shares">,
  utterances: number,
): LossTargets {
  const steps = utteranceSteps(batch, programs);
  const { shares } = programs;
  return {
    steps: shares.flatMap(() => steps),
    labels: shares.flatMap(() => batch.labels),
    shares: shares.flatMap((share) => steps.map(() => share / utterances)),
  };
}

/** All that a program without dropout and loss needs. */
export function batchFeeds(
  batch: StepBatch,
  weights: Weights,
  { programs }: Pick<StepPlan, "programs">,
): Feeds {
  const { frames, T, B, F } = batch;
  const longest = stepsOfFrames(T, programs);
  const mask = stepMask(utteranceSteps(batch, programs), longest);
  return {
    frames: { type: "float32", dims: [T, B, F], data: frames },
    mask: { type: "float32", dims: [longest, B, 1], data: mask },
    ...Object.fromEntries(weights),
  };
}

/**
 * What the program takes of the feeds: one for inference has no heads that only training has, one of training no statistics
 * that are for inference, and a state that nothing is computed from is no input.
 */
export const takenBy = <Data>(
  { inputs }: Pick<Program, "inputs">,
  feeds: Readonly<Record<string, Data>>,
): Record<string, Data> => Object.fromEntries(inputs.map((name) => [name, feeds[name]]));

/** What dropout is drawn for. */
export interface DropoutPlace {
  readonly step: number;
  /** The number of the batch in the whole batch of the step, from 0. */
  readonly part: number;
  /** The number of the segment in the batch, from 0. */
  readonly segment?: number;
}

/** What is read here of a plan. */
interface Masked extends Pick<StepPlan, "seed"> {
  readonly programs: Pick<TrainingPrograms, "masks">;
}

/** @param draw the masks; number by number unless it says otherwise */
export function dropoutFeeds(
  { T, B }: Pick<StepBatch, "T" | "B">,
  { programs: { masks }, seed }: Masked,
  { step, part, segment = 0 }: DropoutPlace,
  draw: KeepMask = keepMask,
): Feeds {
  const key = segment > 0 ? [part, segment] : part > 0 ? [part] : [];
  const feeds = masks.map(({ name, shape, rate }): [string, TensorData] => {
    const random = new RandomStream(seed, "dropout", step, name, ...key);
    const dims = shape.map((size) => bindDimension(size, { T, B }) as number);
    return [name, { type: "bool", dims, data: draw(elementCount(dims), rate, random) }];
  });
  return Object.fromEntries(feeds);
}

/** @throws EarshotError IMPOSSIBLE_ALIGNMENT and others, before anything is computed */
export function checkLossTargets(
  { T }: Pick<StepBatch, "T">,
  { programs, symbols, blank }: StepPlan,
  { steps, labels }: LossTargets,
): void {
  checkTargets({ labels, steps, symbols, blank }, stepsOfFrames(T, programs));
}

/**
 * What the loss in the program needs.
 * @throws EarshotError as `checkLossTargets`
 */
export function lossFeeds(batch: StepBatch, plan: StepPlan, targets: LossTargets): Feeds {
  checkLossTargets(batch, plan, targets);
  const { programs, symbols, blank } = plan;
  const { steps, labels, shares } = targets;
  const B = steps.length;
  const T = stepsOfFrames(batch.T, programs);
  return {
    ...ctcFeeds(labels, steps, symbols, blank, T),
    "ctc/weights": { type: "float32", dims: [B, 1], data: Float32Array.from(shares) },
    "ctc/given": { type: "float32", dims: [T, B, symbols], data: new Float32Array(T * B * symbols) },
    "ctc/isGiven": { type: "bool", dims: [1], data: Uint8Array.of(0) },
  };
}
