// What a callback is: an object with a name and a function for each event of the loop at which it wants to be called.
// The events are a closed list; each is plain data, with a function where data is computed only on request.
// A callback cannot reach the weights or later batches: it reads, writes files, stops the run, or scales the learning rate.

import type { Batch, PreparedUtterance } from "../../data/index.ts";
import type { Folder } from "../../platform/index.ts";
import type { TrainingEvent } from "../events.ts";
import type { DevFigures, EpochMetrics } from "../loop/progress.ts";
import type { TrainingSettings } from "../settings.ts";

/** Where the run is. */
export interface Place {
  /** From 1; at `fitStart` and `fitEnd` the number of epochs done. */
  readonly epoch: number;
  readonly epochs: number;
  /** Updates since the beginning of the run. */
  readonly step: number;
  /** The epoch (from 1) whose weights are the best so far; 0 before there is one. */
  readonly bestEpoch: number;
}

export interface FitStart extends Place {
  readonly settings: TrainingSettings;
  /** The path of the run's folder. */
  readonly directory: string;
}

export interface BatchStart extends Place {
  /** From 1; with `accumulate`, that of the last batch which the update sums over. */
  readonly batch: number;
  readonly batches: number;
  /** As they are said in this epoch: with the text of one that follows in the same recording, where one does. */
  readonly utterances: readonly PreparedUtterance[];
  /** The batch as the network is given it (several with `accumulate`), computed again at each call. */
  readonly load: () => Promise<readonly Batch[]>;
}

/** After the update; it was left out if the gradient's norm is not finite. */
export interface BatchEnd extends BatchStart {
  /** Of each utterance, in nats. */
  readonly losses: Float64Array;
  /** Of the mean loss, before the cap. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}

/** The step threw, such as DIVERGED; the run ends with this error. */
export interface BatchFailed extends BatchStart {
  readonly error: Error;
}

export interface EvaluatedUtterance {
  readonly utterance: PreparedUtterance;
  /** In nats. */
  readonly loss: number;
  readonly reference: string;
  /** Greedy. */
  readonly hypothesis: string;
}

export interface DevEnd extends Place, DevFigures {
  readonly utterances: readonly EvaluatedUtterance[];
}

export interface EpochEnd extends Place, DevFigures {
  /** Mean over all utterances of the epoch, in nats. */
  readonly trainLoss: number;
  /** Whether this epoch's weights are the best so far. */
  readonly best: boolean;
  /** Of the epoch's end. */
  readonly learningRate: number;
  /** Figures of the weights that `saveModel` writes: the epoch's own, or their average where that is better. */
  readonly kept: EpochMetrics;
  /** @param path in the folder, or of the platform where none is given */
  readonly saveModel: (path: string, folder?: Folder) => Promise<void>;
}

export interface FitEnd extends Place {
  readonly ending: "finished" | "stopped early" | "interrupted";
  /** Of the best epoch. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What a callback is given at each event of the loop. */
export interface LoopEvents {
  readonly fitStart: FitStart;
  readonly epochStart: Place;
  readonly batchStart: BatchStart;
  readonly batchEnd: BatchEnd;
  readonly batchFailed: BatchFailed;
  readonly devEnd: DevEnd;
  readonly epochEnd: EpochEnd;
  readonly fitEnd: FitEnd;
}
export type LoopEvent = keyof LoopEvents;

/**
 * "stop" ends the training as early stopping does, once the update or the epoch under way is saved; `stop` does so and
 * says why. `learningRateFactor` multiplies the learning rate of all steps that follow.
 */
export type Answer =
  "stop" | { readonly stop?: string; readonly learningRateFactor?: number } | undefined | void;

type Handlers = {
  readonly [Name in LoopEvent]?: (event: LoopEvents[Name]) => Answer | Promise<Answer>;
};

export interface Callback extends Handlers {
  readonly name: string;
  /**
   * What a resumed run must know of it, as JSON can hold it (no Infinity, no NaN): the object is kept in the checkpoint,
   * and its fields come back before `fitStart`.
   */
  readonly state?: Record<string, unknown>;
  /**
   * Given every event of the run's log as it comes, before the next one. Writing may go on behind it: the run waits for
   * what is returned before its next step and its next checkpoint.
   */
  readonly event?: (event: TrainingEvent) => void | Promise<void>;
}
