// The microphone as rooms use it: opened, read and turned off, one at a time; where it is stopped while it still opens, nothing is read.

import { loadEarshot, type Microphone } from "../earshot.ts";
import { Store } from "../store.ts";
import { levelDb } from "./level.ts";
import type { MicrophoneLevel } from "./level-meter.tsx";

export interface MicrophoneSound {
  readonly sampleRateHz: number;
  /** Until it is stopped. */
  readonly chunks: AsyncIterable<Float32Array>;
}

export class MicrophoneTurn {
  readonly level = new Store<MicrophoneLevel>({ db: -Infinity });
  #microphone: Microphone | undefined;
  #isStopped = false;

  /** From here on `stop` counts, also before the microphone is asked for. */
  begin(): void {
    this.#isStopped = false;
  }

  /** @returns undefined where it was stopped meanwhile @throws MICROPHONE_REFUSED, NO_MICROPHONE */
  async open(): Promise<MicrophoneSound | undefined> {
    const { openMicrophone } = await loadEarshot();
    if (this.#isStopped) return undefined;
    this.#microphone = await openMicrophone();
    if (this.#isStopped) return undefined;
    return { sampleRateHz: this.#microphone.sampleRateHz, chunks: this.#measured(this.#microphone) };
  }

  /** Also while it opens. */
  stop(): void {
    this.#isStopped = true;
    void this.#microphone?.close();
  }

  /** Turned off, whatever came before. */
  async end(): Promise<void> {
    await this.#microphone?.close();
    this.#microphone = undefined;
    this.level.set({ db: -Infinity });
  }

  async *#measured(microphone: Microphone): AsyncGenerator<Float32Array> {
    for await (const chunk of microphone) {
      this.level.set({ db: levelDb(chunk) });
      yield chunk;
    }
  }
}
