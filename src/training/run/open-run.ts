// Opens everything that a run needs, from its utterances and settings (and a checkpoint, if it goes on), and closes it
// again.

import type { Manifest } from "../../data/index.ts";
import { streamDelayMs, type ModelFile } from "../../model/index.ts";
import { parameterShapes, type Architecture } from "../../network/index.ts";
import type { Folder, Ranks, WorkerThread } from "../../platform/index.ts";
import { elementCount } from "../../tensor.ts";
import type { Alphabet } from "../../text/index.ts";
import type { Callback } from "../callbacks/callback.ts";
import { restoreStates } from "../callbacks/states.ts";
import type { OnEvent } from "../events.ts";
import { withoutLiveText } from "../live-text.ts";
import { BEGINNING } from "../loop/progress.ts";
import { compareUtterances, seenOf } from "../ranks/common-utterances.ts";
import { RunRanks } from "../ranks/run-ranks.ts";
import { allOf } from "../ranks/together.ts";
import { createSchedule, type Schedule } from "../schedules.ts";
import type { TrainingSettings } from "../settings.ts";
import { intermediateLoss, withHeads } from "../step/intermediate-loss.ts";
import { frozenWeights } from "../step/frozen.ts";
import { layerRatesOf } from "../step/layer-rates.ts";
import { networkOf } from "../step/network-of.ts";
import { segmentPrograms, type SegmentPrograms } from "../step/segment-programs.ts";
import { trainingPrograms, type IntermediateLoss } from "../step/programs.ts";
import { TrainSession } from "../step/session.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { RunClock } from "./clock.ts";
import { emitWarnings, openRunData, warningsOf, type CorpusRequest, type RunData } from "./corpora.ts";
import { openEmitter, type Emitter } from "./emitter.ts";
import { initialState } from "./initial-model.ts";
import { checkSameData, checkSameSettings } from "./same-run.ts";
import type { TrainingRun } from "./run.ts";

export interface RunRequest extends Omit<CorpusRequest, "emit"> {
  /** The utterances of all splits, with warnings about them. */
  readonly corpus: Manifest;
  /** Gives splits that the caller prepared, and closes; by default the run prepares its own. */
  readonly openData?: (request: CorpusRequest) => Promise<RunData>;
  /** For what the run writes. */
  readonly folder: Folder;
  /** What the run begins with, in place of the model that the settings name. */
  readonly initialModel?: ModelFile;
  readonly checkpoint?: Checkpoint;
  readonly callbacks?: readonly Callback[];
  /** In place of the one of the settings. */
  readonly schedule?: Schedule;
  readonly onEvent?: OnEvent;
  /** Those that learn together, of which this process is one; their calls are made in the same order on all. */
  readonly ranks?: Ranks;
  /** Starts the thread of the train step; by default the platform's own. */
  readonly startWorker?: () => WorkerThread;
}

export interface OpenedRun {
  readonly run: TrainingRun;
  readonly close: () => Promise<void>;
}

