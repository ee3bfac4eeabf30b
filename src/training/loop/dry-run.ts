// A run that learns nothing, for showing the loop: each of its parts notes that the loop called it. One epoch of one
// batch, so that each line of the loop is seen once.

import type { Batch } from "../../data/index.ts";
import { initializeWeights } from "../../network/index.ts";
import { memoryFolder, type Folder } from "../../platform/index.ts";
import { createSchedule } from "../schedules.ts";
import { trainingSettings } from "../settings.ts";
import { networkOf } from "../step/network-of.ts";
import type { BatchEvaluation, StepState } from "../step/step-plan.ts";
import { RunClock } from "../run/clock.ts";
import { RUN_FILES } from "../run/file-names.ts";
import type { TrainingRun, TrainingSplit, TrainSteps } from "../run/run.ts";
import { BEGINNING } from "./progress.ts";

/** What a dry run notes: that something is done, or that something is done again and again until `end`. */
export interface Notes {
  readonly does: (what: string) => void;
  readonly repeats: (what: string) => void;
  readonly end: () => void;
}

/** @param fault what the step throws, to see what the loop does then */
export function dryRun(notes: Notes, fault?: Error): Omit<TrainingRun, "callbacks"> {
  const settings = trainingSettings.parse({
    epochs: 1,
    network: { width: 1, context: 0 },
    features: { normalization: "none" }, // nothing was measured
  });
  const { alphabet, architecture } = networkOf(settings);
  const weights = initializeWeights(architecture, settings.seed);
  return {
    settings,
    alphabet,
    architecture,
    folder: notingFolder(notes),
    train: { ...SPLIT, epoch: () => noted(notes) },
    dev: SPLIT,
    session: notingSteps(
      notes,
      { weights, slots: new Map([...weights.keys()].map((name) => [name, []])) },
      fault,
    ),
    schedule: createSchedule(settings.schedule),
    clock: new RunClock(Infinity, 0),
    emit: () => undefined,
    written: async () => undefined,
    signal: undefined,
    progress: BEGINNING,
  };
}

const LABELS = Int32Array.of(0);
const BATCH: Batch = {
  frames: new Float32Array(1),
  T: 1,
  B: 1,
  F: 1,
  lengths: [1],
  labels: [LABELS],
  indices: [0],
  position: 0,
  seconds: 1,
  waitedMs: 0,
};

const UTTERANCE = {
  path: "a.wav",
  bytes: 1,
  modifiedMs: 0,
  transcript: "a",
  text: "a",
  labels: LABELS,
  speaker: "a",
  split: "train",
  where: "a dry run",
  variants: [{ speed: 1, tempo: 1, frames: 1, seconds: 1 }],
};

const SPLIT: TrainingSplit = {
  utterances: [UTTERANCE],
  own: 1,
  inEpoch: { own: 1 },
  hash: "",
  seconds: 1,
  planWithSizes: () => [{ indices: [0], frames: 1 }],
  said: () => UTTERANCE,
  epoch: () => batches(),
  inOrder: () => batches(),
};

async function* batches(): AsyncGenerator<Batch, void, undefined> {
  yield BATCH;
}

async function* noted({ repeats, end }: Notes): AsyncGenerator<Batch, void, undefined> {
  repeats("for each batch");
  yield BATCH;
  end();
}

function notingSteps({ does }: Notes, state: StepState, fault: Error | undefined): TrainSteps {
  const evaluation: BatchEvaluation = { losses: Float64Array.of(1), hypotheses: [LABELS] };
  return {
    async step() {
      does("gradient of the loss, norm cap, update of the weights");
      if (fault) throw fault;
      return { losses: evaluation.losses, gradientNorm: 1 };
    },
    async evaluate() {
      does("measure the dev split");
      return evaluation;
    },
    losses: async (_, labellings) => labellings.map(() => evaluation.losses),
    async inspect() {
      does("look at the layers");
      return [];
    },
    state: async () => state,
    digest: async () => "",
  };
}

function notingFolder({ does }: Notes): Folder {
  const purposes: Readonly<Record<string, string>> = {
    [RUN_FILES.model]: "save the model if it is the best so far",
    [RUN_FILES.checkpoint]: "save a checkpoint",
  };
  return Object.assign(memoryFolder(), { replace: async (name: string) => does(purposes[name] ?? name) });
}
