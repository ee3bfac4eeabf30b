// Noises and rooms as a worker needs them: decoded once and kept, those used last, up to a cap, since decoding and
// resampling a noise takes longer than the features of an utterance.

import { activePower, decodeAudio } from "../../audio/index.ts";
import { readWholeFile } from "../../platform/index.ts";
import type { Library, Sound } from "./effects/effect.ts";

/** 18 minutes of sound, in each worker. */
const CAP_SAMPLES = 2 ** 24;

export class SoundLibrary implements Library {
  /** In the order of their use, oldest first. */
  readonly #sounds = new Map<string, Promise<Sound>>();
  readonly #capSamples: number;

  constructor(capSamples = CAP_SAMPLES) {
    this.#capSamples = capSamples;
  }

  /** @throws the error of the file system or of decoding. */
  async read(path: string): Promise<Sound> {
    const sound = this.#sounds.get(path) ?? decode(path);
    this.#sounds.delete(path);
    this.#sounds.set(path, sound);
    try {
      return await sound;
    } catch (error) {
      this.#sounds.delete(path);
      throw error;
    } finally {
      await this.#evict();
    }
  }

  /** What was read last stays, however long. */
  async #evict(): Promise<void> {
    let samples = 0;
    for (const [index, [path, sound]] of [...this.#sounds].toReversed().entries()) {
      samples += await sound.then(
        (read) => read.samples.length,
        () => 0,
      );
      if (index > 0 && samples > this.#capSamples) this.#sounds.delete(path);
    }
  }
}

async function decode(path: string): Promise<Sound> {
  const { samples } = await decodeAudio(await readWholeFile(path), path);
  return { samples, activePower: activePower(samples) };
}
