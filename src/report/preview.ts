// The page of `earshot data preview`: recordings as they are and as training would be given them on several occasions, to
// listen to and to look at before hours are spent on them.

import { SAMPLE_RATE_HZ } from "../audio/index.ts";
import type { AugmentationPreview, AugmentedSound, SoundWithFrames, Utterance } from "../data/index.ts";
import { EarshotError } from "../errors.ts";
import { replaceFile } from "../platform/index.ts";
import { pictureUri, soundUri } from "./data-uri.ts";
import { previewPage, type PreviewedSound, type PreviewedUtterance } from "./preview-page.ts";
import { colorScaleOf, framesPicture, soundFrames } from "./spectrogram.ts";

export interface PreviewOptions {
  readonly preview: AugmentationPreview;
  /** Each with its index in the training split: on it depends what is chosen. */
  readonly utterances: readonly { readonly utterance: Utterance; readonly index: number }[];
  /** How often each is augmented: in so many epochs. */
  readonly occasions: number;
  /** The first of them, from 0: behind those in which augmentation grows. */
  readonly firstEpoch: number;
  readonly seed: number;
  /** Written below the title: of what this is a preview. */
  readonly about: string;
  /** Where the page goes. */
  readonly out: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface PreviewResult {
  /** Recordings on the page. */
  readonly utterances: number;
  /** Those that cannot be read; the page names them too. */
  readonly unreadable: readonly EarshotError[];
}

/** At 32 kB each, and a third more as text: 13 MB. */
const MOST_SOUND_SECONDS = 300;

/** @throws an error of the file system; of a noise or room; the signal's reason, leaving a page that is there as it was */
export async function writePreview(options: PreviewOptions): Promise<PreviewResult> {
  const { utterances, out, signal, onProgress } = options;
  const shown: PreviewedUtterance[] = [];
  const unreadable: EarshotError[] = [];
  const show = showing();
  for (const [done, { utterance, index }] of utterances.entries()) {
    signal?.throwIfAborted();
    onProgress?.(done, utterances.length);
    try {
      shown.push({ utterance, sounds: await previewed(utterance, index, options, show) });
    } catch (error) {
      if (!(error instanceof EarshotError)) throw error;
      unreadable.push(error);
    }
  }
  const page = previewPage({ ...options, shown, unreadable: unreadable.map(({ message }) => message) });
  await replaceFile(out, new TextEncoder().encode(page));
  return { utterances: shown.length, unreadable };
}

async function previewed(
  utterance: Utterance,
  index: number,
  { preview, occasions, firstEpoch, seed }: PreviewOptions,
  show: Show,
): Promise<PreviewedSound[]> {
  const recorded = await preview.record(utterance);
  const sounds = [await show(recorded, recorded)];
  for (let epoch = firstEpoch; epoch < firstEpoch + occasions; epoch++) {
    const variant = await preview.augment(recorded, { seed, epoch, utterance: index });
    sounds.push({ ...(await show(variant, recorded, variant)), epoch: epoch + 1 });
  }
  return sounds;
}

type Show = (
  sound: SoundWithFrames,
  recorded: SoundWithFrames,
  variant?: AugmentedSound,
) => Promise<PreviewedSound>;

/** Makes pictures, in the colors of the recording, and players until there is no more room for sound. */
function showing(): Show {
  let soundSeconds = 0;
  return async ({ samples, frames }, recorded, variant) => {
    const seconds = samples.length / SAMPLE_RATE_HZ;
    const fits = soundSeconds + seconds <= MOST_SOUND_SECONDS;
    if (fits) soundSeconds += seconds;
    return {
      variant,
      seconds,
      spectrogram: await pictureUri(
        framesPicture(soundFrames(samples), colorScaleOf(soundFrames(recorded.samples))),
      ),
      features: await pictureUri(framesPicture(frames, colorScaleOf(recorded.frames))),
      sound: fits ? soundUri(samples, SAMPLE_RATE_HZ) : undefined,
    };
  };
}
