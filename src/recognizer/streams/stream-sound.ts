// The sound of a stream as it comes: brought to the models' rate, with what utterances are found by: whether there is voice in
// each 10 ms, and how loud they are. What lies far back is forgotten.

import {
  LEVEL_HOP_MS,
  ResampleStream,
  SAMPLE_RATE_HZ,
  SoundLevelStream,
  VOICE_FRAME_MS,
  VoiceFrameStream,
} from "../../audio/index.ts";
import type { SoundLevels } from "../../audio/index.ts";
import type { StreamSettings } from "./stream-settings.ts";

/** So much before an utterance tells its noise (sounds.ts). */
const HISTORY_MS = 4_000;

export class StreamSound {
  readonly #resampler: ResampleStream;
  readonly #voiceStream: VoiceFrameStream;
  readonly #levels = new SoundLevelStream();
  /** Of each frame that is held. */
  #voice: boolean[] = [];
  #framesDropped = 0;
  #samples = 0;
  #isClosed = false;

  private constructor(resampler: ResampleStream, voice: VoiceFrameStream) {
    this.#resampler = resampler;
    this.#voiceStream = voice;
  }

  static async open({ sampleRateHz, endpoints }: StreamSettings): Promise<StreamSound> {
    const voice = await VoiceFrameStream.open(endpoints.voiceMode);
    return new StreamSound(await ResampleStream.open(sampleRateHz, SAMPLE_RATE_HZ), voice);
  }

  /** So far, at the models' rate. */
  get lengthMs(): number {
    return (1000 * this.#samples) / SAMPLE_RATE_HZ;
  }

  /** Frames so far, of `VOICE_FRAME_MS`. */
  get frames(): number {
    return this.#framesDropped + this.#voice.length;
  }

  /** The samples at the models' rate that these make certain. */
  push(samples: Float32Array): Float32Array {
    return this.#take(this.#resampler.push(samples));
  }

  /** The last ones; frees what the stream holds. */
  finish(): Float32Array {
    const rest = this.#take(this.#resampler.finish());
    this.#voice.push(...this.#voiceStream.finish());
    this.close();
    return rest;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#resampler.close();
    this.#voiceStream.close();
  }

  /** Whether there is voice in some frame of this time. */
  hasVoice(startMs: number, endMs: number): boolean {
    const from = Math.floor(startMs / VOICE_FRAME_MS) - this.#framesDropped;
    const to = Math.ceil(endMs / VOICE_FRAME_MS) - this.#framesDropped;
    return this.#voice.slice(Math.max(0, from), Math.max(0, to)).includes(true);
  }

  /** A copy of the levels of this time and of shortly before it, and where they begin. */
  levelsAround(
    startMs: number,
    endMs: number,
  ): { readonly levels: SoundLevels; readonly levelsStartMs: number } {
    const first = Math.max(0, Math.floor((startMs - HISTORY_MS) / LEVEL_HOP_MS));
    const { all, high } = this.#levels.levels();
    const from = Math.max(0, first - this.#levels.dropped);
    const to = Math.ceil(endMs / LEVEL_HOP_MS) - this.#levels.dropped;
    const levels = { all: all.slice(from, to), high: high.slice(from, to) };
    return { levels, levelsStartMs: (from + this.#levels.dropped) * LEVEL_HOP_MS };
  }

  /** Nothing before this time will be asked for, but the noise shortly before it. */
  forgetBefore(ms: number): void {
    this.#levels.dropBefore(Math.floor((ms - HISTORY_MS) / LEVEL_HOP_MS));
    const excess = Math.floor(ms / VOICE_FRAME_MS) - this.#framesDropped;
    if (2 * excess < this.#voice.length) return;
    this.#voice = this.#voice.slice(excess);
    this.#framesDropped += excess;
  }

  #take(samples: Float32Array): Float32Array {
    this.#samples += samples.length;
    this.#levels.push(samples);
    for (const isVoice of this.#voiceStream.push(samples)) this.#voice.push(isVoice);
    return samples;
  }
}

/** Whole samples at the models' rate. */
export const samplesIn = (ms: number): number => Math.round((ms * SAMPLE_RATE_HZ) / 1000);
