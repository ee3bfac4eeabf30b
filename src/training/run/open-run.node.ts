// Opens everything that a run needs, from manifests and settings (and a checkpoint, if it goes on), and closes it again.

import { readManifests, type FeatureStore, type PreparedCorpus } from "../../data/index.ts";
import { EarshotError } from "../../errors.ts";
import { parameterShapes, type Architecture } from "../../network/index.ts";
import type { Alphabet } from "../../text/index.ts";
import { trainingPrograms } from "../step/programs.ts";
import type { Callback } from "../callbacks/callback.ts";
import { restoreStates } from "../callbacks/states.ts";
import type { Checkpoint } from "./checkpoint.node.ts";
import { RunClock } from "./clock.node.ts";
import { emitWarnings, openDevSplit, openStore, openTrainSplit, type CorpusRequest } from "./corpora.node.ts";
import { frozenWeights } from "../step/frozen.ts";
import { initialState } from "./initial-model.node.ts";
import { networkOf } from "../step/network-of.ts";
import { createOptimizer } from "../optimizers.ts";
import { BEGINNING } from "../loop/progress.ts";
import type { TrainingRun } from "./run.node.ts";
import { createSchedule, type Schedule } from "../schedules.ts";
import { TrainSession } from "../step/session.node.ts";
import type { TrainingSettings } from "../settings.ts";
import type { StepState } from "../step/step-plan.ts";

export interface RunRequest extends CorpusRequest {
  readonly directory: string;
  readonly manifests: readonly string[];
  readonly checkpoint: Checkpoint | undefined;
  readonly callbacks: readonly Callback[];
  /** In place of the one of the settings. */
  readonly schedule?: Schedule;
}

export interface OpenedRun {
  readonly run: TrainingRun;
  readonly close: () => Promise<void>;
}

export async function openRun(request: RunRequest): Promise<OpenedRun> {
  const { directory, manifests, settings, checkpoint, callbacks, emit, signal } = request;
  const progress = checkpoint?.progress ?? BEGINNING;
  const clock = new RunClock(settings.checkpointSeconds, progress.seconds);
  const { alphabet, architecture } = networkOf(settings);
  checkSameSettings(request, architecture);
  restoreStates(callbacks, progress.callbacks);
  // First what is quick to fail: an engine may be absent, where features of a large corpus take hours.
  const beginning = checkpoint ? undefined : await initialState(settings, architecture, alphabet);
  const { state } = checkpoint ?? beginning!;
  const session = await openSession(settings, alphabet, architecture, state);
  let store: FeatureStore | undefined;
  const close = async () => void (await Promise.all([session.close(), store?.close()]));
  try {
    emitWarnings(emit, [...session.warnings, ...(beginning?.warnings ?? [])]);
    const { utterances, ...manifest } = await readManifests(manifests);
    emitWarnings(emit, manifest.warnings);
    store = await openStore(request);
    const train = await openTrainSplit(request, utterances, store);
    const dev = await openDevSplit(request, utterances, store, train);
    checkSameData(directory, train, checkpoint);
    const schedule = request.schedule ?? createSchedule(settings.schedule);
    const about = { directory, settings, alphabet, architecture, schedule, clock, callbacks, emit, signal };
    const run: TrainingRun = { ...about, train, dev, session, progress };
    announce(run);
    return { run, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openSession(
  settings: TrainingSettings,
  alphabet: Alphabet,
  architecture: Architecture,
  state: StepState,
): Promise<TrainSession> {
  const { seed, engine, threads, gradientCap, optimizer, freeze, average } = settings;
  const programs = trainingPrograms(architecture, alphabet.blank, frozenWeights(architecture, freeze));
  const { size: symbols, blank } = alphabet;
  return TrainSession.open(
    { programs, optimizer, gradientCap, averageDecay: average.decay, seed, engine, threads, symbols, blank },
    state,
  );
}

function announce({ settings, architecture, train, dev, emit, progress, directory }: TrainingRun): void {
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
    directory,
  });
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** A checkpoint goes on only in the network and with the optimizer that made it. */
function checkSameSettings(
  { directory, settings, checkpoint }: RunRequest,
  architecture: Architecture,
): void {
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
    where: directory,
    problem: `The checkpoint's "${odd}" does not fit the network and the optimizer of run.json.`,
    remedy: "Restore run.json as the run began with it, or begin a new run.",
  });
}

function checkSameData(directory: string, train: PreparedCorpus, checkpoint: Checkpoint | undefined): void {
  if (!checkpoint || checkpoint.dataHash === train.hash) return;
  throw new EarshotError({
    code: "DATA_CHANGED",
    where: directory,
    problem: "The training data is not what the run began with.",
    remedy: "Restore the manifest and the recordings, or begin a new run.",
  });
}
