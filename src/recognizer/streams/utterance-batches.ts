// Whole utterances of many streams through the models: those that wait while a batch runs are the next batches.

import type { Emission } from "../../ctc/index.ts";
import type { Ensemble, EnsembleInput } from "../../model/index.ts";
import { BATCH_FRAMES, packByLength } from "../batches.ts";

interface Waiting {
  readonly input: EnsembleInput;
  readonly resolve: (emissions: readonly Emission[]) => void;
  readonly reject: (error: unknown) => void;
}

export class UtteranceBatches {
  readonly model: Ensemble;
  #queue: Waiting[] = [];
  #isRunning = false;

  constructor(model: Ensemble) {
    this.model = model;
  }

  /** What the models say of an utterance. @param samples mono at 16 kHz */
  emissions(samples: Float32Array): Promise<readonly Emission[]> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ input: this.model.prepare(samples), resolve, reject });
      if (!this.#isRunning) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    while (this.#queue.length > 0) {
      await Promise.resolve(); // the other sounds of an utterance
      const waiting = this.#queue;
      this.#queue = [];
      for (const batch of packByLength(waiting, ({ input }) => input.length, BATCH_FRAMES))
        await this.#run(batch);
    }
    this.#isRunning = false;
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    try {
      const emissions = await this.model.emissions(batch.map(({ input }) => input));
      for (const [b, { resolve }] of batch.entries()) resolve(emissions[b]);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
