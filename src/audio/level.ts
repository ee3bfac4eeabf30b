// Every recording at one level: a microphone's distance and gain say nothing about the words. Needs the whole recording,
// since a level is known when it ends. Knows nothing of frames.

import { normalizePower } from "./mixing.ts";

/** −26 dB below full scale: the nominal active speech level of telephone transmission (ITU-T P.56). */
const AMPLITUDE = 10 ** (-26 / 20);

/** Holds samples until the recording ends, and gives them back at the level of all others; silence stays silent. */
export class LevelStream {
  #held: Float32Array[] = [];

  push(samples: Float32Array): void {
    this.#held.push(samples.slice());
  }

  /** Ends the recording: all its samples. */
  finish(): Float32Array {
    const samples = new Float32Array(this.#held.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.#held) {
      samples.set(part, at);
      at += part.length;
    }
    this.#held = [];
    return normalizePower(samples, AMPLITUDE ** 2);
  }
}
