// A corpus made ready for training: every utterance spelled and measured once when it is opened, then any epoch as a
// stream of batches. What an epoch brings is a pure function of (corpus, seed, epoch), so that training can resume
// anywhere. It does not know the network, only how many steps that gives for a number of frames.

import {
  needsStatistics,
  normalizeFeatures,
  samplesOf,
  standardize,
  type FeatureStatistics,
  type Frames,
} from "../../audio/index.ts";
import { EarshotError, type Warning } from "../../errors.ts";
import {
  addedSamples,
  augment,
  chooseEffects,
  chooseLengthening,
  NO_AUGMENTATION,
  requireFrequencyAxis,
  variantOn,
  type AugmentationPlan,
  type AugmentationSettings,
  type Effects,
  type FrameTransform,
  type Occasion,
  type Sounds,
} from "../augmentation/index.ts";
import { paddedFrames, planBatches } from "./batches.ts";
import { followersOf } from "./followers.ts";
import {
  countsInEpoch,
  indicesInEpoch,
  requireSources,
  withTurns,
  type EpochCounts,
  type Portion,
  type SourceWeights,
} from "./portions.ts";
import type { EpochOptions, InOrderOptions, PlannedBatch, EpochPlanOptions } from "./epoch-options.ts";
import { loadBatches, type Batch, type Sample } from "./loader.ts";
import { asRecorded, stepsNeeded } from "./prepare.ts";
import { hashOfRecordings } from "./recordings-hash.ts";
import { prepareRecordings, type Recordings, type RecordingsOptions } from "./recordings.ts";
import type { RecordedUtterance, Variant } from "./utterances.ts";
import { measureTrainingSet, type TrainingStatistics } from "./training-statistics.ts";
import type { Utterance } from "../manifests/manifest.ts";
import type { DataSettings } from "../settings.ts";

export interface CorpusOptions extends RecordingsOptions {
  readonly settings: Pick<DataSettings, "batchFrames" | "maxUtterances" | "sortaGrad" | "prefetch">;
  /** Applied one after the other behind the augmentation. */
  readonly transforms?: readonly FrameTransform[];
  /** How often an epoch has each utterance of a source; all once by default. */
  readonly weights?: SourceWeights;
  /** Of some utterances that are not the training set's own each epoch has a few. */
  readonly replay?: Replay;
  /**
   * Those of the training set, for utterances that are normalized as a recognizer does it: as of unknown speakers.
   * When absent, these utterances are the training set, and its statistics are measured, if normalization needs them.
   */
  readonly statistics?: FeatureStatistics;
}

export interface Replay {
  readonly utterances: readonly Utterance[];
  /** What part of an epoch's utterances they are, below 1. */
  readonly share: number;
}

export class PreparedCorpus {
  /** The training set's own, the further turns of those that come more than once in an epoch, and those of the replay. */
  readonly utterances: readonly RecordedUtterance[];
  /** How many are the training set's own, each once. */
  readonly own: number;
  /** What an epoch takes of the utterances. */
  readonly #portions: readonly Portion[];
  /** One for each utterance that cannot be learned from: `TOO_FEW_FRAMES`, or why its recording cannot be read. */
  readonly leftOut: readonly Warning[];
  /** What else a user should know: recordings with a damaged end, symbols dropped. */
  readonly warnings: readonly Warning[];
  /** Of the training set; present when normalization needs them. */
  readonly statistics?: FeatureStatistics;
  /**
   * Changes when the utterances, their order, texts or lengths do, or the sounds that they are mixed with: a checkpoint
   * goes with one corpus.
   */
  readonly hash: string;
  readonly #options: CorpusOptions;
  readonly #augmentation: AugmentationSettings;
  readonly #sounds: Sounds;
  readonly #keepSamples: boolean;
  readonly #speakers: ReadonlyMap<string, FeatureStatistics>;

  private constructor(options: CorpusOptions, prepared: Recordings, statistics: Partial<TrainingStatistics>) {
    this.#options = options;
    this.#augmentation = options.augmentation ?? NO_AUGMENTATION;
    this.own = prepared.own;
    const turns = withTurns(prepared, options);
    this.utterances = turns.utterances;
    this.#portions = turns.portions;
    this.leftOut = prepared.leftOut;
    this.warnings = [...prepared.opened.warnings, ...prepared.warnings];
    this.#sounds = { ...prepared.opened.sounds, ...this.#ownSounds() };
    this.#keepSamples = prepared.keepSamples;
    this.statistics = statistics.training;
    this.#speakers = statistics.speakers ?? new Map();
    this.hash = hashOfRecordings(prepared, this.utterances);
  }

