// `startRun` begins a run in a folder of its own; `resumeRun` continues one. Both end with the best epoch's model, and
// with what the caller does once it is saved, such as writing a report.

import { existsSync } from "node:fs";
import { mkdir, readFile, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve as absolutePath } from "node:path";
import { anchorPaths, readManifests, type FrameTransform } from "../../data/index.ts";
import { EarshotError } from "../../errors.ts";
import { removeUnfinished, replaceFile } from "../../platform/index.ts";
import { parseSettings, z } from "../../settings.ts";
import { readCheckpoint, type Checkpoint } from "./checkpoint.node.ts";
import { settingsCallbacks } from "../callbacks.node.ts";
import type { Callback } from "../callbacks/callback.ts";
import type { Listener } from "../events.ts";
import { withRunLock } from "./lock.node.ts";
import { rewindLog } from "./log.node.ts";
import { fit, type Ending } from "../loop/loop.node.ts";
import { openRun, type OpenedRun, type RunRequest } from "./open-run.node.ts";
import { BEGINNING } from "../loop/progress.ts";
import { notARun } from "./not-a-run.ts";
import {
  checkpointPath,
  logPath,
  modelPath,
  saveCheckpoint,
  saveModel,
  type TrainingRun,
} from "./run.node.ts";
import type { Schedule } from "../schedules.ts";
import { trainingSettings, type TrainingSettings } from "../settings.ts";

export interface TrainOptions {
  readonly manifests: readonly string[];
  /** Whatever differs from the defaults of `trainingSettings`. */
  readonly settings?: z.input<typeof trainingSettings>;
  /** The run's folder; created. */
  readonly out: string;
  /** Aborting saves a checkpoint after the current step and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onEvent?: Listener;
  /** Called at the moments of the loop, after those that the settings ask for. */
  readonly callbacks?: readonly Callback[];
  /** The learning rate as a function of the epochs done, in place of the one of the settings. */
  readonly schedule?: Schedule;
  /** Applied one after the other to the frames of training, behind the augmentation of the settings. */
  readonly transforms?: readonly FrameTransform[];
}

type Company = Omit<TrainOptions, "manifests" | "settings" | "out">;

/** A run goes on as it began only with the callbacks, the schedule and the transforms that it began with. */
export interface ResumeOptions extends Company {
  /** The folder of the run. */
  readonly directory: string;
}

export interface TrainResult {
  readonly modelPath: string;
  /** Figures of the best epoch: devWer and devCer as fractions, devLoss and trainLoss in nats per utterance. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The run's page, unless the settings have none; a warning tells why it could not be written. */
  readonly reportPath?: string;
}

/** A run whose last weights are saved. */
export interface EndedRun extends Pick<TrainingRun, "directory" | "settings" | "emit" | "signal"> {
  readonly ending: Ending;
}

/** The last work of a run, before it says that it is done. @returns the path of the run's page, if it wrote one */
export type AtEnd = (run: EndedRun) => Promise<string | undefined>;

/** What a run was started with. */
const runFile = z.strictObject({ manifests: z.array(z.string()), settings: trainingSettings });
type RunFile = z.output<typeof runFile>;
const runFilePath = (directory: string) => join(directory, "run.json");

/** @throws EarshotError RUN_EXISTS, RUN_BUSY, of the manifests, of the settings, EMPTY_CORPUS, DIVERGED */
export async function startRun(
  { manifests, settings, out, ...company }: TrainOptions,
  atEnd?: AtEnd,
): Promise<TrainResult> {
  const { signal } = company;
  signal?.throwIfAborted();
  const parsed = anchored(parseSettings(trainingSettings, settings, "settings"));
  const file: RunFile = { manifests: manifests.map((path) => absolutePath(path)), settings: parsed };
  await readManifests(file.manifests); // a mistake in the command leaves no folder behind
  return inNewFolder(out, () =>
    withRunLock(out, async () => {
      if (existsSync(runFilePath(out))) throw runExists(out);
      await replaceFile(runFilePath(out), new TextEncoder().encode(`${JSON.stringify(file, null, 2)}\n`));
      const opened = openRun(requestOf(out, file, undefined, company));
      return complete(
        await opened.catch(async (error: unknown) => {
          if (error !== signal?.reason) await forgetRun(out); // so that the corrected command can be given again
          throw error;
        }),
        atEnd,
      );
    }),
  );
}

