// What training makes of a recording, for people: on one occasion, as sound and as features, with all that was chosen.
// The choices and their order are those of training for the same seed, epoch and index; nothing is cached.

import {
  computeFeatures,
  cutSilence,
  decodeAudio,
  normalizeFeatures,
  type FeatureSettings,
  type Frames,
} from "../../audio/index.ts";
import { EarshotError, type Warning } from "../../errors.ts";
import { readWholeFile } from "../../platform/index.ts";
import type { Alphabet, TranscriptPolicy } from "../../text/index.ts";
import { labelUtterances, stepsNeeded } from "./prepare.ts";
import type { FeatureStore } from "../features/feature-store.ts";
import { changePace, pacesOf, type Pace } from "../features/pace.ts";
import type { Utterance } from "../manifests/manifest.ts";
import { augment, type AugmentedFrames } from "../augmentation/augment.ts";
import { applyEffects } from "../augmentation/effects.ts";
import { requireFrequencyAxis } from "../augmentation/frames.ts";
import type { Occasion } from "../augmentation/occasion.ts";
import type { AugmentationSettings } from "../augmentation/settings.ts";
import { SoundLibrary } from "../augmentation/sound-library.ts";
import { openSounds, type OpenedSounds } from "../augmentation/sounds.ts";

export interface SoundWithFrames {
  /** Mono at 16 kHz. */
  readonly samples: Float32Array;
  /** [T, F], normalized by the recording itself whatever the settings say: a picture needs no training set. */
  readonly frames: Frames;
}

/** A recording as it is, and what its text asks of its variants. */
export interface PreviewedRecording extends SoundWithFrames {
  /** Those that training chooses among. */
  readonly paces: readonly Pace[];
  /** Steps that its text needs; 0 where that is not known, and then its ends are trimmed whatever its text needs. */
  readonly stepsNeeded: number;
}

/** Trimming shows in the frames only: the samples keep their ends. */
export type AugmentedSound = SoundWithFrames & AugmentedFrames<Pace>;

/** What training knows of texts. */
export interface PreviewedTexts {
  readonly alphabet: Alphabet;
  readonly transcript: TranscriptPolicy;
  /** Steps that the network gives for a number of frames. */
  readonly outputSteps: (frames: number) => number;
}

export interface AugmentationPreviewOptions {
  /** When given, a recording keeps the frames that its text needs, as in training. */
  readonly texts?: PreviewedTexts;
  /** Recordings of the corpus in its order, for babble; none by default. */
  readonly voices?: readonly string[];
  readonly signal?: AbortSignal;
}

export class AugmentationPreview {
  /** Of recordings that augmentation cannot use. */
  readonly warnings: readonly Warning[];
  readonly #settings: AugmentationSettings;
  readonly #features: FeatureSettings;
  readonly #opened: OpenedSounds;
  readonly #texts: PreviewedTexts | undefined;
  readonly #library = new SoundLibrary();

  private constructor(
    settings: AugmentationSettings,
    features: FeatureSettings,
    opened: OpenedSounds,
    texts: PreviewedTexts | undefined,
  ) {
    this.#settings = settings;
    this.#features = { ...features, normalization: "utterance" };
    this.#opened = opened;
    this.#texts = texts;
    this.warnings = opened.warnings;
  }

  /** @throws EarshotError `NO_FREQUENCY_AXIS`; of the noises and rooms; or the signal's reason. */
  static async open(
    settings: AugmentationSettings,
    store: FeatureStore,
    { texts, voices = [], signal }: AugmentationPreviewOptions = {},
  ): Promise<AugmentationPreview> {
    requireFrequencyAxis(store.settings, settings);
    const opened = await openSounds(settings, store, signal);
    const withVoices = { ...opened, sounds: { ...opened.sounds, babble: voices } };
    return new AugmentationPreview(settings, store.settings, withVoices, texts);
  }

  /** A recording as it is. @throws the error of the file system or of decoding. */
  async record(utterance: Utterance): Promise<PreviewedRecording> {
    const decoded = await decodeAudio(await readWholeFile(utterance.path), utterance.path);
    const { samples } = cutSilence(decoded.samples);
    const frames = this.#normalize(computeFeatures(samples, this.#features));
    const needed = this.#stepsNeeded(utterance);
    const all = pacesOf(this.#settings);
    if (needed === 0) return { samples, frames, paces: all, stepsNeeded: 0 };
    const long = await Promise.all(all.map((pace) => this.#suffices(samples, pace, needed)));
    const paces = all.filter((_, i) => long[i]);
    if (paces.length > 0) return { samples, frames, paces, stepsNeeded: needed };
    return { samples, frames, paces: all, stepsNeeded: 0 }; // training leaves it out
  }

  /** The same on an occasion. @throws the error of a noise or room that is gone. */
  async augment(recording: PreviewedRecording, occasion: Occasion): Promise<AugmentedSound> {
    let { samples } = recording;
    const augmented = await augment(
      {
        variants: recording.paces,
        computeFrames: async (pace, effects) => {
          samples = await applyEffects(await changePace(recording.samples, pace), effects, this.#library);
          return computeFeatures(samples, this.#features);
        },
        normalize: (frames) => this.#normalize(frames),
        suffices: (frames) => this.#steps(frames) >= recording.stepsNeeded,
      },
      { settings: this.#settings, features: this.#features, sounds: this.#opened.sounds },
      occasion,
    );
    return { samples, ...augmented };
  }

  #normalize(frames: Frames): Frames {
    return normalizeFeatures(frames, this.#features);
  }

  #steps(frames: number): number {
    return this.#texts?.outputSteps(frames) ?? frames;
  }

  async #suffices(samples: Float32Array, pace: Pace, needed: number): Promise<boolean> {
    const { frames } = computeFeatures(await changePace(samples, pace), this.#features);
    return this.#steps(frames) >= needed;
  }

  /** 0 where it is not known, as of a text that the alphabet cannot spell. */
  #stepsNeeded(utterance: Utterance): number {
    if (this.#texts === undefined) return 0;
    try {
      const { utterances } = labelUtterances([utterance], this.#texts.alphabet, this.#texts.transcript);
      return stepsNeeded(utterances[0].labels);
    } catch (error) {
      if (error instanceof EarshotError) return 0;
      throw error;
    }
  }
}
