// What training would hear, for people: one recording on one occasion, as sound and as features, with all that was chosen.
// The choices are those of training for the same seed, epoch and index; nothing is cached.

import {
  computeFeatures,
  decodeAudio,
  normalizeFeatures,
  type FeatureSettings,
  type Frames,
} from "../../audio/index.ts";
import type { Warning } from "../../errors.ts";
import { readWholeFile } from "../../platform/index.ts";
import type { FeatureStore } from "../features/feature-store.node.ts";
import { changePace, pacesOf, type Pace } from "../features/pace.ts";
import { chooseTrim, trimFrames } from "./trim.ts";
import { applyEffects, chooseEffects, type Effects } from "./effects.ts";
import {
  chooseVocalTract,
  delayFeatures,
  maskFeatures,
  requireFrequencyAxis,
  varySpectrum,
} from "./frames.ts";
import { chooseVariant, type Occasion } from "./occasion.ts";
import type { AugmentationSettings } from "./settings.ts";
import { SoundLibrary } from "./sound-library.ts";
import { openSounds, type OpenedSounds } from "./sounds.node.ts";

export interface Heard {
  /** Mono at 16 kHz. */
  readonly samples: Float32Array;
  /** [T, F], normalized by the recording itself whatever the settings say: a picture needs no training set. */
  readonly frames: Frames;
}

export interface HeardVariant extends Heard {
  readonly pace: Pace;
  readonly effects: Effects;
  /** Factor of the frequency axis; 1 = as it is. */
  readonly vocalTract: number;
  /** Frames cut off at its ends; its samples still have them, and training keeps them where the text needs them. */
  readonly trimmedFrames: number;
  /** Silent frames before the utterance. */
  readonly delayFrames: number;
}

export class AugmentationPreview {
  /** Of recordings that augmentation cannot use. */
  readonly warnings: readonly Warning[];
  readonly #settings: AugmentationSettings;
  readonly #features: FeatureSettings;
  readonly #opened: OpenedSounds;
  readonly #library = new SoundLibrary();

  private constructor(settings: AugmentationSettings, features: FeatureSettings, opened: OpenedSounds) {
    this.#settings = settings;
    this.#features = { ...features, normalization: "utterance" };
    this.#opened = opened;
    this.warnings = opened.warnings;
  }

  /** @throws EarshotError `NO_FREQUENCY_AXIS`; of the noises and rooms; or the signal's reason. */
  static async open(
    settings: AugmentationSettings,
    store: FeatureStore,
    signal?: AbortSignal,
  ): Promise<AugmentationPreview> {
    requireFrequencyAxis(store.settings, settings);
    return new AugmentationPreview(settings, store.settings, await openSounds(settings, store, signal));
  }

  /** A recording as it is. @throws the error of the file system or of decoding. */
  async recorded(path: string): Promise<Heard> {
    const { samples } = await decodeAudio(await readWholeFile(path), path);
    const frames = computeFeatures(samples, this.#features);
    return { samples, frames: normalizeFeatures(frames, this.#features) };
  }

  /** The same on an occasion. @param recorded mono at 16 kHz @throws the error of a noise or room that is gone. */
  async variant(recorded: Float32Array, occasion: Occasion): Promise<HeardVariant> {
    const settings = this.#settings;
    const paces = pacesOf(settings);
    const pace = paces[chooseVariant(paces.length, occasion)];
    const effects = chooseEffects(settings, this.#opened.sounds, occasion);
    const samples = await applyEffects(await changePace(recorded, pace), effects, this.#library);
    const computed = computeFeatures(samples, this.#features);
    const varied = varySpectrum(computed, this.#features, settings, occasion);
    const trim = chooseTrim(varied, this.#features, settings, occasion);
    const trimmed = trimFrames(varied, trim);
    const frames = delayFeatures(normalizeFeatures(trimmed, this.#features), settings, occasion);
    maskFeatures(frames.data, frames.size, settings, occasion);
    return {
      samples,
      frames,
      pace,
      effects,
      vocalTract: chooseVocalTract(settings, occasion),
      trimmedFrames: computed.frames - trimmed.frames,
      delayFrames: frames.frames - trimmed.frames,
    };
  }
}
