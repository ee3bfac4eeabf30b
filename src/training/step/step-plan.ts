// What a train step takes and what it gives: plain data, for all of it crosses to the worker and back.

import type { Fault, Warning } from "../../errors.ts";
import type { Weights } from "../../network/index.ts";
import type { SharedRanks } from "../../platform/index.ts";
import type { OptimizerSettings } from "../optimizers.ts";
import type { DevicePlan } from "./device-programs.ts";
import type { TrainingPrograms } from "./programs.ts";
import type { SegmentPrograms } from "./segment-programs.ts";
import type { WeightAverage } from "./weight-average.ts";

/** What a step needs to know once. */
export interface StepPlan {
  readonly programs: TrainingPrograms;
  /** Present where a device without loops computes. */
  readonly device?: DevicePlan;
  /** Present where long recordings are learned from in segments. */
  readonly segments?: SegmentPrograms;
  readonly optimizer: OptimizerSettings;
  readonly gradientCap: number;
  /** What of the learning rate a weight takes, by its name; those without one take all of it. */
  readonly layerRates?: Readonly<Record<string, number>>;
  /** Of the average of the weights; 1, the plain mean, by default. */
  readonly averageDecay?: number;
  readonly seed: number;
  /** By name; "auto" by default. */
  readonly engine?: string;
  readonly threads: number;
  /** Present where several machines learn together. */
  readonly ranks?: RanksPlan;
  /** V, and the index of the blank. */
  readonly symbols: number;
  readonly blank: number;
}

export interface RanksPlan {
  readonly shared: SharedRanks;
  readonly compression: GradientCompression;
}

/** How gradients cross to other ranks. */
export type GradientCompression = "none" | "float16";

/** A padded batch: frames [T, B, F] with the length of each utterance, and its labels. */
export interface StepBatch {
  readonly frames: Float32Array;
  readonly T: number;
  readonly B: number;
  readonly F: number;
  readonly lengths: readonly number[];
  readonly labels: readonly Int32Array[];
}

/** Everything that a step changes. */
export interface StepState {
  readonly weights: Weights;
  /** The optimizer's arrays for each weight. */
  readonly slots: ReadonlyMap<string, readonly Float32Array[]>;
  /** Once averaging has begun. */
  readonly average?: WeightAverage;
}

export interface StepRequest {
  /** From 0; seeds the dropout. */
  readonly step: number;
  /** Of the whole batch, whose mean loss is learned from: those of all parts, and of other machines where some take part. */
  readonly utterances: number;
  /** The number of each part in the whole batch, which seeds its dropout, too; from 0 on by default. */
  readonly numbers?: readonly number[];
  /** The place of each utterance of the parts in the whole batch; from 0 on by default. */
  readonly places?: readonly number[];
  /** Of this machine's parts, without padding. */
  readonly frames?: number;
  /** Whether this machine was asked to stop, which the others are to know. */
  readonly stop?: boolean;
  /** What else they are to know. */
  readonly warnings?: readonly Warning[];
  readonly learningRate: number;
  /** Whether the weights join the average after the update. */
  readonly average?: boolean;
  /** Whether the outcome has the gradient's norm in each layer. */
  readonly inspect?: boolean;
}

/** What a step over several machines gives besides. */
export interface SharedOutcome {
  /** Utterances of the whole batch, by their places, that no machine could learn from; their losses are missing. */
  readonly lost?: readonly number[];
  /** Those of all machines. */
  readonly frames?: number;
  /** Of any machine, or such as that another engine goes on. */
  readonly warnings?: readonly Warning[];
  /** Whether any machine was asked to stop. */
  readonly stop?: boolean;
  /** How long this machine computed, waited for the others, and added up gradients with them. */
  readonly times?: RankTimes;
  /** Known to all, where the step failed on one of them: nothing was learned. */
  readonly fault?: Fault;
}

/** In ms. */
export interface RankTimes {
  readonly computing: number;
  readonly waiting: number;
  readonly adding: number;
}

export interface StepOutcome extends SharedOutcome {
  /** Loss of each utterance, in nats. */
  readonly losses: Float64Array;
  /** Norm of the gradient of the mean loss, before the cap. */
  readonly gradientNorm: number;
  /** The part of each layer in it. */
  readonly layerNorms?: Readonly<Record<string, number>>;
}

/** A batch evaluated with some weights. */
export interface BatchEvaluation {
  readonly losses: Float64Array;
  /** Greedy labels of each utterance. */
  readonly hypotheses: readonly Int32Array[];
}

export interface EvaluationOutcome extends BatchEvaluation {
  /** The same by the averaged weights, once there are some. */
  readonly averaged?: BatchEvaluation;
}

/** How a layer is doing. */
export interface LayerCondition {
  readonly name: string;
  readonly weightNorm: number;
  /** Shares of a batch's activations that are 0, and at the clip; absent where a layer has no rectifier. */
  readonly zeroShare?: number;
  readonly clippedShare?: number;
}
