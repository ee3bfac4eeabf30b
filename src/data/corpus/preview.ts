// What training makes of a recording, for people: on one occasion, as sound and as features, with all that was chosen.
// The choices and their order are those of training for the same seed, epoch and index; nothing is cached.

import {
  computeFeatures,
  cutSilence,
  decodeAudio,
  framesToMeasure,
  measureStatistics,
  normalizeFeatures,
  type FeatureSettings,
  type Frames,
} from "../../audio/index.ts";
import { EarshotError, type Warning } from "../../errors.ts";
import { readWholeFile } from "../../platform/index.ts";
import type { Alphabet, TranscriptPolicy } from "../../text/index.ts";
import { followersOf } from "./followers.ts";
import { labelUtterances, stepsNeeded } from "./prepare.ts";
import { measureTogether } from "./recordings.ts";
import type { PreparedUtterance, SpelledUtterance } from "./utterances.ts";
import type { FeatureStore } from "../features/feature-store.ts";
import { changePace, pacesOf, type Pace } from "../features/pace.ts";
import type { Utterance } from "../manifests/manifest.ts";
import { augment, type AugmentedFrames } from "../augmentation/augment.ts";
import { applyEffects, type Effects, type Sounds } from "../augmentation/effects.ts";
import { drawFollower, type Followers } from "../augmentation/effects/joined.ts";
import { requireFrequencyAxis } from "../augmentation/frames.ts";
import { randomFor, type Occasion } from "../augmentation/occasion.ts";
import type { AugmentationSettings } from "../augmentation/settings.ts";
import { SoundLibrary } from "../augmentation/sound-library.ts";
import { openSounds, type OpenedSounds } from "../augmentation/sounds.ts";

export interface SoundWithFrames {
  /** Mono at 16 kHz. */
  readonly samples: Float32Array;
  /** [T, F], normalized by the recording itself, or by its speech: a picture needs no training set. */
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
  /** When given, a recording keeps the frames that its text needs, as in training, and others may follow it. */
  readonly texts?: PreviewedTexts;
  /** The training set in its order, for babble and for those who follow; empty by default. */
  readonly corpus?: readonly Utterance[];
  /** That of training: two recordings that are longer together are not joined. */
  readonly batchFrames?: number;
  readonly signal?: AbortSignal;
}

export class AugmentationPreview {
  /** Of recordings that augmentation cannot use. */
  readonly warnings: readonly Warning[];
  readonly #settings: AugmentationSettings;
  readonly #features: FeatureSettings;
  readonly #opened: OpenedSounds;
  readonly #options: AugmentationPreviewOptions;
  readonly #store: FeatureStore;
  readonly #library = new SoundLibrary();
  readonly #followers: Followers | undefined;
  /** Those who were to be joined, by their indices; undefined those that training leaves out. */
  readonly #measured = new Map<number, PreparedUtterance | undefined>();

  private constructor(
    settings: AugmentationSettings,
    store: FeatureStore,
    opened: OpenedSounds,
    options: AugmentationPreviewOptions,
  ) {
    this.#settings = settings;
    const normalization = store.settings.normalization === "speech" ? "speech" : "utterance";
    this.#features = { ...store.settings, normalization };
    this.#store = store;
    this.#opened = opened;
    this.#options = options;
    this.#followers = this.#whoFollows();
    this.warnings = opened.warnings;
  }

  /** @throws EarshotError `NO_FREQUENCY_AXIS`; of the noises and rooms; or the signal's reason. */
  static async open(
    settings: AugmentationSettings,
    store: FeatureStore,
    options: AugmentationPreviewOptions = {},
  ): Promise<AugmentationPreview> {
    requireFrequencyAxis(store.settings, settings);
    return new AugmentationPreview(
      settings,
      store,
      await openSounds(settings, store, options.signal),
      options,
    );
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
    let [{ samples }, needed] = [recording, recording.stepsNeeded];
    await this.#measureJoined(occasion);
    const augmented = await augment(
      {
        variants: recording.paces,
        computeFrames: async (pace, effects) => {
          needed = this.#stepsOf(effects) ?? needed;
          samples = await applyEffects(await changePace(recording.samples, pace), effects, this.#library);
          return computeFeatures(samples, this.#features);
        },
        normalize: (frames) => this.#normalize(frames),
        suffices: (frames) => this.#steps(frames) >= needed,
      },
      { settings: this.#settings, features: this.#features, sounds: this.#sounds },
      occasion,
    );
    return { samples, ...augmented };
  }

  get #sounds(): Sounds {
    const babble = this.#options.corpus?.map(({ path }) => path);
    return { ...this.#opened.sounds, babble, joined: this.#followers };
  }

  #whoFollows(): Followers | undefined {
    const { corpus = [], texts, batchFrames = Infinity } = this.#options;
    const { mostSeconds } = this.#settings.joined;
    const limits = { mostSeconds, batchFrames, hopMs: this.#features.hopMs };
    const speakers = corpus.map(({ speaker }) => speaker);
    return texts && followersOf(speakers, (index) => this.#measured.get(index), { ...limits, ...texts });
  }

  /** Only those two are measured whom the draw of this occasion would join: a corpus may be large. */
  async #measureJoined(occasion: Occasion): Promise<void> {
    const { corpus = [], texts } = this.#options;
    const own = occasion.utterance;
    if (!texts || !this.#followers || own >= corpus.length) return;
    const drawn = drawFollower(this.#settings.joined, randomFor("joined", occasion), own, this.#followers);
    for (const index of drawn ? [own, drawn.other] : []) {
      if (this.#measured.has(index)) continue;
      const labeled = this.#label(corpus[index]);
      const options = { store: this.#store, augmentation: this.#settings, ...texts };
      const [outcome] = labeled ? await measureTogether([labeled], options) : [];
      this.#measured.set(index, outcome && "utterance" in outcome ? outcome.utterance : undefined);
    }
  }

  /** Those that the text of two joined recordings needs, or no text. */
  #stepsOf({ joined, wordless }: Effects): number | undefined {
    if (wordless) return 1;
    return joined && this.#options.texts && stepsNeeded(this.#options.texts.alphabet.encode(joined.text));
  }

  #normalize(frames: Frames): Frames {
    const own = measureStatistics([framesToMeasure(frames, this.#features)]); // in the place of the training set's
    return normalizeFeatures(frames, this.#features, own);
  }

  #steps(frames: number): number {
    return this.#options.texts?.outputSteps(frames) ?? frames;
  }

  async #suffices(samples: Float32Array, pace: Pace, needed: number): Promise<boolean> {
    const { frames } = computeFeatures(await changePace(samples, pace), this.#features);
    return this.#steps(frames) >= needed;
  }

  /** 0 where it is not known, as of a text that the alphabet cannot spell. */
  #stepsNeeded(utterance: Utterance): number {
    const labeled = this.#label(utterance);
    return labeled ? stepsNeeded(labeled.labels) : 0;
  }

  #label(utterance: Utterance): SpelledUtterance | undefined {
    const { texts } = this.#options;
    try {
      return texts && labelUtterances([utterance], texts.alphabet, texts.transcript).utterances[0];
    } catch (error) {
      if (error instanceof EarshotError) return undefined;
      throw error;
    }
  }
}