/** @throws EarshotError of the settings, of the corpus, of the initial model, SETTINGS_CHANGED, DATA_CHANGED */
export async function openRun(request: RunRequest): Promise<OpenedRun> {
  const { folder, settings, checkpoint, callbacks = [] } = request;
  const ranks = request.ranks && new RunRanks(request.ranks, request.signal);
  const signal = ranks?.signal ?? request.signal;
  const { alphabet, architecture } = networkOf(settings);
  const progress = checkpoint?.progress ?? BEGINNING;
  const clock = new RunClock(settings.checkpointSeconds, progress.seconds);
  checkSameSettings(folder, settings, architecture, checkpoint);
  restoreStates(callbacks, progress.callbacks);
  await ranks?.requireSameSettings(settings);
  const emitter = openEmitter(callbacks, request.onEvent);
  // First what is quick to fail: an engine may be absent, where features of a large corpus take hours.
  const session = await openSession(request, alphabet, architecture, emitter);
  let [data, run]: [RunData?, TrainingRun?] = [];
  const close = async () => {
    await run?.saving?.catch(() => undefined);
    await emitter.written().catch(() => undefined); // the caller that awaited it has the error
    await Promise.all([session.close(), data?.close?.()]);
  };
  try {
    data = ranks ? await dataOnRanks(ranks, request, emitter) : await dataOf(request, emitter);
    const { train, dev } = data;
    checkSameData(folder, train, checkpoint);
    const schedule = request.schedule ?? createSchedule(settings.schedule);
    const about = { folder, settings, alphabet, architecture, schedule, clock, callbacks, signal, ranks };
    run = { ...about, ...emitter, train, dev, session, progress };
    if (ranks) emitWarnings(emitter.emit, ranks.idle(settings.accumulate));
    announce(run);
    return { run, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openSession(
  { settings, checkpoint, initialModel, startWorker, ranks }: RunRequest,
  alphabet: Alphabet,
  architecture: Architecture,
  { emit }: Emitter,
): Promise<TrainSession> {
  const { seed, engine, threads, gradientCap, optimizer, freeze, average } = settings;
  const layerRates = layerRatesOf(architecture, settings.layerRates);
  const beginning = checkpoint
    ? undefined
    : await initialState(settings, architecture, alphabet, initialModel);
  const state = checkpoint?.state ?? withHeads(beginning!.state, architecture, settings);
  const frozen = frozenWeights(architecture, freeze);
  const loss = intermediateLoss(settings, architecture);
  const programs = trainingPrograms(architecture, alphabet.blank, frozen, loss);
  const { size: symbols, blank } = alphabet;
  const { gradientCompression: compression } = settings;
  const session = await TrainSession.open(
    {
      programs,
      device: { architecture, frozen: [...frozen], intermediate: loss },
      segments: segmentsOf(settings, architecture, frozen, loss),
      optimizer,
      gradientCap,
      layerRates,
      averageDecay: average.decay,
      seed,
      engine,
      threads,
      ranks: ranks && { shared: await ranks.share(), compression },
      symbols,
      blank,
    },
    state,
    startWorker,
  );
  emitWarnings(emit, [...session.warnings, ...(beginning?.warnings ?? [])]);
  return session;
}

/** @returns undefined where recordings are not cut */
function segmentsOf(
  { segmentSeconds, features }: TrainingSettings,
  architecture: Architecture,
  frozen: ReadonlySet<string>,
  loss: IntermediateLoss,
): SegmentPrograms | undefined {
  if (segmentSeconds === 0) return undefined;
  return segmentPrograms(architecture, frozen, (1000 * segmentSeconds) / features.hopMs, loss);
}

/** Prepared for this run or by the caller; the warnings about them are emitted in both cases. */
async function dataOf(request: RunRequest, { emit }: Emitter): Promise<RunData> {
  const { settings, transforms, corpus, openData = openRunData(corpus.utterances), signal } = request;
  const { settingsWithoutEffect } = await import("../idle-settings.ts"); // a page does not wait for it
  emitWarnings(emit, [...settingsWithoutEffect(settings), ...corpus.warnings]);
  const data = await openData({ settings, transforms, emit, signal });
  emitWarnings(emit, warningsOf(data, settings));
  return data;
}

/** The same data on all ranks: what one of them cannot read, the others do without. */
async function dataOnRanks(ranks: RunRanks, request: RunRequest, emitter: Emitter): Promise<RunData> {
  let data: RunData | undefined;
  const seen = await allOf(ranks.ranks, async () => seenOf((data = await dataOf(request, emitter))));
  if (new Set(seen.map(({ hash }) => hash)).size === 1) return data!;
  const { warnings, isKnownToAll } = compareUtterances(seen);
  emitWarnings(emitter.emit, warnings);
  await data!.close?.();
  const utterances = request.corpus.utterances.filter(isKnownToAll);
  const again = { ...request, corpus: { ...request.corpus, utterances, warnings: [] } };
  const common = await allOf(ranks.ranks, async () => seenOf((data = await dataOf(again, emitter))));
  ranks.requireSame(
    common.map(({ hash }) => hash),
    "the recordings",
  );
  return data!;
}

function announce({ settings, architecture, train, dev, emit, progress, folder, ranks }: TrainingRun): void {
  const sizes = Array.from(parameterShapes(architecture).values(), elementCount);
  const parameters = sizes.reduce((sum, size) => sum + size, 0);
  const delayMs = streamDelayMs({ features: settings.features, architecture });
  const { preset } = settings.data.augmentation;
  emitWarnings(emit, withoutLiveText(settings, architecture));
  emit({
    type: "start",
    seed: settings.seed,
    parameters,
    ...(delayMs !== undefined && { delayMs }),
    utterances: train.own,
    seconds: train.seconds,
    ...(ranks && { ranks: ranks.size }),
    ...(train.inEpoch.own !== train.own && { inEpoch: train.inEpoch.own }),
    ...(train.inEpoch.replay && { replay: train.inEpoch.replay }),
    devUtterances: dev?.utterances.length ?? 0,
    augmentation: preset === "auto" ? "none" : preset, // which nobody decided
    step: progress.step,
    directory: folder.path,
  });
}
