// Long recordings in pieces, for networks that need a whole utterance: an hour in one piece would need gigabytes, and a
// network is most accurate on what is like the utterances it learned from. So a piece ends where nobody speaks for a while.
// Where somebody speaks on, it ends at the quietest place within reach, and a network hears it with a second of what lies
// beyond, so that no sound there lacks its surroundings; whose the words are is told in seams.ts. Knows nothing of models.

import { partAtSilence, SAMPLE_RATE_HZ, VOICE_FRAME_MS, VoiceFrameStream } from "../audio/index.ts";
import { joinBlocks } from "../tensor.ts";

/** Up to here a recording stays whole, as the utterances of a test set should. */
export const WHOLE_SECONDS = 40;

/** Of speech without a pause; longer pieces have fewer seams. */
export const LONGEST_PIECE_SECONDS = 16;
export const SHORTEST_PIECE_SECONDS = 4;

/** Of what lies beyond a seam, what goes with a piece. */
export const CONTEXT_SECONDS = 1;

/** The loudness of a place is that of the pause which it is the middle of. */
const PAUSE_SECONDS = 0.3;
const STEP_SECONDS = 0.01; // a frame of the detector of voice

const WHOLE = WHOLE_SECONDS * SAMPLE_RATE_HZ;
const LONGEST = LONGEST_PIECE_SECONDS * SAMPLE_RATE_HZ;
const SHORTEST = SHORTEST_PIECE_SECONDS * SAMPLE_RATE_HZ;
const CONTEXT = CONTEXT_SECONDS * SAMPLE_RATE_HZ;
const STEP = STEP_SECONDS * SAMPLE_RATE_HZ;
const PAUSE_STEPS = Math.round(PAUSE_SECONDS / STEP_SECONDS);

/** How strict the detector of voice is, from 0 to 3. */
const VOICE_MODE = 3;
const FRAME = (SAMPLE_RATE_HZ * VOICE_FRAME_MS) / 1000;
/** Nobody speaks for so long: a pause between utterances, which a piece ends in, however short it is. */
const PAUSE_FRAMES = 300 / VOICE_FRAME_MS;
const LEAST_SPOKEN_FRAMES = 300 / VOICE_FRAME_MS;
const LEAST_FRAMES = 700 / VOICE_FRAME_MS;
/** Against the loudest frame of a piece, 20 dB: what is no voice and yet louder, such as a tone or a hiss, is no pause. */
const QUIET = 0.01;
/** A silence so long before the first speech is a piece of its own. */
const LEADING_SILENCE_FRAMES = 2000 / VOICE_FRAME_MS;

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
  readonly #voices: VoiceFrameStream;
  #held: Float32Array[] = [];
  /** Whether there is voice in each 10 ms, from the beginning of the next piece on. */
  #voice: boolean[] = [];
  /** Places of the first sample held, of the next piece, and after the last sample. */
  #start = 0;
  #from = 0;
  #end = 0;
  #isClosed = false;

  private constructor(voices: VoiceFrameStream) {
    this.#voices = voices;
  }

  static async open(): Promise<PieceStream> {
    return new PieceStream(await VoiceFrameStream.open(VOICE_MODE));
  }

  /**
   * The pieces that are certain: none before the recording is too long to stay whole, then each as soon as what may be
   * the shortest piece follows its latest end.
   * @param samples mono at 16 kHz; pieces are views of them where one chunk holds a whole piece
   */
  push(samples: Float32Array): RecordingPiece[] {
    this.#held.push(samples);
    this.#end += samples.length;
    for (const isVoice of this.#voices.push(samples)) this.#voice.push(isVoice); // no spread: there may be millions
    return isLongRecording(this.#end) ? this.#cut(LONGEST + SHORTEST) : [];
  }

  /** Ends the recording: the last pieces, one at least. */
  finish(): RecordingPiece[] {
    const pieces = isLongRecording(this.#end) ? this.#cut(0) : [];
    const last = { samples: joinBlocks(this.#held), start: this.#start, from: this.#from, to: this.#end };
    this.close();
    return [...pieces, last];
  }

  /** Frees what a stream holds, finished or not. */
  close(): void {
    if (!this.#isClosed) this.#voices.close();
    this.#isClosed = true;
  }

  /** Cuts while at least so many samples have no piece, and there is a place to cut at. */
  #cut(atLeast: number): RecordingPiece[] {
    if (this.#end - this.#from < atLeast) return [];
    const pieces: RecordingPiece[] = [];
    const held = joinBlocks(this.#held);
    const heldFrom = this.#start;
    while (this.#end - this.#from >= atLeast) {
      const rest = held.subarray(this.#from - heldFrom);
      const pause = pauseIn(this.#voice, rest.subarray(0, LONGEST));
      if (pause === undefined && rest.length <= LONGEST) break;
      const latest = Math.min(LONGEST, rest.length - SHORTEST);
      const to = this.#from + (pause ?? SHORTEST + quietestPlace(rest.subarray(SHORTEST, latest)));
      const context = pause === undefined ? CONTEXT : 0;
      const samples = held.subarray(this.#start - heldFrom, to + context - heldFrom);
      pieces.push({ samples, start: this.#start, from: this.#from, to });
      this.#voice = this.#voice.slice(Math.round((to - this.#from) / FRAME));
      this.#from = to;
      this.#start = to - context;
    }
    this.#held = [held.subarray(this.#start - heldFrom)];
    return pieces;
  }
}

/** A whole recording as pieces, views of its samples: itself if it is short enough. @param samples mono at 16 kHz */
export async function cutAtPauses(samples: Float32Array): Promise<RecordingPiece[]> {
  const stream = await PieceStream.open();
  return [...stream.push(samples), ...stream.finish()];
}

/**
 * Where a piece ends in a pause: behind speech, as soon as nobody speaks for so long; before speech, where the piece began with
 * a longer silence.
 * @param voice of each frame, from the beginning of the piece
 * @param samples from there, up to the last place where it may end
 */
function pauseIn(voice: readonly boolean[], samples: Float32Array): number | undefined {
  const sums = energySums(samples);
  const frames = Math.min(sums.length - 1, voice.length);
  let [spoken, silent, loudest] = [0, 0, 0];
  for (let frame = 0; frame < frames; frame++) {
    const energy = sums[frame + 1] - sums[frame];
    loudest = Math.max(loudest, energy);
    const begins = voice[frame] && spoken === 0 && silent >= LEADING_SILENCE_FRAMES;
    if (begins) return (frame - PAUSE_FRAMES / 2) * FRAME;
    if (voice[frame]) spoken++;
    silent = voice[frame] || energy > QUIET * loudest ? 0 : silent + 1;
    const isPause = spoken >= LEAST_SPOKEN_FRAMES && silent >= PAUSE_FRAMES && frame >= LEAST_FRAMES;
    if (isPause) return (frame + 1 - PAUSE_FRAMES / 2) * FRAME;
  }
  return undefined;
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
