// What may be known of a training: its losses step by step or epoch by epoch, and what the loss is computed of. Of a run
// of ours, or of numbers that another framework printed.

import type { SwapCount } from "../chance.ts";
import type { Probes } from "../examination.ts";

/** Two losses that a curve is held against, by reduction, in nats (levels.ts computes them). */
export interface Levels {
  /** Every symbol equally likely at every step. */
  readonly uniform: Readonly<Record<LossReduction, number>>;
  /** The best distribution that is the same at every step. */
  readonly constant: Readonly<Record<LossReduction, number>>;
  /** The largest uniform loss of one utterance. */
  readonly worst: number;
}

export interface CurveStep {
  readonly step: number;
  /** From 1; with the batch, from 1, where known. */
  readonly epoch?: number;
  readonly batch?: number;
  /** NaN where it was not finite. */
  readonly loss: number;
  readonly gradientNorm?: number;
  readonly learningRate?: number;
}

export interface CurveEpoch {
  /** From 1. */
  readonly epoch: number;
  /** Steps taken by its end. */
  readonly step: number;
  readonly trainLoss: number;
  readonly devLoss?: number;
  /** Fractions. */
  readonly devWer?: number;
  readonly devCer?: number;
  /** Share of the time spent waiting for data. */
  readonly waiting?: number;
}

/** One utterance of those that the losses are of. */
export interface CurveTarget {
  readonly labels: Int32Array;
  /** T' */
  readonly steps: number;
}

export interface CurveEvidence {
  readonly steps?: readonly CurveStep[];
  readonly epochs?: readonly CurveEpoch[];
  /** Epochs that were planned. */
  readonly planned?: number;
  /** The first epochs, in which augmentation grows, and the training loss with it. */
  readonly rampEpochs?: number;
  /** Of the training set, or of the batch whose losses these are. */
  readonly targets?: readonly CurveTarget[];
  /** V, the blank included. */
  readonly symbols?: number;
  readonly blank?: number;
  /** Losses of outputs that ignore the input, on the targets; follows from the three above. */
  readonly levels?: Levels;
  /** How a batch's losses became one number; all three are tried when nobody says. */
  readonly reduction?: LossReduction;
  /** The recordings of a batch, as "train.csv:12  clips/12.wav". */
  readonly batchFiles?: (epoch: number, batch: number) => Promise<readonly string[] | undefined>;
  /** In some epochs, how often texts fit their own recordings better than each other's. */
  readonly pairs?: readonly CurvePairs[];
  /** The last event of each layer. */
  readonly layers?: readonly CurveLayer[];
}

/** PyTorch's mean divides each loss by its number of labels first. */
export type LossReduction = "sum" | "mean" | "mean per label";

export interface CurvePairs extends SwapCount {
  readonly epoch: number;
}

export interface CurveLayer {
  readonly name: string;
  readonly gradientNorm: number;
  readonly weightNorm: number;
  /** Shares of the units' outputs at zero, and at the clip. */
  readonly zeroShare?: number;
  readonly clippedShare?: number;
}

export const CURVE_PROBES: Probes<CurveEvidence> = {
  steps: "the loss of every step",
  epochs: "the losses of at least three epochs, of train and dev, with the dev WER",
  planned: "the number of epochs planned",
  rampEpochs: "the epochs in which augmentation grows",
  targets: "the labels and output lengths of the utterances (targets, target_lengths, input_lengths)",
  symbols: "the number of symbols with the blank",
  blank: "the index of the blank",
  levels: "the labels and output lengths of the utterances (targets, target_lengths, input_lengths)",
  reduction: "how the loss is reduced: sum, mean or mean per label",
  batchFiles: "the folder of the run",
  pairs: "the log of a run that compared texts with those of others (the event `pairs`)",
  layers: "the activity of the layers, once per epoch (the event `layers` of a run)",
};
