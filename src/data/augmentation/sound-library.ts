// Noises and rooms as a worker needs them: decoded once and kept, those used last, up to a cap, since decoding and
// resampling a noise takes longer than the features of an utterance.

import { activePower, decodeAudio } from "../../audio/index.ts";
import { readWholeFile } from "../../platform/index.ts";
import { RecentlyUsed } from "../recently-used.ts";
import type { Library, Sound } from "./effects/effect.ts";

/** 18 minutes of sound, in each worker. */
const CAP_SAMPLES = 2 ** 24;

export class SoundLibrary implements Library {
  readonly #sounds: RecentlyUsed<Sound>;

  constructor(capSamples = CAP_SAMPLES) {
    this.#sounds = new RecentlyUsed(capSamples, ({ samples }) => samples.length);
  }

  /** @throws the error of the file system or of decoding. */
  read(path: string): Promise<Sound> {
    return this.#sounds.get(path, () => decode(path));
  }
}

async function decode(path: string): Promise<Sound> {
  const { samples } = await decodeAudio(await readWholeFile(path), path);
  return { samples, activePower: activePower(samples) };
}
