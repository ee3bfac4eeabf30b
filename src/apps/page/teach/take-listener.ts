// Finds one spoken word in what the microphone hears: it begins when somebody is clearly louder than the background, and ends when it
// has been quiet for a while. Nothing here waits for a network.

import { levelDb } from "../sound/level.ts";
import { joinedSamples } from "../sound/samples.ts";

export type Spoken =
  | { readonly state: "waiting" | "speaking" }
  /** `samples` with a margin of background on both sides; `isCut`: its beginning or its end is missing. */
  | { readonly state: "spoken"; readonly samples: Float32Array; readonly isCut: boolean };

const FRAME_MS = 20;
/** Speech is so much above the background, in dB, and not quieter than this at all. */
const ABOVE_DB = 12;
const LEAST_DB = -55;
/** So much of it in a row is a beginning; so much silence an end; no word lasts longer. */
const BEGIN_MS = 60;
const END_MS = 600;
const LONGEST_MS = 8_000;
/** Kept before the beginning, and of the silence behind the end. */
const BEFORE_MS = 300;
const AFTER_MS = 350;
/** The background is the quietest tenth of the last frames. */
const BACKGROUND_FRAMES = 150;

export class TakeListener {
  readonly #frame: number;
  #frames: Float32Array[] = [];
  #rest = new Float32Array(0);
  #recent: number[] = [];
  /** Frames in a row that were speech, or that were not. */
  #loud = 0;
  #quiet = 0;
  #begin: number | undefined;

  constructor(sampleRateHz: number) {
    this.#frame = Math.round((sampleRateHz * FRAME_MS) / 1000);
  }

  /** @returns the word, once; the listener then begins anew */
  push(samples: Float32Array): Spoken {
    const all = joinedSamples([this.#rest, samples]);
    let at = 0;
    for (; at + this.#frame <= all.length; at += this.#frame) {
      const spoken = this.#take(all.slice(at, at + this.#frame));
      if (spoken) {
        this.#rest = all.slice(at + this.#frame);
        return spoken;
      }
    }
    this.#rest = all.slice(at);
    return { state: this.#begin === undefined ? "waiting" : "speaking" };
  }

  #take(frame: Float32Array): Spoken | undefined {
    this.#frames.push(frame);
    const db = levelDb(frame);
    const isSpeech = db > Math.max(LEAST_DB, this.#backgroundDb() + ABOVE_DB);
    this.#loud = isSpeech ? this.#loud + 1 : 0;
    this.#quiet = isSpeech ? 0 : this.#quiet + 1;
    if (this.#begin === undefined) {
      this.#recent = [...this.#recent, db].slice(-BACKGROUND_FRAMES);
      if (this.#loud * FRAME_MS >= BEGIN_MS) this.#begin = this.#frames.length - this.#loud;
      else this.#frames = this.#frames.slice(-(BEFORE_MS + BEGIN_MS) / FRAME_MS);
      return undefined;
    }
    const lengthMs = (this.#frames.length - this.#begin) * FRAME_MS;
    if (this.#quiet * FRAME_MS >= END_MS) return this.#spoken(false);
    return lengthMs >= LONGEST_MS ? this.#spoken(true) : undefined;
  }

  /** Before anything was heard, a quiet room. */
  #backgroundDb(): number {
    if (this.#recent.length < 5) return -Infinity;
    const sorted = this.#recent.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 10)];
  }

  #spoken(endIsMissing: boolean): Spoken {
    const begin = this.#begin!;
    const dropped = Math.max(0, this.#quiet - AFTER_MS / FRAME_MS);
    const frames = this.#frames.slice(0, this.#frames.length - dropped);
    this.#frames = [];
    [this.#loud, this.#quiet, this.#begin] = [0, 0, undefined];
    return { state: "spoken", samples: joinedSamples(frames), isCut: endIsMissing || begin * FRAME_MS < 60 };
  }
}
