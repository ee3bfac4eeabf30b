// One fit: a training run of its own, on data that is in memory, in a folder that was asked for or in memory too.

import { EarshotError } from "../errors.ts";
import { readModelFile, type ModelFile } from "../model/index.ts";
import { join, openFolder } from "../platform/index.ts";
import { parseSettings } from "../settings.ts";
import {
  checkRunOutputs,
  RUN_FILES,
  trainingSettings,
  type Callback,
  type OnEvent,
  type Schedule,
  type ScheduleSettings,
  type TrainingEvent,
  type TrainingSettings,
} from "../training/index.ts";
import { isAsRead, type Corpus } from "./corpus.ts";
import type { DataSession } from "./data-session.ts";
import { modelFolder } from "./model-folder.ts";
import { trainInFolder } from "./run.ts";

export interface FitOptions {
  /** A constant one, in place of the schedule. */
  readonly learningRate?: number;
  /** By default that of the learner's settings; a function is of the epochs done and all of them. */
  readonly schedule?: Schedule | Partial<ScheduleSettings>;
  /** Called at the events of the loop: `showTrainingLoop` lists them. */
  readonly callbacks?: readonly Callback[];
  /** The run's folder, for its log, report and checkpoint; without one nothing of the run is kept but the weights. */
  readonly out?: string;
  /** Aborting rejects with its reason; the weights stay as before, and `earshot train --resume` goes on in `out`. */
  readonly signal?: AbortSignal;
}

export type OneCycleOptions = Omit<FitOptions, "learningRate" | "schedule"> & { readonly peak?: number };

export interface FitResult {
  /** Figures of the best epoch, whose weights are the learner's from now on. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Figures of every epoch. */
  readonly epochs: readonly EpochFigures[];
}

export type EpochFigures = Extract<TrainingEvent, { type: "epoch" }>;

/** What a fit and a sweep of the learning rate go by. */
export interface FitRequest extends Omit<FitOptions, "learningRate"> {
  readonly corpus: Corpus;
  readonly data: DataSession;
  readonly settings: TrainingSettings;
  /** What to go on from; by default what the settings say. */
  readonly initialModel?: ModelFile;
  readonly onEvent: OnEvent;
}

export async function fitOnce(request: FitRequest): Promise<FitResult & { readonly model: ModelFile }> {
  const { corpus, data, settings: _, schedule, out, onEvent, ...options } = request;
  options.signal?.throwIfAborted();
  if (out !== undefined) await checkRunOutputs(out, corpus.manifests, { keepsManifest: !isAsRead(corpus) });
  const folder = out === undefined ? modelFolder() : openFolder(out);
  const epochs: EpochFigures[] = [];
  const { metrics } = await trainInFolder({
    ...options,
    folder,
    corpus,
    openData: (occasion) => data.splits(occasion),
    manifests: isAsRead(corpus) ? corpus.manifests : undefined,
    settings: settingsOfRun(request),
    schedule: typeof schedule === "function" ? schedule : undefined,
    onEvent: (event) => {
      if (event.type === "epoch") epochs.push(event);
      onEvent(event);
    },
  }).catch((error: unknown) => {
    throw out === undefined ? withoutFolder(error) : error;
  });
  const bytes = await folder.read(RUN_FILES.model);
  return { metrics, epochs, model: readModelFile(bytes!, join(folder.path, RUN_FILES.model)) };
}

/** There is no run to go on with. */
const withoutFolder = (error: unknown): unknown =>
  error instanceof EarshotError && error.code === "DIVERGED"
    ? error.with({
        remedy:
          "Fit again with a lower learning rate or gradientCap: the weights are as before this fit. " +
          "With out the batch would be saved.",
      })
    : error;

/** Only a run on disk has a report. */
function settingsOfRun({ settings, schedule, out }: FitRequest): TrainingSettings {
  const own = typeof schedule === "object" ? { schedule } : {};
  const report = settings.report && out !== undefined;
  return parseSettings(trainingSettings, { ...settings, ...own, report }, "settings");
}

/** That of the settings, if they have one, with another peak. */
export function oneCycleOf({ schedule }: TrainingSettings, peak?: number): Partial<ScheduleSettings> {
  const own = schedule.name === "one-cycle" ? schedule : { name: "one-cycle" as const };
  return { ...own, ...(peak !== undefined && { peak }) };
}
