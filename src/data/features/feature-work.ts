// What a feature worker does: one recording in, its frames out. Whatever is wrong with a recording is answered as a fault
// that names its file.

import { computeFeatures, cutSilence, decodeAudio, SAMPLE_RATE_HZ } from "../../audio/index.ts";
import { EarshotError, type Fault } from "../../errors.ts";
import { isSystemError, readWholeFile, Transferred } from "../../platform/index.ts";
import { applyEffects } from "../augmentation/effects.ts";
import { SoundLibrary } from "../augmentation/sound-library.ts";
import { RecentlyUsed } from "../recently-used.ts";
import type { ComputedFeatures, ComputedVariant, FeatureJob } from "./feature-job.ts";
import { changePace } from "./pace.ts";
import { recordingFault } from "./recording-fault.ts";

/** Caches: what they hold changes no result. */
const library = new SoundLibrary();
/** Of augmented recordings each epoch computes new features: an hour of them is decoded once, in all workers together. */
const recordings = new RecentlyUsed<Recording>(2 ** 25, ({ sound }) => sound.length);

interface Recording extends Pick<Awaited<ReturnType<typeof decodeAudio>>, "warnings"> {
  /** Without the digital silence around it. */
  readonly sound: Float32Array;
  readonly silentSeconds: number;
}

export const featureWork = {
  /** @throws EarshotError of the recording, or of a noise or room */
  async compute(job: FeatureJob): Promise<Transferred<ComputedFeatures>> {
    try {
      const features = await computeVariants(job);
      const buffers = features.variants.map(({ frames }) => frames.data.buffer as ArrayBuffer);
      return new Transferred(features, buffers);
    } catch (error) {
      throw error instanceof EarshotError ? error : new EarshotError(unreadable(error, job.path));
    }
  },
};
export type FeatureWork = typeof featureWork;

/** The file that an error of the file system names may be that of a noise. */
export function unreadable(error: unknown, path = "a recording"): Fault {
  return recordingFault((isSystemError(error) && error.path) || path, error);
}

async function computeVariants(job: FeatureJob): Promise<ComputedFeatures> {
  const { effects = {}, settings, keepSamples } = job;
  const { recordings, silentSeconds, warnings } = await samplesAtPaces(job);
  const variants: ComputedVariant[] = [];
  for (const samples of recordings) {
    const changed = await applyEffects(samples, effects, library);
    const seconds = changed.length / SAMPLE_RATE_HZ + silentSeconds;
    variants.push({ frames: computeFeatures(changed, settings), seconds, ...(keepSamples && { samples }) });
  }
  return { variants, warnings };
}

/** The samples of the recording at each pace, and how much digital silence was cut off around them. */
async function samplesAtPaces({ path, paces, samples, effects }: FeatureJob) {
  if (samples) return { recordings: [samples], silentSeconds: 0, warnings: [] };
  const isAugmented = Object.keys(effects ?? {}).length > 0;
  const read = () => readRecording(path);
  const { sound, ...rest } = await (isAugmented ? recordings.get(path, read) : read());
  return { recordings: await Promise.all(paces.map((pace) => changePace(sound, pace))), ...rest };
}

async function readRecording(path: string): Promise<Recording> {
  const { samples, warnings } = await decodeAudio(await readWholeFile(path), path);
  const sound = cutSilence(samples).samples;
  return { sound, silentSeconds: (samples.length - sound.length) / SAMPLE_RATE_HZ, warnings };
}
