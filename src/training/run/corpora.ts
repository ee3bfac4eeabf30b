// The splits that a run learns from and is measured on, prepared as its settings say, and the warnings about them.

import { FeatureStore, PreparedCorpus, type FrameTransform, type Utterance } from "../../data/index.ts";
import { EarshotError, type Warning } from "../../errors.ts";
import { outputSteps } from "../../network/index.ts";
import type { OnEvent } from "../events.ts";
import { networkOf } from "../step/network-of.ts";
import type { TrainingSettings } from "../settings.ts";
import { replayOf } from "./other-manifests.ts";

export interface CorpusRequest {
  readonly settings: TrainingSettings;
  /** Applied to the frames of training, behind the augmentation of the settings. */
  readonly transforms?: readonly FrameTransform[];
  readonly emit: OnEvent;
  readonly signal?: AbortSignal;
}

/** What a run learns from, and is measured on. */
export interface RunData {
  readonly train: PreparedCorpus;
  readonly dev: PreparedCorpus | undefined;
  /** Closes what was opened for the run alone. */
  readonly close?: () => Promise<void>;
}

/** Prepares both splits for one run, with a feature store of its own. */
export const openRunData =
  (utterances: readonly Utterance[]) =>
  async (request: CorpusRequest): Promise<RunData> => {
    const store = await openStore(request);
    const close = () => store.close();
    try {
      const train = await openTrainSplit(request, utterances, store);
      return { train, dev: await openDevSplit(request, utterances, store, train), close };
    } catch (error) {
      await close();
      throw error;
    }
  };

export function openStore({ settings, emit }: CorpusRequest): Promise<FeatureStore> {
  return FeatureStore.open(settings.features, settings.data, (warning) => emitWarnings(emit, [warning]));
}

export async function openTrainSplit(
  request: CorpusRequest,
  utterances: readonly Utterance[],
  store: FeatureStore,
): Promise<PreparedCorpus> {
  const { settings, transforms, emit } = request;
  const replay = await replayOf(settings);
  emitWarnings(emit, replay.warnings);
  return openSplit(request, {
    store,
    utterances: utterances.filter(({ split }) => split === settings.trainSplit),
    augmentation: settings.data.augmentation,
    transforms,
    weights: settings.data.weights,
    replay: { ...settings.replay, utterances: replay.utterances },
    onProgress: (done, total) => emit({ type: "prepare", done, total }),
  }).catch((error: unknown) => {
    throw withWayOut(error, settings, replay.utterances);
  });
}

/** What helps where the alphabet is that of another model. */
function withWayOut(
  error: unknown,
  { initialModel }: TrainingSettings,
  replay: readonly Utterance[],
): unknown {
  if (!(error instanceof EarshotError && error.code === "UNKNOWN_SYMBOL")) return error;
  if (replay.some(({ where }) => where === error.where))
    return error.with({
      remedy: `This is a transcript of the replay, whose symbols do not extend an alphabet: correct it, or list all symbols as alphabet (docs/alphabet.md), or set transcript.unknown to "drop".`,
    });
  if (initialModel === undefined) return error;
  return error.with({
    remedy: `${error.remedy} Or let the model learn what the training transcripts have besides: --set alphabet=extended.`,
  });
}

/** @returns undefined when there is no such split */
export async function openDevSplit(
  request: CorpusRequest,
  utterances: readonly Utterance[],
  store: FeatureStore,
  { statistics }: PreparedCorpus,
): Promise<PreparedCorpus | undefined> {
  const chosen = utterances.filter(({ split }) => split === request.settings.devSplit);
  return chosen.length > 0 ? openSplit(request, { store, utterances: chosen, statistics }) : undefined;
}

/** Recordings and symbols that are left out, and a dev split that is not there. */
export function warningsOf({ train, dev }: RunData, { devSplit }: TrainingSettings): Warning[] {
  const ofSplits = [train, dev].flatMap((split) => (split ? [...split.warnings, ...split.leftOut] : []));
  const message = `No utterance has the split "${devSplit}": the last epoch will be the model, unmeasured.`;
  return dev ? ofSplits : [...ofSplits, { code: "NO_DEV_SPLIT", message }];
}

type CorpusOptions = Parameters<typeof PreparedCorpus.open>[0];

function openSplit(
  { settings, signal }: CorpusRequest,
  options: Pick<CorpusOptions, "store" | "utterances"> & Partial<CorpusOptions>,
): Promise<PreparedCorpus> {
  const { transcript, data } = settings;
  const { alphabet, architecture } = networkOf(settings);
  const steps = (frames: number) => outputSteps(architecture, frames);
  return PreparedCorpus.open({
    alphabet,
    transcript,
    settings: data,
    outputSteps: steps,
    signal,
    ...options,
  });
}

export function emitWarnings(emit: OnEvent, warnings: readonly Warning[]): void {
  for (const warning of warnings) emit({ type: "warning", ...warning });
}
