// The recordings of a corpus, found and measured at every pace, before any epoch: what cannot be read or learned is left
// out by name, and what augmentation mixes in is opened. It keeps no features; the store does.

import { EarshotError, type Warning } from "../../errors.ts";
import type { Alphabet, TranscriptPolicy } from "../../text/index.ts";
import { NO_AUGMENTATION, type AugmentationSettings } from "../augmentation/index.ts";
import { openSounds, type OpenedSounds } from "../augmentation/sounds.ts";
import { roomInCache } from "./cache-room.ts";
import { mapConcurrently } from "../concurrency.ts";
import type { FeatureStore } from "../features/feature-store.ts";
import type { RecordingLength } from "../features/length-index.ts";
import { pacesOf, type Pace } from "../features/pace.ts";
import { locateRecordings, type Recording } from "../features/recording.ts";
import type { Utterance } from "../manifests/manifest.ts";
import { keepLearnable, labelUtterances } from "./prepare.ts";
import type { RecordedUtterance, SpelledUtterance, Variant } from "./utterances.ts";

export interface RecordingsOptions {
  readonly store: FeatureStore;
  readonly utterances: readonly Utterance[];
  readonly alphabet: Alphabet;
  readonly transcript: TranscriptPolicy;
  /** None by default: recordings for measuring are taken as they are. */
  readonly augmentation?: AugmentationSettings;
  /** Steps that the network gives for a number of frames. */
  readonly outputSteps: (frames: number) => number;
  /** Called after each recording that is measured at every pace, and after some thousands whose lengths are known. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

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

/** Looked up together: so many objects die young. */
const PART = 4096;

/** @throws EarshotError of the sounds, of the transcript policy, of the store. */
export async function prepareRecordings(
  options: RecordingsOptions,
  replay: readonly Utterance[] = [],
): Promise<Recordings> {
  const labeled = labelUtterances([...options.utterances, ...replay], options.alphabet, options.transcript);
  const opened = await openSounds(options.augmentation ?? NO_AUGMENTATION, options.store, options.signal);
  const prepared = {
    opened,
    utterances: new Array<RecordedUtterance>(),
    leftOut: new Array<Warning>(),
    warnings: [...labeled.warnings],
  };
  const total = labeled.utterances.length;
  let own = 0;
  for (let start = 0; start < total; start += PART) {
    const part = labeled.utterances.slice(start, start + PART);
    const told = (done: number) => options.onProgress?.(start + done, total);
    for (const [i, outcome] of (await measureTogether(part, options, told)).entries()) {
      for (const warning of outcome.warnings) prepared.warnings.push(warning);
      if ("leftOut" in outcome) prepared.leftOut.push(outcome.leftOut);
      else prepared.utterances.push(outcome.utterance);
      if (start + i < options.utterances.length) own = prepared.utterances.length;
    }
  }
  const room = roomInCache(prepared.utterances, options.store);
  prepared.warnings.push(...room.warnings);
  return { ...prepared, own, keepSamples: room.forSamples };
}

export type UtteranceOutcome = { readonly warnings: readonly Warning[] } & (
  { readonly utterance: RecordedUtterance } | { readonly leftOut: Warning }
);

type MeasuringOptions = Pick<RecordingsOptions, "store" | "signal" | "outputSteps" | "augmentation">;

/** Enough for no thread to wait for work. */
const UNDER_WAY = 32;

/** Finds recordings, and their variants that are long enough for their texts. @throws EarshotError of the store when it is closed */
export async function measureTogether(
  utterances: readonly SpelledUtterance[],
  options: MeasuringOptions,
  onProgress?: (done: number) => void,
): Promise<UtteranceOutcome[]> {
  const paces = pacesOf(options.augmentation ?? NO_AUGMENTATION);
  const found = await locateRecordings(utterances.map(({ path }) => path));
  options.signal?.throwIfAborted();
  const outcomes = utterances.map((utterance, i) => outcomeAtOnce(utterance, found[i], paces, options));
  const unknown = [...outcomes.keys()].filter((i) => outcomes[i] === undefined);
  let done = utterances.length - unknown.length;
  if (done > 0) onProgress?.(done);
  await mapConcurrently(unknown, UNDER_WAY, async (i) => {
    outcomes[i] = await outcomeOfMeasuring(utterances[i], found[i] as Recording, paces, options);
    onProgress?.(++done);
  });
  return outcomes as UtteranceOutcome[];
}

/** Undefined of a recording whose lengths are not known yet. */
function outcomeAtOnce(
  utterance: SpelledUtterance,
  found: Recording | EarshotError,
  paces: readonly Pace[],
  options: MeasuringOptions,
): UtteranceOutcome | undefined {
  if (found instanceof EarshotError) return withoutRecording(utterance, found);
  const lengths = options.store.known(found, paces);
  return lengths && outcomeOf(utterance, found, paces, lengths, options);
}

async function outcomeOfMeasuring(
  utterance: SpelledUtterance,
  recording: Recording,
  paces: readonly Pace[],
  options: MeasuringOptions,
): Promise<UtteranceOutcome> {
  const { store, signal } = options;
  try {
    const lengths = await store.measure(recording, paces, signal);
    return outcomeOf(utterance, recording, paces, lengths, options);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof EarshotError) || error.code === "FEATURE_POOL_CLOSED") throw error;
    return withoutRecording(utterance, error);
  }
}

function outcomeOf(
  utterance: SpelledUtterance,
  recording: Recording,
  paces: readonly Pace[],
  lengths: readonly RecordingLength[],
  { store, outputSteps }: MeasuringOptions,
): UtteranceOutcome {
  const warnings = lengths[0].warnings.map((warning) => at(utterance, warning)); // the same at every pace
  const variants = lengths.map(({ frames, seconds }, i): Variant => {
    const { speed, tempo } = paces[i];
    return { speed, tempo, frames, seconds };
  });
  const kept = keepLearnable(utterance, variants, { outputSteps, hopMs: store.settings.hopMs });
  if (!("variants" in kept)) return { warnings, leftOut: kept };
  return { warnings, utterance: utterance.measured(recording, kept.variants) };
}

const withoutRecording = (utterance: Utterance, { code, message }: EarshotError): UtteranceOutcome => ({
  warnings: [],
  leftOut: at(utterance, { code, message: `${message} Left out.` }),
});

function at({ where }: Utterance, { code, message }: Warning): Warning {
  return { code, message: `${where}: ${message}` };
}
