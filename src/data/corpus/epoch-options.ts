// What an epoch of a corpus, and its plan, are asked for with.

import type { OnLost } from "./loader.ts";

export interface EpochOptions {
  /** From 0. */
  readonly epoch: number;
  readonly seed: number;
  /** Over which effects become as frequent as their settings say; at once by default. */
  readonly rampEpochs?: number;
  /** Whether the first epoch goes from short to long; by default as the settings say. */
  readonly sortaGrad?: boolean;
  /** Batches of one update: they hold similar lengths. 1 by default. */
  readonly together?: number;
  /** The epoch's own, where it is made already. */
  readonly plan?: readonly (readonly number[])[];
  /** First batch to give, for a run that resumes; 0 by default. */
  readonly from?: number;
  /** Which batches to give, by their places in the plan; all by default. */
  readonly takes?: (position: number) => boolean;
  /** Called with an utterance whose recording cannot be read any more; by default its error ends the epoch. */
  readonly onLost?: OnLost;
  readonly signal?: AbortSignal;
}

export type EpochPlanOptions = Pick<EpochOptions, "epoch" | "seed" | "rampEpochs" | "sortaGrad" | "together">;

export interface PlannedBatch {
  /** Of its utterances in the corpus. */
  readonly indices: number[];
  /** B × T once padded, at most. */
  readonly frames: number;
}

export interface InOrderOptions {
  readonly signal?: AbortSignal;
  readonly share?: readonly [own: number, shares: number];
}