/** Makes a folder for some work, and takes it away when the work fails and leaves nothing in it. */
async function inNewFolder<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const outermost = await mkdir(path, { recursive: true }); // of those that were not there
  try {
    return await work();
  } catch (error) {
    if (outermost !== undefined)
      await removeEmpty(absolutePath(path), absolutePath(outermost)).catch(() => {});
    throw error;
  }
}

/** Removes a folder and those around it up to the outermost; a folder that is not empty ends it. */
async function removeEmpty(folder: string, outermost: string): Promise<void> {
  await rmdir(folder);
  if (folder !== outermost) await removeEmpty(dirname(folder), outermost);
}

async function forgetRun(directory: string): Promise<void> {
  for (const path of [runFilePath(directory), logPath(directory)]) await rm(path, { force: true });
}

/**
 * Continues a run from its last checkpoint, or from its beginning if it has none.
 * @throws EarshotError NOT_A_RUN, RUN_BUSY, NOT_A_CHECKPOINT, SETTINGS_CHANGED, DATA_CHANGED, and as `startRun` does
 */
export async function resumeRun(options: ResumeOptions, atEnd?: AtEnd): Promise<TrainResult> {
  const { directory, signal } = options;
  signal?.throwIfAborted();
  const file = await readRunFile(directory);
  return withRunLock(directory, async () => {
    await removeUnfinished(directory);
    const checkpoint = await readCheckpoint(checkpointPath(directory));
    await rewindLog(logPath(directory), checkpoint?.progress ?? BEGINNING);
    return complete(await openRun(requestOf(directory, file, checkpoint, options)), atEnd);
  });
}

function requestOf(
  directory: string,
  { manifests, settings }: RunFile,
  checkpoint: Checkpoint | undefined,
  { onEvent, callbacks: own = [], signal, schedule, transforms }: Company,
): RunRequest {
  const callbacks = [...settingsCallbacks(settings, directory), ...own];
  const emit: Listener = (event) => {
    for (const callback of callbacks) callback.event?.(event);
    onEvent?.(event);
  };
  return { directory, manifests, settings, checkpoint, callbacks, emit, signal, schedule, transforms };
}

async function complete({ run, close }: OpenedRun, atEnd: AtEnd | undefined): Promise<TrainResult> {
  try {
    return await finish(run, await fit(run), atEnd);
  } finally {
    await close();
  }
}

async function finish(run: TrainingRun, ending: Ending, atEnd: AtEnd | undefined): Promise<TrainResult> {
  if (ending !== "finished") {
    await saveCheckpoint(run);
    run.emit({ type: "stop", reason: run.stopReason ?? ending });
  }
  const stoppedInFirstEpoch = ending !== "interrupted" && !run.progress.best;
  if (stoppedInFirstEpoch) await saveModel(run, modelPath(run.directory), {});
  const { directory, settings, emit, signal } = run;
  const reportPath = await atEnd?.({ directory, settings, emit, signal, ending });
  if (ending === "interrupted") throw run.signal!.reason;
  const { best } = run.progress;
  const result = { modelPath: modelPath(run.directory), metrics: best?.metrics ?? {}, reportPath };
  run.emit({ type: "done", ...result, seconds: run.clock.trainedSeconds() });
  return result;
}

/** A run may be resumed from another working directory: paths become absolute. */
function anchored(settings: TrainingSettings): TrainingSettings {
  const { data, initialModel } = settings;
  return {
    ...settings,
    data: anchorPaths(data, absolutePath),
    ...(initialModel !== undefined && { initialModel: absolutePath(initialModel) }),
  };
}

async function readRunFile(directory: string): Promise<RunFile> {
  const path = runFilePath(directory);
  try {
    return parseSettings(runFile, JSON.parse(await readFile(path, "utf8")), path);
  } catch (cause) {
    if (cause instanceof EarshotError) throw cause;
    throw notARun(directory, cause);
  }
}

function runExists(directory: string): EarshotError {
  return new EarshotError({
    code: "RUN_EXISTS",
    where: directory,
    problem: "This folder already holds a training run.",
    remedy: `Continue it with: earshot train --resume ${directory}. Or give another --out.`,
  });
}
