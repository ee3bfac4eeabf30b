// The closed list of events that a training run emits, as plain data. Progress bars, logs and tests read these; none of
// them can change the run.

import type { CountedSymbol } from "../text/index.ts";
import type { DevFigures } from "./loop/progress.ts";
import type { RankReport } from "./ranks/run-ranks.ts";
import type { LayerCondition } from "./step/step-plan.ts";

/** A matrix with its bias, or a matrix by itself, such as those of the recurrence. */
export interface LayerReport extends LayerCondition {
  /** Of the last update of the epoch, before the cap; 0 for what is frozen, and not finite (JSON: null) as it comes. */
  readonly gradientNorm: number;
}

export interface OldTestRates {
  readonly wer: number;
  readonly cer: number;
}

export type TrainingEvent =
  /** The alphabet was made of the training transcripts: its symbols, the most frequent first. */
  | { readonly type: "alphabet"; readonly symbols: readonly CountedSymbol[] }
  /** Recordings measured and their features cached, before training. */
  | { readonly type: "prepare"; readonly done: number; readonly total: number }
  | {
      readonly type: "start";
      readonly seed: number;
      readonly parameters: number;
      /** How far the text of a stream will be behind its sound; undefined where the whole recording is needed. */
      readonly delayMs?: number;
      readonly utterances: number;
      readonly seconds: number;
      readonly devUtterances: number;
      /** How many of the utterances an epoch has, where the weights of sources make them more or fewer. */
      readonly inEpoch?: number;
      /** Utterances of the replay in an epoch, and of how many they are drawn. */
      readonly replay?: { readonly inEpoch: number; readonly of: number };
      /** The preset that training hears them by; single settings may stand beside it. */
      readonly augmentation: "none" | "real-world";
      /** How many machines, or processes, learn together, where there are several. */
      readonly ranks?: number;
      /** Steps that a resumed run had taken before; 0 for a new one. */
      readonly step: number;
      readonly directory: string;
    }
  /** After the run's first step, which is the largest batch of all: what training needs at most. */
  | { readonly type: "memory"; readonly peakBytes: number }
  | {
      readonly type: "batch";
      /** From 1. */
      readonly epoch: number;
      readonly epochs: number;
      /** From 1. */
      readonly batch: number;
      readonly batches: number;
      readonly step: number;
      /** Mean over the batch's utterances, in nats. */
      readonly loss: number;
      /** Before the cap; where it is not finite, the update was left out (and JSON says null). */
      readonly gradientNorm: number;
      readonly learningRate: number;
      readonly framesPerSecond: number;
      /** Until the last epoch ends; not known after the first batch. */
      readonly etaSeconds?: number;
      readonly waitedMs: number;
    }
  /** Before each "epoch": how the layers do. */
  | {
      readonly type: "layers";
      readonly epoch: number;
      readonly step: number;
      readonly layers: readonly LayerReport[];
    }
  /** Before each "epoch" of several ranks: how long each of them computed and waited in it. */
  | {
      readonly type: "ranks";
      readonly epoch: number;
      readonly step: number;
      readonly ranks: readonly RankReport[];
    }
  /** In some epochs, before "epoch": how often two texts fit their own recordings better than each other's. */
  | {
      readonly type: "pairs";
      readonly epoch: number;
      readonly step: number;
      /** Pairs of training utterances with different texts whose losses were computed both ways. */
      readonly compared: number;
      /** Of these, the pairs whose own texts have the lower loss. */
      readonly better: number;
    }
  | {
      readonly type: "epoch";
      readonly epoch: number;
      readonly epochs: number;
      readonly step: number;
      /** Mean over all utterances of the epoch, in nats. */
      readonly trainLoss: number;
      readonly devLoss?: number;
      /** Error rates of the dev split, as fractions. */
      readonly devWer?: number;
      readonly devCer?: number;
      /** 1 while augmentation grows (`data.augmentation.ramp`). */
      readonly ramp?: number;
      /** Those of the averaged weights, once there are some. */
      readonly average?: DevFigures;
      /** Whether this epoch's weights are the best so far and were saved as the model. */
      readonly best: boolean;
      readonly seconds: number;
      /** Share of the epoch spent waiting for data. */
      readonly waiting: number;
    }
  /** A checkpoint was written. */
  | { readonly type: "checkpoint"; readonly path: string; readonly step: number }
  | { readonly type: "warning"; readonly code: string; readonly message: string }
  | { readonly type: "stop"; readonly reason: string }
  /** Dev utterances evaluated for the report, after training. */
  | { readonly type: "report"; readonly done: number; readonly total: number }
  /** Utterances of the old test, recognized by the initial model and by the new one after training. */
  | { readonly type: "oldTestProgress"; readonly done: number; readonly total: number }
  /** What became of the old skill: error rates on the old test, as fractions. */
  | {
      readonly type: "oldTest";
      readonly manifests: readonly string[];
      readonly split: string;
      readonly utterances: number;
      /** Those whose text the initial model cannot spell, or that could not be read: they are in no figure. */
      readonly leftOut: number;
      /** Of the initial model; absent where a resumed run began with one that was in memory. */
      readonly before?: OldTestRates;
      /** Of the run's model. */
      readonly after: OldTestRates;
    }
  | {
      readonly type: "done";
      readonly modelPath: string;
      readonly metrics: Readonly<Record<string, number>>;
      readonly seconds: number;
      /** Where the run's page was written. */
      readonly reportPath?: string;
    };

/** What a program gives to follow a run. */
export type OnEvent = (event: TrainingEvent) => void;
