// The splits that a run learns from and is measured on, prepared as its settings say; what is left out is told as events.

import { FeatureStore, PreparedCorpus, type FrameTransform, type Utterance } from "../../data/index.ts";
import type { Warning } from "../../errors.ts";
import { outputSteps } from "../../network/index.ts";
import type { OnEvent } from "../events.ts";
import { networkOf } from "../step/network-of.ts";
import type { TrainingSettings } from "../settings.ts";

export interface CorpusRequest {
  readonly settings: TrainingSettings;
  /** Applied to the frames of training, behind the augmentation of the settings. */
  readonly transforms?: readonly FrameTransform[];
  readonly emit: OnEvent;
  readonly signal?: AbortSignal;
}

export function openStore({ settings, emit }: CorpusRequest): Promise<FeatureStore> {
  return FeatureStore.open(settings.features, settings.data, (warning) => emitWarnings(emit, [warning]));
}

export function openTrainSplit(
  request: CorpusRequest,
  utterances: readonly Utterance[],
  store: FeatureStore,
): Promise<PreparedCorpus> {
  const { settings, transforms, emit } = request;
  return openSplit(request, {
    store,
    utterances: utterances.filter(({ split }) => split === settings.trainSplit),
    augmentation: settings.data.augmentation,
    transforms,
    onProgress: (done, total) => emit({ type: "prepare", done, total }),
  });
}

/** @returns undefined when there is no such split */
export async function openDevSplit(
  request: CorpusRequest,
  utterances: readonly Utterance[],
  store: FeatureStore,
  { statistics }: PreparedCorpus,
): Promise<PreparedCorpus | undefined> {
  const { settings, emit } = request;
  const chosen = utterances.filter(({ split }) => split === settings.devSplit);
  if (chosen.length > 0) return openSplit(request, { store, utterances: chosen, statistics });
  const message = `No utterance has the split "${settings.devSplit}": the last epoch will be the model, unmeasured.`;
  emitWarnings(emit, [{ code: "NO_DEV_SPLIT", message }]);
  return undefined;
}

type CorpusOptions = Parameters<typeof PreparedCorpus.open>[0];

async function openSplit(
  { settings, emit, signal }: CorpusRequest,
  options: Pick<CorpusOptions, "store" | "utterances"> & Partial<CorpusOptions>,
): Promise<PreparedCorpus> {
  const { transcript, data } = settings;
  const { alphabet, architecture } = networkOf(settings);
  const steps = (frames: number) => outputSteps(architecture, frames);
  const corpus = await PreparedCorpus.open({
    alphabet,
    transcript,
    settings: data,
    outputSteps: steps,
    signal,
    ...options,
  });
  emitWarnings(emit, [...corpus.warnings, ...corpus.leftOut]);
  return corpus;
}

export function emitWarnings(emit: OnEvent, warnings: readonly Warning[]): void {
  for (const warning of warnings) emit({ type: "warning", ...warning });
}
