// What a random choice depends on: seed, epoch and utterance, and nothing else, so that a resumed run makes the choices
// of the uninterrupted one.

import type { Frames } from "../../audio/index.ts";
import { RandomStream } from "../../random.ts";

export interface Occasion {
  readonly seed: number;
  readonly epoch: number;
  /** Index of the utterance in its corpus. */
  readonly utterance: number;
  /** Epochs over which effects become as frequent as their settings say: at once where it is not given. */
  readonly rampEpochs?: number;
}

/**
 * What a program does to the normalized frames [T, F] of an utterance in training; it may change them in place. The same
 * occasion has to give the same frames, or a resumed run is another run: take randomness from `RandomStream`.
 */
export type FrameTransform = (frames: Frames, occasion: Occasion) => Frames;

/** The random numbers of one purpose on one occasion: switching another augmentation on does not change them. */
export function randomFor(purpose: string, { seed, epoch, utterance }: Occasion): RandomStream {
  return new RandomStream(seed, purpose, epoch, utterance);
}

/** Which of `count` variants an utterance takes, uniform over 0 … count − 1. */
export function chooseVariant(count: number, occasion: Occasion): number {
  return count === 1 ? 0 : randomFor("speed", occasion).integer(count);
}
