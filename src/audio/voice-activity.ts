// Where in a recording somebody speaks: the voice activity detector of WebRTC (Gaussian mixtures over six bands; WASM)
// decides on each 10 ms, and its decisions become stretches of speech. A stream first: every chunking gives the same.
// It separates speech from silence and soft noise, not from music or loud noise; it knows nothing of files and words.

/* oxlint-disable no-underscore-dangle -- the names of the C functions */
import type { VoiceModule } from "@echogarden/fvad-wasm";
import { importPackage, wasmOptions } from "../platform/index.ts";
import { parseSettings, z } from "../settings.ts";
import { SAMPLE_RATE_HZ } from "./resample.ts";

export const voiceSettings = z
  .strictObject({
    mode: z
      .int()
      .min(0)
      .max(3)
      .default(2)
      .describe("How strict the detector is: 0 takes most for speech, 3 least (WebRTC)."),
    hangoverMs: z
      .number()
      .min(10)
      .max(10_000)
      .default(300)
      .describe("Speech goes on over pauses shorter than this, in ms."),
    minimumMs: z
      .number()
      .min(0)
      .max(10_000)
      .default(100)
      .describe("Shorter stretches are clicks, not speech, in ms."),
    marginMs: z
      .number()
      .min(0)
      .max(5_000)
      .default(100)
      .describe(
        "Added before and after speech, so that soft sounds stay, in ms; at most half of hangoverMs.",
      ),
  })
  .refine(({ marginMs, hangoverMs }) => 2 * marginMs <= hangoverMs, {
    path: ["marginMs"],
    message: "marginMs must not exceed half of hangoverMs, or stretches of speech would overlap",
  });

export type VoiceSettings = z.output<typeof voiceSettings>;

/** A part of a recording, in ms from its beginning. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** Of each 10 ms as they come, whether there is voice in them; `close` frees its memory. */
export class VoiceFrameStream {
  readonly #detector: FrameDetector;
  readonly #pending = new Float32Array(FRAME_SAMPLES);
  /** Samples of the unfinished frame. */
  #filled = 0;

  private constructor(detector: FrameDetector) {
    this.#detector = detector;
  }

  /** @param mode how strict it is, 0 to 3, as in `voiceSettings` */
  static async open(mode: number): Promise<VoiceFrameStream> {
    return new VoiceFrameStream(new FrameDetector(await detectorModule(), mode));
  }

  /** Samples of the frame that is not complete yet. */
  get filled(): number {
    return this.#filled;
  }

  /** The frames that these samples complete. @param samples mono at 16 kHz, in [-1, 1] */
  push(samples: Float32Array): boolean[] {
    const frames: boolean[] = [];
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + FRAME_SAMPLES - this.#filled);
      this.#pending.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === FRAME_SAMPLES) frames.push(this.#decide());
    }
    return frames;
  }

  /** Ends the recording: the last frame, filled up with silence, if there is one. Another recording may follow. */
  finish(): boolean[] {
    this.#pending.fill(0, this.#filled);
    const frames = this.#filled > 0 ? [this.#decide()] : [];
    this.#detector.reset();
    return frames;
  }

  close(): void {
    this.#detector.close();
  }

  #decide(): boolean {
    this.#filled = 0;
    return this.#detector.isVoice(this.#pending);
  }
}

/** Finds speech in samples as they come; `close` frees its memory. */
export class VoiceStream {
  readonly #frames: VoiceFrameStream;
  readonly #settings: VoiceSettings;
  /** Where the next frame begins. */
  #frameMs = 0;
  /** What is being spoken, without margins. */
  #speech: Stretch | undefined;

  private constructor(frames: VoiceFrameStream, settings: VoiceSettings) {
    this.#frames = frames;
    this.#settings = settings;
  }

  static async open(settings: VoiceSettings): Promise<VoiceStream> {
    return new VoiceStream(await VoiceFrameStream.open(settings.mode), settings);
  }

  /**
   * @param samples mono at 16 kHz, in [-1, 1]
   * @returns the stretches of speech that these end: each comes `hangoverMs` after its last sound
   */
  push(samples: Float32Array): Stretch[] {
    return this.#frames.push(samples).flatMap((isVoice) => this.#take(isVoice));
  }

