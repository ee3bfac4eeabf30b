// The recordings of a corpus, found and measured at every pace, before any epoch: what cannot be read or learned is left
// out by name, and what augmentation mixes in is opened. It keeps no features; the store does.

import { EarshotError, type Warning } from "../../errors.ts";
import { sha256 } from "../../platform/index.ts";
import type { Alphabet, TranscriptPolicy } from "../../text/index.ts";
import { NO_AUGMENTATION, type AugmentationSettings } from "../augmentation/index.ts";
import { openSounds, type OpenedSounds } from "../augmentation/sounds.ts";
import { roomInCache } from "./cache-room.ts";
import { mapConcurrently } from "../concurrency.ts";
import type { FeatureStore, Recording } from "../features/feature-store.ts";
import type { Utterance } from "../manifests/manifest.ts";
import { pacesOf } from "../features/pace.ts";
import { keepLearnable, labelUtterances, type LabeledUtterance, type PreparedUtterance } from "./prepare.ts";

export interface RecordingsOptions {
  readonly store: FeatureStore;
  readonly utterances: readonly Utterance[];
  readonly alphabet: Alphabet;
  readonly transcript: TranscriptPolicy;
  /** None by default: recordings for measuring are taken as they are. */
  readonly augmentation?: AugmentationSettings;
  /** Steps that the network gives for a number of frames. */
  readonly outputSteps: (frames: number) => number;
  /** Called after each recording, once it is measured at every pace. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export type RecordedUtterance = PreparedUtterance & Recording;

export interface Recordings {
  readonly opened: OpenedSounds;
  readonly utterances: RecordedUtterance[];
  /** How many of them are not of the replay, which is behind. */
  readonly own: number;
  readonly leftOut: Warning[];
  readonly warnings: Warning[];
  /** Whether samples fit into the cache beside all features: else each would push out the next. */
  readonly keepSamples: boolean;
}

/** Enough for no thread to wait for work, and for the file system to be asked of several at once where nothing is to be computed. */
const UNDER_WAY = 32;

/** @throws EarshotError of the sounds, of the transcript policy, of the store. */
export async function prepareRecordings(
  options: RecordingsOptions,
  replay: readonly Utterance[] = [],
): Promise<Recordings> {
  const labeled = labelUtterances([...options.utterances, ...replay], options.alphabet, options.transcript);
  const total = labeled.utterances.length;
  const opened = await openSounds(options.augmentation ?? NO_AUGMENTATION, options.store, options.signal);
  const prepared = {
    opened,
    utterances: new Array<RecordedUtterance>(),
    leftOut: new Array<Warning>(),
    warnings: [...labeled.warnings],
  };
  let done = 0;
  const outcomes = await mapConcurrently(labeled.utterances, UNDER_WAY, async (utterance) => {
    const outcome = await measureUtterance(utterance, options);
    options.onProgress?.(++done, total);
    return outcome;
  });
  let own = 0;
  for (const [index, outcome] of outcomes.entries()) {
    prepared.warnings.push(...outcome.warnings);
    if ("leftOut" in outcome) prepared.leftOut.push(outcome.leftOut);
    else prepared.utterances.push(outcome.utterance);
    if (index < options.utterances.length) own = prepared.utterances.length;
  }
  const room = roomInCache(prepared.utterances, options.store);
  prepared.warnings.push(...room.warnings);
  return { ...prepared, own, keepSamples: room.forSamples };
}

export type UtteranceOutcome = { readonly warnings: readonly Warning[] } & (
  { readonly utterance: RecordedUtterance } | { readonly leftOut: Warning }
);

/** Finds a recording, and its variants that are long enough for its text. @throws EarshotError of the store when it is closed */
export async function measureUtterance(
  utterance: LabeledUtterance,
  options: Pick<RecordingsOptions, "store" | "signal" | "outputSteps" | "augmentation">,
): Promise<UtteranceOutcome> {
  const { store, signal, outputSteps, augmentation = NO_AUGMENTATION } = options;
  try {
    const recording = await store.locate(utterance.path);
    const paces = pacesOf(augmentation);
    const lengths = await store.measure(recording, paces, signal);
    const warnings = lengths[0].warnings.map((warning) => at(utterance, warning)); // the same at every pace
    const variants = lengths.map(({ frames, seconds }, i) => ({ ...paces[i], frames, seconds }));
    const kept = keepLearnable(utterance, variants, { outputSteps, hopMs: store.settings.hopMs });
    if (!("variants" in kept)) return { warnings, leftOut: kept };
    return { warnings, utterance: { ...kept, ...recording } };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof EarshotError) || error.code === "FEATURE_POOL_CLOSED") throw error;
    return {
      warnings: [],
      leftOut: at(utterance, { code: error.code, message: `${error.message} Left out.` }),
    };
  }
}

function at({ where }: Utterance, { code, message }: Warning): Warning {
  return { code, message: `${where}: ${message}` };
}

/** Of the utterances, their order, texts and lengths, and the sounds that they are mixed with. */
export function hashOfRecordings(
  { own, opened }: Recordings,
  utterances: readonly RecordedUtterance[],
): string {
  const hash = sha256().update(opened.digest);
  if (own < utterances.length) hash.update(`own: ${own}`);
  for (const { labels, variants } of utterances) {
    hash.update(
      JSON.stringify([[...labels], variants.map(({ speed, tempo, frames }) => [speed, tempo, frames])]),
    );
  }
  return hash.digest();
}
