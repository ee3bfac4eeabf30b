// Opens everything that a run needs, from its utterances and settings (and a checkpoint, if it goes on), and closes it
// again.

import type { Manifest, PreparedCorpus } from "../../data/index.ts";
import { EarshotError } from "../../errors.ts";
import type { ModelFile } from "../../model/index.ts";
import { parameterShapes, type Architecture } from "../../network/index.ts";
import type { Folder, WorkerThread } from "../../platform/index.ts";
import type { Alphabet } from "../../text/index.ts";
import type { Callback } from "../callbacks/callback.ts";
import { restoreStates } from "../callbacks/states.ts";
import type { OnEvent } from "../events.ts";
import { BEGINNING } from "../loop/progress.ts";
import { createOptimizer } from "../optimizers.ts";
import { createSchedule, type Schedule } from "../schedules.ts";
import { frozenWeights } from "../step/frozen.ts";
import { networkOf } from "../step/network-of.ts";
import { trainingPrograms } from "../step/programs.ts";
import { TrainSession } from "../step/session.ts";
import type { StepState } from "../step/step-plan.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { RunClock } from "./clock.ts";
import { emitWarnings, openRunData, warningsOf, type CorpusRequest, type RunData } from "./corpora.ts";
import { openEmitter, type Emitter } from "./emitter.ts";
import { initialState } from "./initial-model.ts";
import type { TrainingRun } from "./run.ts";

export interface RunRequest extends Omit<CorpusRequest, "emit"> {
  /** The utterances of all splits, and what is worth telling of them. */
  readonly corpus: Manifest;
  /** Gives the splits where somebody keeps them ready, who closes them too; by default the run prepares its own. */
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
  /** Starts the thread of the train step; by default the platform's own. */
  readonly startWorker?: () => WorkerThread;
}

export interface OpenedRun {
  readonly run: TrainingRun;
  readonly close: () => Promise<void>;
}

/** @throws EarshotError of the settings, of the corpus, of the initial model, SETTINGS_CHANGED, DATA_CHANGED */
export async function openRun(request: RunRequest): Promise<OpenedRun> {
  const { folder, settings, checkpoint, callbacks = [], signal } = request;
  const { alphabet, architecture } = networkOf(settings);
  const progress = checkpoint?.progress ?? BEGINNING;
  const clock = new RunClock(settings.checkpointSeconds, progress.seconds);
  checkSameSettings(request, architecture);
  restoreStates(callbacks, progress.callbacks);
  const emitter = openEmitter(callbacks, request.onEvent);
  // First what is quick to fail: an engine may be absent, where features of a large corpus take hours.
  const session = await openSession(request, alphabet, architecture, emitter);
  let data: RunData | undefined;
  const close = async () => {
    await emitter.written().catch(() => undefined); // who waited for it was told
    await Promise.all([session.close(), data?.close?.()]);
  };
  try {
    data = await dataOf(request, emitter);
    const { train, dev } = data;
    checkSameData(folder, train, checkpoint);
    const schedule = request.schedule ?? createSchedule(settings.schedule);
    const about = {
      ...emitter,
      folder,
      settings,
      alphabet,
      architecture,
      schedule,
      clock,
      callbacks,
      signal,
    };
    const run: TrainingRun = { ...about, train, dev, session, progress };
    announce(run);
    return { run, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openSession(
  { settings, checkpoint, initialModel, startWorker }: RunRequest,
  alphabet: Alphabet,
  architecture: Architecture,
  { emit }: Emitter,
): Promise<TrainSession> {
  const { seed, engine, threads, gradientCap, optimizer, freeze, average } = settings;
  const beginning = checkpoint
    ? undefined
    : await initialState(settings, architecture, alphabet, initialModel);
  const { state }: { readonly state: StepState } = checkpoint ?? beginning!;
  const programs = trainingPrograms(architecture, alphabet.blank, frozenWeights(architecture, freeze));
  const { size: symbols, blank } = alphabet;
  const session = await TrainSession.open(
    { programs, optimizer, gradientCap, averageDecay: average.decay, seed, engine, threads, symbols, blank },
    state,
    startWorker,
  );
  emitWarnings(emit, [...session.warnings, ...(beginning?.warnings ?? [])]);
  return session;
}

/** Prepared for this run, or kept ready by somebody; either way what is worth telling of it is told. */
async function dataOf(request: RunRequest, { emit }: Emitter): Promise<RunData> {
  const { settings, transforms, corpus, openData = openRunData(corpus.utterances), signal } = request;
  emitWarnings(emit, corpus.warnings);
  const data = await openData({ settings, transforms, emit, signal });
  emitWarnings(emit, warningsOf(data, settings));
  return data;
}

function announce({ settings, architecture, train, dev, emit, progress, folder }: TrainingRun): void {
  const sizes = Array.from(parameterShapes(architecture).values(), sizeOf);
  const parameters = sizes.reduce((sum, size) => sum + size, 0);
  emit({
    type: "start",
    seed: settings.seed,
    parameters,
    utterances: train.utterances.length,
    seconds: train.seconds,
    devUtterances: dev?.utterances.length ?? 0,
    step: progress.step,
    directory: folder.path,
  });
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** A checkpoint goes on only in the network and with the optimizer that made it. */
function checkSameSettings({ folder, settings, checkpoint }: RunRequest, architecture: Architecture): void {
  if (!checkpoint) return;
  const { weights, slots, average = { weights } } = checkpoint.state;
  const shapes = parameterShapes(architecture);
  const optimizer = createOptimizer(settings.optimizer);
  const odd = [...new Set([...shapes.keys(), ...weights.keys()])].find((name) => {
    const [wanted, came] = [shapes.get(name), weights.get(name)?.dims];
    const kept = slots.get(name) ?? [];
    const sameShape =
      wanted?.join() === came?.join() && came?.join() === average.weights.get(name)?.dims.join();
    const fits = sameShape && kept.length === optimizer.slots;
    return !fits || kept.some(({ length }) => length !== weights.get(name)?.data.length);
  });
  if (odd === undefined) return;
  throw new EarshotError({
    code: "SETTINGS_CHANGED",
    where: folder.path,
    problem: `The checkpoint's "${odd}" does not fit the network and the optimizer of run.json.`,
    remedy: "Restore run.json as the run began with it, or begin a new run.",
  });
}

function checkSameData(folder: Folder, train: PreparedCorpus, checkpoint: Checkpoint | undefined): void {
  if (!checkpoint || checkpoint.dataHash === train.hash) return;
  throw new EarshotError({
    code: "DATA_CHANGED",
    where: folder.path,
    problem: "The training data is not what the run began with.",
    remedy: "Restore the manifest and the recordings, or begin a new run.",
  });
}