  /** Ends the recording: the stretch that nothing has ended yet. Another recording may follow, from 0 ms again. */
  finish(): Stretch[] {
    const lengthMs = this.#frameMs + (1000 * this.#frames.filled) / SAMPLE_RATE_HZ;
    const ended = this.#frames.finish().flatMap((isVoice) => this.#take(isVoice));
    ended.push(...this.#end());
    this.#frameMs = 0;
    return ended.map(({ startMs, endMs }) => ({ startMs, endMs: Math.min(endMs, lengthMs) }));
  }

  close(): void {
    this.#frames.close();
  }

  #take(isVoice: boolean): Stretch[] {
    const startMs = this.#frameMs;
    const endMs = startMs + VOICE_FRAME_MS;
    this.#frameMs = endMs;
    if (isVoice) {
      this.#speech = { startMs: this.#speech?.startMs ?? startMs, endMs };
      return [];
    }
    const isOver = this.#speech !== undefined && endMs - this.#speech.endMs >= this.#settings.hangoverMs;
    return isOver ? this.#end() : [];
  }

  #end(): Stretch[] {
    const speech = this.#speech;
    this.#speech = undefined;
    const { minimumMs, marginMs } = this.#settings;
    if (speech === undefined || speech.endMs - speech.startMs < minimumMs) return [];
    return [{ startMs: Math.max(0, speech.startMs - marginMs), endMs: speech.endMs + marginMs }];
  }
}

/**
 * The stretches of a recording in which somebody speaks, in order and apart.
 * @param samples mono at 16 kHz, in [-1, 1]
 */
export async function detectVoice(
  samples: Float32Array,
  settings: VoiceSettings = DEFAULTS,
): Promise<Stretch[]> {
  const stream = await VoiceStream.open(settings);
  try {
    return [...stream.push(samples), ...stream.finish()];
  } finally {
    stream.close();
  }
}

const DEFAULTS = parseSettings(voiceSettings, {}, "voice activity");

/** What lies between stretches of speech, before the first and behind the last included: where a long recording is cut. */
export function pausesBetween(speech: readonly Stretch[], lengthMs: number): Stretch[] {
  const starts = [0, ...speech.map(({ endMs }) => endMs)];
  const ends = [...speech.map(({ startMs }) => startMs), lengthMs];
  return starts
    .map((startMs, index) => ({ startMs, endMs: ends[index] }))
    .filter(({ startMs, endMs }) => endMs > startMs);
}

// ── The detector of WebRTC ──────────────────────────────────────────────────────────────────────────────────────

export const VOICE_FRAME_MS = 10;
const FRAME_SAMPLES = (SAMPLE_RATE_HZ * VOICE_FRAME_MS) / 1000;
const FULL_SCALE = 2 ** 15 - 1;

class FrameDetector {
  readonly #module: VoiceModule;
  readonly #mode: number;
  readonly #state: number;
  readonly #frame: number;

  constructor(module: VoiceModule, mode: number) {
    this.#module = module;
    this.#mode = mode;
    this.#state = module._fvad_new();
    this.#frame = module._malloc(FRAME_SAMPLES * Int16Array.BYTES_PER_ELEMENT);
    this.reset();
  }

  /** Begins anew: what it learned of the noise is forgotten. */
  reset(): void {
    this.#module._fvad_reset(this.#state); // the mode and the rate too
    this.#module._fvad_set_mode(this.#state, this.#mode);
    this.#module._fvad_set_sample_rate(this.#state, SAMPLE_RATE_HZ);
  }

  isVoice(samples: Float32Array): boolean {
    const at = this.#frame / Int16Array.BYTES_PER_ELEMENT;
    for (let n = 0; n < FRAME_SAMPLES; n++) {
      this.#module.HEAP16[at + n] = Math.round(FULL_SCALE * Math.max(-1, Math.min(1, samples[n])));
    }
    return this.#module._fvad_process(this.#state, this.#frame, FRAME_SAMPLES) === 1;
  }

  close(): void {
    this.#module._free(this.#frame);
    this.#module._fvad_free(this.#state);
  }
}

/** A memo, not state: each stream has a state of its own inside it. */
let instance: Promise<VoiceModule> | undefined;

function detectorModule(): Promise<VoiceModule> {
  instance ??= instantiated().catch((error: unknown) => {
    instance = undefined; // the next call tries anew
    throw error;
  });
  return instance;
}

async function instantiated(): Promise<VoiceModule> {
  const { default: instantiate } = await importPackage(() => import("@echogarden/fvad-wasm"));
  return instantiate(wasmOptions("@echogarden/fvad-wasm"));
}