  /**
   * Spells all transcripts and measures all recordings at all paces; what is cached is not computed again.
   * @throws EarshotError `EMPTY_CORPUS` when nothing is left to learn from, `UNKNOWN_CORPUS_SOURCE` of the weights; of the augmentation and its sounds, of the transcript
   * policy, of the store.
   */
  static async open(options: CorpusOptions): Promise<PreparedCorpus> {
    requireFrequencyAxis(options.store.settings, options.augmentation ?? NO_AUGMENTATION);
    requireSources(options.utterances, options.weights);
    const prepared = await prepareRecordings(options, options.replay?.utterances);
    if (prepared.own === 0) throw emptyCorpus(prepared.leftOut);
    if (!needsStatistics(options.store.settings)) return new PreparedCorpus(options, prepared, {});
    const statistics = options.statistics
      ? { training: options.statistics }
      : await measureTrainingSet(prepared.utterances, options);
    return new PreparedCorpus(options, prepared, statistics);
  }

  /** Length of the training set's own recordings at the pace nearest to theirs. */
  get seconds(): number {
    const own = this.utterances.slice(0, this.own);
    return own.reduce((sum, { variants }) => sum + asRecorded(variants).seconds, 0);
  }

  get inEpoch(): EpochCounts {
    return countsInEpoch(this.#portions);
  }

  /** The batches of an epoch as lists of indices into `utterances`, in the order in which they train. */
  plan(options: EpochPlanOptions): number[][] {
    return this.planWithSizes(options).map(({ indices }) => indices);
  }

  planWithSizes({
    epoch,
    seed,
    rampEpochs,
    together,
    sortaGrad = this.#options.settings.sortaGrad,
  }: EpochPlanOptions): PlannedBatch[] {
    const { batchFrames, maxUtterances } = this.#options.settings;
    const indices = indicesInEpoch(this.#portions, { seed, epoch });
    const frames = indices.map((utterance) => this.#framesOn({ epoch, seed, utterance, rampEpochs }));
    const batches = planBatches({
      frames,
      batchFrames,
      maxUtterances,
      seed,
      epoch,
      order: sortaGrad && epoch === 0 ? "sorted" : "shuffled",
      largestFirst: epoch === 0,
      together,
    });
    return batches.map((batch) => ({
      indices: batch.map((place) => indices[place]),
      frames: paddedFrames(batch, frames),
    }));
  }

  /** The batches of an epoch of training, augmented. */
  epoch(options: EpochOptions): AsyncGenerator<Batch, void, undefined> {
    const { epoch, seed, rampEpochs, from, takes, onLost, signal, plan = this.plan(options) } = options;
    const load = (utterance: number, stop: AbortSignal): Promise<Sample> =>
      this.augment({ seed, epoch, utterance, rampEpochs }, stop);
    return this.#batches(plan, load, { from, takes, onLost, signal });
  }

  /** Every utterance once, as recorded, from short to long: for measuring. @param share one of so many shares, from 0 */
  inOrder({ signal, share = [0, 1] }: InOrderOptions = {}): AsyncGenerator<Batch, void, undefined> {
    const { store, settings } = this.#options;
    const { batchFrames, maxUtterances } = settings;
    const frames = this.utterances.map(({ variants }) => asRecorded(variants).frames);
    const plan = planBatches({ frames, batchFrames, maxUtterances, seed: 0, epoch: 0, order: "sorted" });
    const load = async (index: number, stop: AbortSignal): Promise<Sample> => {
      const utterance = this.utterances[index];
      const variant = asRecorded(utterance.variants);
      const frames = this.#normalize(utterance, await store.frames(utterance, variant, stop));
      return { frames, labels: utterance.labels, seconds: variant.seconds };
    };
    const [own, shares] = share;
    return this.#batches(plan, load, { takes: (position) => position % shares === own, signal });
  }

  /**
   * What is said on an occasion: where another utterance follows in the same recording, the text and length of both; nothing
   * where noise alone is learned.
   */
  said(occasion: Occasion): RecordedUtterance {
    const utterance = this.utterances[occasion.utterance];
    const { variant, effects } = this.#chosen(occasion);
    if (effects.wordless) return { ...utterance, text: "", labels: new Int32Array(0) };
    if (!effects.joined) return utterance;
    const { text, frames, seconds, path: followedBy } = effects.joined;
    const labels = this.#options.alphabet.encode(text, utterance.where);
    return { ...utterance, text, labels, variants: [{ ...variant, frames, seconds }], followedBy };
  }

  #chosen(occasion: Occasion): { readonly variant: Variant; readonly effects: Effects } {
    const variant = variantOn(this.utterances[occasion.utterance].variants, occasion);
    return { variant, effects: chooseEffects(this.#augmentation, this.#sounds, occasion, variant) };
  }

  /** As many as an utterance has on an occasion, at most: trimming is decided when its frames are there. */
  #framesOn(occasion: Occasion): number {
    const variant = variantOn(this.utterances[occasion.utterance].variants, occasion);
    const added = addedSamples(chooseLengthening(this.#augmentation, this.#sounds, occasion, variant));
    return (
      variant.frames +
      Math.ceil(added / samplesOf(this.#options.store.settings.hopMs)) +
      this.#augmentation.delayFrames
    );
  }

  /** An utterance as training takes it on an occasion. */
  async augment(occasion: Occasion, signal?: AbortSignal): Promise<Sample> {
    const { outputSteps } = this.#options;
    const utterance = this.said(occasion);
    const { labels } = utterance;
    const needed = stepsNeeded(labels);
    const source = {
      variants: utterance.variants,
      computeFrames: (variant: Variant, effects: Effects) =>
        this.#computeFrames(utterance, variant, effects, signal),
      normalize: (frames: Frames) => this.#normalize(utterance, frames),
      suffices: (frames: number) => outputSteps(frames) >= needed,
    };
    const { frames, variant } = await augment(source, this.#plan, occasion);
    return { frames, labels, seconds: variant.seconds };
  }

  /** What effects take of the corpus itself. */
  #ownSounds(): Sounds {
    const { store, settings, alphabet, outputSteps } = this.#options;
    const { mostSeconds } = this.#augmentation.joined;
    const limits = { mostSeconds, batchFrames: settings.batchFrames, hopMs: store.settings.hopMs };
    const speakers = this.utterances.map(({ speaker }) => speaker);
    const at = (index: number) => this.utterances[index];
    return {
      babble: this.utterances.map(({ path }) => path),
      joined: followersOf(speakers, at, { ...limits, alphabet, outputSteps }),
    };
  }

  get #plan(): AugmentationPlan {
    const { store, transforms } = this.#options;
    return { settings: this.#augmentation, features: store.settings, sounds: this.#sounds, transforms };
  }

  async #computeFrames(
    utterance: RecordedUtterance,
    variant: Variant,
    effects: Effects,
    signal?: AbortSignal,
  ): Promise<Frames> {
    const { store } = this.#options;
    if (Object.keys(effects).length === 0) return store.frames(utterance, variant, signal);
    return store.framesAfter(effects, utterance, variant, { keepSamples: this.#keepSamples, signal });
  }

  #normalize({ speaker }: RecordedUtterance, frames: Frames): Frames {
    const known = this.#speakers.get(speaker);
    return known
      ? standardize(frames, known)
      : normalizeFeatures(frames, this.#options.store.settings, this.statistics);
  }

  #batches(
    plan: readonly (readonly number[])[],
    load: (index: number, signal: AbortSignal) => Promise<Sample>,
    options: Pick<EpochOptions, "from" | "takes" | "onLost" | "signal">,
  ): AsyncGenerator<Batch, void, undefined> {
    const { prefetch } = this.#options.settings;
    return loadBatches({ plan, load, prefetch, clock: () => performance.now(), ...options });
  }
}

function emptyCorpus(leftOut: readonly Warning[]): EarshotError {
  return new EarshotError({
    code: "EMPTY_CORPUS",
    problem:
      leftOut.length > 0
        ? `All ${leftOut.length} utterances were left out; the first: ${leftOut[0].message}`
        : "There are no utterances.",
    remedy:
      "Check the manifest: its split names, its paths, and that each transcript belongs to its recording.",
  });
}
