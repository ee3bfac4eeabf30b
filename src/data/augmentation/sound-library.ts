// Noises and rooms as a worker needs them: decoded once and kept, those used last, up to a cap, since decoding and
// resampling a noise takes longer than the features of an utterance.

import { activePower, decodeAudio } from "../../audio/index.ts";
import { readWholeFile } from "../../platform/index.ts";
import type { Library, Sound } from "./effects/effect.ts";

/** 18 minutes of sound, in each worker. */
const CAP_SAMPLES = 2 ** 24;

interface Kept {
  readonly sound: Promise<Sound>;
  /** Its length, 0 until it is decoded. */
  samples: number;
}

export class SoundLibrary implements Library {
  /** In the order of their use, oldest first. */
  readonly #sounds = new Map<string, Kept>();
  readonly #capSamples: number;

  constructor(capSamples = CAP_SAMPLES) {
    this.#capSamples = capSamples;
  }

  /** @throws the error of the file system or of decoding. */
  async read(path: string): Promise<Sound> {
    const kept = this.#sounds.get(path) ?? { sound: decode(path), samples: 0 };
    this.#sounds.delete(path);
    this.#sounds.set(path, kept);
    try {
      const sound = await kept.sound;
      kept.samples = sound.samples.length;
      return sound;
    } catch (error) {
      this.#sounds.delete(path);
      throw error;
    } finally {
      this.#evict();
    }
  }

  /** What was read last stays, however long. */
  #evict(): void {
    let sum = 0;
    for (const [index, [path, { samples }]] of [...this.#sounds].toReversed().entries()) {
      sum += samples;
      if (index > 0 && sum > this.#capSamples) this.#sounds.delete(path);
    }
  }
}

async function decode(path: string): Promise<Sound> {
  const { samples } = await decodeAudio(await readWholeFile(path), path);
  return { samples, activePower: activePower(samples) };
}
