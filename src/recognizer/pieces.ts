// Long recordings in pieces: the recurrence runs over a whole utterance in both directions, so an hour in one piece would
// need gigabytes, and networks hear best what is about as long as what they learned from. A piece ends where it is
// quietest: in a pause, unless nobody breathes; an end within a word may cost the word. Knows nothing of models.

import { SAMPLE_RATE_HZ } from "../audio/index.ts";

/** Up to here a recording stays whole: a test set of utterances is heard as it is. */
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

/**
 * The recording as consecutive views of its samples: itself if it is short enough.
 * @param samples mono at 16 kHz
 */
export function cutAtPauses(samples: Float32Array): Float32Array[] {
  if (samples.length <= WHOLE) return [samples];
  const pieces: Float32Array[] = [];
  let rest = samples;
  while (rest.length > LONGEST) {
    const latest = Math.min(LONGEST, rest.length - SHORTEST);
    const cut = SHORTEST + quietestPlace(rest.subarray(SHORTEST, latest));
    pieces.push(rest.subarray(0, cut));
    rest = rest.subarray(cut);
  }
  return [...pieces, rest];
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
