// One fit: a training run of its own, in a folder that is kept only when it was asked for.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FrameTransform } from "../data/index.ts";
import { loadModelFile, saveModelFile, type ModelFile } from "../model/index.ts";
import type { Callback } from "../training/index.ts";
import type { OnEvent, TrainingEvent } from "../training/index.ts";
import type { Schedule, ScheduleSettings } from "../training/index.ts";
import type { TrainingSettings } from "../training/index.ts";
import { train } from "./run.ts";

export interface FitOptions {
  /** A constant one, in place of the schedule. */
  readonly learningRate?: number;
  /** By default that of the learner's settings; a function is of the epochs done and all of them. */
  readonly schedule?: Schedule | Partial<ScheduleSettings>;
  /** Called at the moments of the loop: `showTrainingLoop` lists them. */
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

export interface FitRequest extends Omit<FitOptions, "learningRate"> {
  readonly manifests: readonly string[];
  readonly settings: TrainingSettings;
  /** What to go on from; by default fresh weights. */
  readonly initial?: ModelFile;
  readonly transforms: readonly FrameTransform[];
  readonly onEvent: OnEvent;
}

export async function fitOnce(request: FitRequest): Promise<FitResult & { readonly model: ModelFile }> {
  const { settings, initial, schedule, out, onEvent, ...options } = request;
  return inScratch(initial, async (scratch, beginning) => {
    const epochs: EpochFigures[] = [];
    const { modelPath, metrics } = await train({
      ...options,
      settings: {
        ...settings,
        ...beginning,
        ...(typeof schedule === "object" && { schedule }),
        ...(out === undefined && { report: false }),
      },
      schedule: typeof schedule === "function" ? schedule : undefined,
      out: out ?? join(scratch, "run"),
      onEvent: (event) => {
        if (event.type === "epoch") epochs.push(event);
        onEvent(event);
      },
    });
    return { metrics, epochs, model: await loadModelFile(modelPath) };
  });
}

/** That of the settings, if they have one, with another peak. */
export function oneCycleOf({ schedule }: TrainingSettings, peak?: number): Partial<ScheduleSettings> {
  const own = schedule.name === "one-cycle" ? schedule : { name: "one-cycle" as const };
  return { ...own, ...(peak !== undefined && { peak }) };
}

/** Does some work in a folder that is removed afterwards; the weights to begin with lie there for the settings to name. */
export async function inScratch<Result>(
  initial: ModelFile | undefined,
  work: (folder: string, beginning: Pick<TrainingSettings, "initialModel">) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-fit-"));
  try {
    if (!initial) return await work(folder, {});
    const initialModel = join(folder, "initial.safetensors");
    await saveModelFile(initialModel, initial);
    return await work(folder, { initialModel });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
