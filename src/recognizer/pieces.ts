// Long recordings in pieces, for networks that need a whole utterance: an hour in one piece would need gigabytes, and a
// network is most accurate on what is about as long as the utterances it learned from. A piece ends at the quietest place
// within reach, which is a pause where there is one. A network hears a piece with a second of what lies on either side, so that
// no sound at its edges lacks its surroundings; whose the words there are is told in seams.ts. Knows nothing of models.

import { joinBlocks, partAtSilence, SAMPLE_RATE_HZ } from "../audio/index.ts";

/** Up to here a recording stays whole, as the utterances of a test set should. */
export const WHOLE_SECONDS = 40;

/** Longer pieces have fewer seams; shorter ones are nearer to utterances, and many share a batch. */
export const LONGEST_PIECE_SECONDS = 16;
export const SHORTEST_PIECE_SECONDS = 4;

/** Of the pieces before and after, what goes with a piece. */
export const CONTEXT_SECONDS = 1;

/** The loudness of a place is that of the pause which it is the middle of. */
const PAUSE_SECONDS = 0.3;
const STEP_SECONDS = 0.01;

const WHOLE = WHOLE_SECONDS * SAMPLE_RATE_HZ;
const LONGEST = LONGEST_PIECE_SECONDS * SAMPLE_RATE_HZ;
const SHORTEST = SHORTEST_PIECE_SECONDS * SAMPLE_RATE_HZ;
const CONTEXT = CONTEXT_SECONDS * SAMPLE_RATE_HZ;
const STEP = STEP_SECONDS * SAMPLE_RATE_HZ;
const PAUSE_STEPS = Math.round(PAUSE_SECONDS / STEP_SECONDS);

/** A stretch of a recording; places are in samples from the recording's beginning. */
export interface RecordingPiece {
  /** The piece with its context. */
  readonly samples: Float32Array;
  /** Of the first of `samples`. */
  readonly start: number;
  /** Of the piece itself. */
  readonly from: number;
  /** The first place after it. */
  readonly to: number;
}

/** What a network is given of a piece. */
export interface PieceSound {
  readonly samples: Float32Array;
  readonly start: number;
  /** Whether it goes on into another piece. */
  readonly isJoined: boolean;
}

/** @param length in samples at 16 kHz */
export const isLongRecording = (length: number): boolean => length > WHOLE;

/** Samples into pieces as they come. How they are cut into chunks makes no difference to where the pieces end. */
export class PieceStream {
  #held: Float32Array[] = [];
  /** Places of the first sample held, of the next piece, and after the last sample. */
  #start = 0;
  #from = 0;
  #end = 0;

  /**
   * The pieces that are certain: none before the recording is too long to stay whole, then each as soon as what may be
   * the shortest piece follows its latest end.
   * @param samples mono at 16 kHz; pieces are views of them where one chunk holds a whole piece
   */
  push(samples: Float32Array): RecordingPiece[] {
    this.#held.push(samples);
    this.#end += samples.length;
    return isLongRecording(this.#end) ? this.#cut(LONGEST + SHORTEST) : [];
  }

  /** Ends the recording: the last pieces, one at least. */
  finish(): RecordingPiece[] {
    const pieces = isLongRecording(this.#end) ? this.#cut(LONGEST + 1) : [];
    const last = { samples: joinBlocks(this.#held), start: this.#start, from: this.#from, to: this.#end };
    return [...pieces, last];
  }

  /** Cuts while at least so many samples have no piece. */
  #cut(atLeast: number): RecordingPiece[] {
    if (this.#end - this.#from < atLeast) return [];
    const pieces: RecordingPiece[] = [];
    const held = joinBlocks(this.#held);
    while (this.#end - this.#from >= atLeast) {
      const rest = held.subarray(this.#from - this.#start);
      const latest = Math.min(LONGEST, rest.length - SHORTEST);
      const to = this.#from + SHORTEST + quietestPlace(rest.subarray(SHORTEST, latest));
      const start = Math.max(0, this.#from - CONTEXT);
      const samples = held.subarray(start - this.#start, to + CONTEXT - this.#start);
      pieces.push({ samples, start, from: this.#from, to });
      this.#from = to;
    }
    const start = Math.max(0, this.#from - CONTEXT);
    this.#held = [held.subarray(start - this.#start)];
    this.#start = start;
    return pieces;
  }
}

/** A whole recording as pieces, views of its samples: itself if it is short enough. @param samples mono at 16 kHz */
export function cutAtPauses(samples: Float32Array): RecordingPiece[] {
  const stream = new PieceStream();
  return [...stream.push(samples), ...stream.finish()];
}

/**
 * The sounds of a piece, one at least; what lies between the speech of a recording is no matter of a model, and a sound in the
 * context alone is another piece's.
 * @param samples of the piece, muted
 */
export function soundsOfPiece(
  { start: begin, from, to }: RecordingPiece,
  samples: Float32Array,
): PieceSound[] {
  const sounds = partAtSilence(samples).map((sound) => {
    const [start, end] = [begin + sound.start, begin + sound.start + sound.samples.length];
    return { samples: sound.samples, start, end, isJoined: start < from || end > to };
  });
  const own = sounds.filter(({ start, end }) => start < to && end > from);
  return own.length > 0 ? own : [{ samples: samples.subarray(0, 0), start: from, isJoined: false }];
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
