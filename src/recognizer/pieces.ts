// Long recordings in pieces, for networks that need a whole utterance: an hour in one piece would need gigabytes, and a
// network is most accurate on what is about as long as the utterances it learned from. A piece ends at the quietest place
// within reach, which is a pause where there is one; an end within a word may cost the word. Knows nothing of models.

import { joinBlocks, SAMPLE_RATE_HZ } from "../audio/index.ts";

/** Up to here a recording stays whole, as the utterances of a test set should. */
export const WHOLE_SECONDS = 40;

/** Longer pieces have fewer joints; shorter ones are nearer to utterances, and many share a batch. */
export const LONGEST_PIECE_SECONDS = 16;
export const SHORTEST_PIECE_SECONDS = 4;

/** The loudness of a place is that of the pause which it is the middle of. */
const PAUSE_SECONDS = 0.3;
const STEP_SECONDS = 0.01;

const WHOLE = WHOLE_SECONDS * SAMPLE_RATE_HZ;
const LONGEST = LONGEST_PIECE_SECONDS * SAMPLE_RATE_HZ;
const SHORTEST = SHORTEST_PIECE_SECONDS * SAMPLE_RATE_HZ;
const STEP = STEP_SECONDS * SAMPLE_RATE_HZ;
const PAUSE_STEPS = Math.round(PAUSE_SECONDS / STEP_SECONDS);

/** @param length in samples at 16 kHz */
export const isLongRecording = (length: number): boolean => length > WHOLE;

/** Samples into pieces as they come. How they are cut into chunks makes no difference to where the pieces end. */
export class PieceStream {
  #held: Float32Array[] = [];
  #heldLength = 0;
  #isLong = false;

  /**
   * The pieces that are certain: none before the recording is too long to stay whole, then each as soon as what may be
   * the shortest piece follows its latest end.
   * @param samples mono at 16 kHz; pieces are views of them where one chunk holds a whole piece
   */
  push(samples: Float32Array): Float32Array[] {
    this.#held.push(samples);
    this.#heldLength += samples.length;
    this.#isLong ||= isLongRecording(this.#heldLength);
    return this.#isLong ? this.#cut(LONGEST + SHORTEST) : [];
  }

  /** Ends the recording: the last pieces, one at least. */
  finish(): Float32Array[] {
    const pieces = this.#isLong ? this.#cut(LONGEST + 1) : [];
    return [...pieces, joinBlocks(this.#held)];
  }

  /** Cuts while at least so many samples are held. */
  #cut(atLeast: number): Float32Array[] {
    if (this.#heldLength < atLeast) return [];
    const pieces: Float32Array[] = [];
    let rest = joinBlocks(this.#held);
    while (rest.length >= atLeast) {
      const latest = Math.min(LONGEST, rest.length - SHORTEST);
      const end = SHORTEST + quietestPlace(rest.subarray(SHORTEST, latest));
      pieces.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    this.#held = [rest];
    this.#heldLength = rest.length;
    return pieces;
  }
}

/** A whole recording as consecutive views of its samples: itself if it is short enough. @param samples mono at 16 kHz */
export function cutAtPauses(samples: Float32Array): Float32Array[] {
  const stream = new PieceStream();
  return [...stream.push(samples), ...stream.finish()];
}

/** The middle of the quietest pause; of equals the last. */
function quietestPlace(samples: Float32Array): number {
  const sums = energySums(samples);
  let quietest = 0;
  let least = Infinity;
  for (let step = 0; step + PAUSE_STEPS < sums.length; step++) {
    const energy = sums[step + PAUSE_STEPS] - sums[step];
    if (energy > least) continue;
    least = energy;
    quietest = step;
  }
  return (quietest + PAUSE_STEPS / 2) * STEP;
}

/** The energy of the first n steps, for every n. */
function energySums(samples: Float32Array): Float64Array {
  const sums = new Float64Array(Math.floor(samples.length / STEP) + 1);
  for (let step = 1; step < sums.length; step++) {
    let energy = 0;
    for (const sample of samples.subarray((step - 1) * STEP, step * STEP)) energy += sample * sample;
    sums[step] = sums[step - 1] + energy;
  }
  return sums;
}
