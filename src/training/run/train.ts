// `startRun` begins a run in a folder of its own; `resumeRun` continues one; `beginRun` begins one of data that is in memory
// already. All end with the best epoch's model, and with what the caller does once it is saved, such as writing a report.

import { EarshotError } from "../../errors.ts";
import { putManifest, readManifests, type FrameTransform, type Manifest } from "../../data/index.ts";
import type { ModelFile } from "../../model/index.ts";
import { checkOutputs, join, openFolder, resolve, type Folder, type Ranks } from "../../platform/index.ts";
import { settingsCallbacks } from "../callbacks.ts";
import type { Callback } from "../callbacks/callback.ts";
import type { OnEvent } from "../events.ts";
import { fit, type Ending } from "../loop/loop.ts";
import { BEGINNING } from "../loop/progress.ts";
import { folderOnRank } from "../ranks/follower-folder.ts";
import { allOf } from "../ranks/together.ts";
import type { Schedule } from "../schedules.ts";
import type { TrainingSettings } from "../settings.ts";
import { withAlphabetOfRun } from "./alphabet-from-data.ts";
import { readCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { RUN_FILES } from "./file-names.ts";
import { checkTrainingSettings, type GivenSettings, type SettingsInput } from "./initial-settings.ts";
import { withRunLock } from "./lock.ts";
import { checkNothingLost, rewindLog } from "./log.ts";
import { withoutLostModel } from "./lost-model.ts";
import { checkOtherManifests } from "./other-manifests.ts";
import { openRun, type OpenedRun, type RunRequest } from "./open-run.ts";
import { anchored, readRunFile, writeRunFile, type RunFile } from "./run-file.ts";
import { modelFile, saveCheckpoint, saveModel, type TrainingRun } from "./run.ts";
import { settingsForCorpus } from "./settings-for-corpus.ts";

/** What a run may be given that its run.json does not keep. */
export interface RunOptions extends Pick<RunRequest, "startWorker" | "ranks"> {
  /** Aborting saves a checkpoint after the current step and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onEvent?: OnEvent;
  /** Called at the events of the loop, after those that the settings ask for. */
  readonly callbacks?: readonly Callback[];
  /** The learning rate as a function of the epochs done, in place of the one of the settings. */
  readonly schedule?: Schedule;
  /** Applied one after the other to the frames of training, behind the augmentation of the settings. */
  readonly transforms?: readonly FrameTransform[];
}

export interface TrainOptions extends RunOptions {
  readonly manifests: readonly string[];
  /** Whatever differs from the defaults of `trainingSettings`, and from the settings of `initialModel` where that is set. */
  readonly settings?: SettingsInput;
  /** The run's folder; created. */
  readonly out: string;
}

/** A run goes on as it began only with the callbacks, the schedule and the transforms that it began with. */
export interface ResumeOptions extends RunOptions {
  /** The folder of the run. */
  readonly directory: string;
  /** In place of those that the run began with: nothing that is learned depends on them. */
  readonly threads?: number;
}

/** A run of data that was read before. */
export interface NewRun extends RunOptions, Pick<RunRequest, "openData"> {
  readonly settings: TrainingSettings;
  readonly corpus: Manifest;
  /** Where the corpus comes from. Of a corpus that no manifest holds the run keeps one in its folder, to be resumed with. */
  readonly manifests?: readonly string[];
  /** For what the run writes; empty, or not there yet. */
  readonly folder: Folder;
  /** What the run begins with, in place of the model that the settings name. */
  readonly initialModel?: ModelFile;
}

export interface TrainResult {
  readonly modelPath: string;
  /** Figures of the best epoch: devWer and devCer as fractions, devLoss and trainLoss in nats per utterance. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The run's page, unless the settings have none; a warning says why it could not be written. */
  readonly reportPath?: string;
}

/** A run whose last weights are saved. */
export interface EndedRun extends Pick<TrainingRun, "folder" | "settings" | "emit" | "written" | "signal"> {
  /** The path of its folder. */
  readonly directory: string;
  readonly ending: Ending;
}

/** The last work of a run, before it says that it is done. @returns the path of the run's page, if it wrote one */
export type AtEnd = (run: EndedRun) => Promise<string | undefined>;

/** @throws EarshotError RUN_EXISTS, RUN_BUSY, of the manifests, of the settings, EMPTY_CORPUS, DIVERGED */
export async function startRun(
  { manifests, settings, out, ...options }: TrainOptions,
  atEnd?: AtEnd,
): Promise<TrainResult> {
  const { signal, ranks } = options;
  signal?.throwIfAborted();
  const given = withBatchForEach(ranks, await checkTrainingSettings(settings, "settings"));
  const paths = manifests.map((path) => resolve(path));
  const { initialModel: model } = given.settings;
  const begins = model === undefined ? [] : [model, join(model, RUN_FILES.model)];
  const { replay, oldTest } = given.settings;
  const inputs = [...paths, ...begins, ...replay.data, ...oldTest.data];
  if (!follows(ranks)) await checkRunOutputs(out, inputs, { keepsManifest: false });
  const corpus = await readManifests(paths); // a mistake in the command leaves no folder behind
  const decided = settingsForCorpus(given, corpus.utterances);
  const made = withAlphabetOfRun(decided, corpus.utterances, options.onEvent);
  const folder = await folderOnRank(ranks, openFolder(out), { isNew: true });
  return beginRun({ ...options, manifests: paths, settings: made, corpus, folder }, atEnd);
}

/**
 * Before a run in this folder overwrites what it reads.
 * @param keepsManifest whether the run writes its own, as one of a corpus in memory does
 * @throws EarshotError OUTPUT_IS_INPUT, and FILE_SYSTEM where it could not write its files
 */
export async function checkRunOutputs(
  out: string,
  inputs: readonly string[],
  { keepsManifest }: { readonly keepsManifest: boolean },
): Promise<void> {
  const names = [...Object.values(RUN_FILES), "report.html", "log.csv"];
  const written = names.filter((name) => keepsManifest || name !== RUN_FILES.manifest);
  await checkOutputs(
    written.map((name) => join(out, name)),
    { inputs, makesFolders: true },
  );
}

/** @throws EarshotError RUN_EXISTS, RUN_BUSY, of the settings, EMPTY_CORPUS, DIVERGED */
export async function beginRun(
  { manifests, folder, ...options }: NewRun,
  atEnd?: AtEnd,
): Promise<TrainResult> {
  const settings = await anchored(options.settings);
  await checkOtherManifests(settings);
  try {
    return await withRunLock(folder, async () => {
      const own = [resolve(join(folder.path, RUN_FILES.manifest))];
      await writeRunFile(folder, { manifests: manifests ?? own, settings });
      const opened = await openNew(requestOf(folder, settings, options), manifests === undefined);
      return complete(opened, atEnd);
    });
  } catch (error) {
    await folder.removeIfEmpty().catch(() => undefined); // of a run that could not begin nothing stays
    throw error;
  }
}

async function openNew(request: RunRequest, keepsManifest: boolean): Promise<OpenedRun> {
  const { folder, corpus, signal } = request;
  try {
    if (keepsManifest) await putManifest(folder, RUN_FILES.manifest, corpus.utterances);
    const opened = await openRun(request);
    if (request.initialModel) await keepBeginning(opened);
    return opened;
  } catch (error) {
    if (error !== signal?.reason) await forgetRun(folder); // so that the corrected command can be given again
    throw error;
  }
}

/** Weights from memory are nowhere to be read again, so the run's first checkpoint holds them. */
async function keepBeginning({ run, close }: OpenedRun): Promise<void> {
  try {
    await saveCheckpoint(run);
  } catch (error) {
    await close();
    await run.folder.remove(RUN_FILES.checkpoint).catch(() => undefined);
    throw error;
  }
}

async function forgetRun(folder: Folder): Promise<void> {
  for (const name of [RUN_FILES.settings, RUN_FILES.manifest, RUN_FILES.log])
    await folder.remove(name).catch(() => undefined); // the first failure is the one to report
}

/**
 * Continues a run from its last checkpoint, or from its beginning if it has none.
 * @throws EarshotError NOT_A_RUN, RUN_BUSY, NOT_A_CHECKPOINT, MISSING_CHECKPOINT, SETTINGS_CHANGED, DATA_CHANGED, and as `startRun` does
 */
export async function resumeRun(
  { directory, ...options }: ResumeOptions,
  atEnd?: AtEnd,
): Promise<TrainResult> {
  options.signal?.throwIfAborted();
  return continueRun({ ...options, folder: await folderOnRank(options.ranks, openFolder(directory)) }, atEnd);
}

/** The same in any folder. @param options `corpus` in place of what the manifests of its run.json hold */
export async function continueRun(
  {
    folder,
    threads,
    ...options
  }: Omit<ResumeOptions, "directory"> & {
    readonly folder: Folder;
    readonly corpus?: Manifest;
  },
  atEnd?: AtEnd,
): Promise<TrainResult> {
  const { manifests, settings: kept } = await readRunFile(folder);
  const settings = { ...kept, threads: threads ?? kept.threads };
  return withRunLock(folder, async () => {
    const checkpoint = await readCheckpoint(folder);
    if (!checkpoint) await checkNothingLost(folder);
    await rewindLog(folder, checkpoint?.progress ?? BEGINNING);
    const corpus = options.corpus ?? (await readManifests(manifests));
    const rest = await withoutLostModel(folder, { corpus, checkpoint });
    return complete(await openRun(requestOf(folder, settings, { ...options, ...rest })), atEnd);
  });
}

const follows = (ranks: Ranks | undefined): boolean => ranks !== undefined && ranks.rank > 0;

/** Where nothing else is asked for, an update has a batch for each rank: a larger batch in the same time. */
function withBatchForEach(ranks: Ranks | undefined, given: GivenSettings): GivenSettings {
  if (!ranks || given.input.accumulate !== undefined) return given;
  const accumulate = Math.max(ranks.size, given.settings.accumulate);
  return {
    ...given,
    input: { ...given.input, accumulate },
    settings: { ...given.settings, accumulate },
  };
}

interface Beginning {
  readonly corpus: Manifest;
  readonly checkpoint?: Checkpoint;
  readonly initialModel?: ModelFile;
}

/** The callbacks of the settings come before the program's own. */
function requestOf(
  folder: Folder,
  settings: RunFile["settings"],
  { callbacks = [], ...options }: RunOptions & Beginning,
): RunRequest {
  return { ...options, folder, settings, callbacks: [...settingsCallbacks(settings, folder), ...callbacks] };
}

async function complete(opened: OpenedRun, atEnd: AtEnd | undefined): Promise<TrainResult> {
  try {
    const result = await trainToEnd(opened.run, atEnd);
    await opened.close();
    return result;
  } catch (error) {
    if (!isOfLink(error)) await opened.close(); // else the train step's thread waits for the others for ever
    throw error;
  }
}

const isOfLink = (error: unknown): boolean =>
  error instanceof EarshotError && ["RANK_SILENT", "RANK_LOST"].includes(error.code);

async function trainToEnd(run: TrainingRun, atEnd: AtEnd | undefined): Promise<TrainResult> {
  const ending = await fit(run);
  const { ranks } = run;
  if (!ranks) return finish(run, ending, atEnd);
  const [result] = await allOf(ranks.ranks, async () => {
    if (!ranks.leads) return undefined;
    return finish(run, ending, atEnd).catch(unlessInterrupted(ranks.signal));
  });
  if (!result) throw ranks.signal.reason;
  return result;
}

const unlessInterrupted =
  ({ reason }: AbortSignal) =>
  (error: unknown): undefined => {
    if (error !== reason) throw error;
  };

async function finish(run: TrainingRun, ending: Ending, atEnd: AtEnd | undefined): Promise<TrainResult> {
  if (ending !== "finished") {
    await saveCheckpoint(run);
    run.emit({ type: "stop", reason: run.stopReason ?? ending });
  }
  const hasNoModel = ending !== "interrupted" && !run.progress.best; // stopped in its first epoch, or the model is gone
  if (hasNoModel) await saveModel(run, modelFile(run), { weights: "averaged", metrics: {} });
  await run.written();
  const { folder, settings, emit, written, signal } = run;
  const reportPath = await atEnd?.({
    folder,
    directory: folder.path,
    settings,
    emit,
    written,
    signal,
    ending,
  });
  if (ending === "interrupted") throw signal!.reason;
  const { best } = run.progress;
  const modelPath = join(folder.path, RUN_FILES.model);
  const result = { modelPath, metrics: best?.metrics ?? {}, reportPath };
  emit({ type: "done", ...result, seconds: run.clock.trainedSeconds() });
  await run.written();
  return result;
}
