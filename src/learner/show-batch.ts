// The first batch of an epoch as training is given it: transcripts, lengths and frames, after augmentation.

import type { Frames } from "../audio/index.ts";
import type { LabeledUtterance, PreparedCorpus } from "../data/index.ts";
import { drawFrames } from "./draw-frames.ts";

export interface ShownUtterance {
  /** With the text of one that follows in the same recording, where one does. */
  readonly utterance: LabeledUtterance;
  /** Length of the audio, after any change of speed. */
  readonly seconds: number;
  /** [T, F], normalized and augmented. */
  readonly frames: Frames;
}

export interface ShowBatchOptions {
  /** From 0; by default the second, whose batches are shuffled. */
  readonly epoch?: number;
  /** Utterances shown; by default all of the batch. */
  readonly count?: number;
  readonly signal?: AbortSignal;
}

export async function loadFirstBatch(
  corpus: PreparedCorpus,
  seed: number,
  { epoch = 1, count, signal }: ShowBatchOptions,
): Promise<ShownUtterance[]> {
  const [batch] = corpus.plan({ epoch, seed });
  return Promise.all(
    batch.slice(0, count).map(async (utterance) => {
      const occasion = { seed, epoch, utterance };
      const { frames, seconds } = await corpus.augment(occasion, signal);
      return { utterance: corpus.said(occasion), seconds, frames };
    }),
  );
}

export function formatBatch(batch: readonly ShownUtterance[]): string {
  const blocks = batch.map(({ utterance: { path, text }, seconds, frames }) => {
    const size = `${seconds.toFixed(2)} s  [${frames.frames}, ${frames.size}]`;
    return `${path}  ${size}\n${text}\n${drawFrames(frames)}\n`;
  });
  return blocks.join("\n");
}
