// A checkpoint: all that a run needs to go on as if it had never stopped. One safetensors file, replaced whole, so that
// a kill at any time leaves the last good one.

import { EarshotError } from "../../errors.ts";
import { readSafetensors, writeSafetensors } from "../../model/index.ts";
import { join, type Folder } from "../../platform/index.ts";
import { z } from "../../settings.ts";
import type { Float32Tensor, TensorData, TypedData } from "../../tensor.ts";
import { progressSchema, type Progress } from "../loop/progress.ts";
import type { StepState } from "../step/step-plan.ts";
import { RUN_FILES } from "./file-names.ts";

export interface Checkpoint {
  readonly state: StepState;
  readonly progress: Progress;
  /** The hash of the training corpus, so that a run does not resume on other data. */
  readonly dataHash: string;
}

const FORMAT = "1";
const WEIGHT = "weight.";
const AVERAGE = "average.";
const slotName = (index: number) => `slot${index}.`;

export async function writeCheckpoint(
  folder: Folder,
  { state, progress, dataHash }: Checkpoint,
): Promise<void> {
  const tensors = new Map<string, TensorData>();
  for (const [name, weight] of state.weights) {
    tensors.set(WEIGHT + name, weight);
    state.slots.get(name)!.forEach((data, i) => tensors.set(slotName(i) + name, { ...weight, data }));
  }
  for (const [name, weight] of state.average?.weights ?? []) tensors.set(AVERAGE + name, weight);
  const metadata = {
    "earshot.checkpoint": FORMAT,
    progress: JSON.stringify(progress),
    dataHash,
    ...(state.average && { averagedUpdates: String(state.average.updates) }),
  };
  await folder.replace(RUN_FILES.checkpoint, writeSafetensors(tensors, metadata));
}

/** @throws EarshotError DAMAGED_MODEL, NOT_A_CHECKPOINT; undefined when there is none yet. */
export async function readCheckpoint(folder: Folder): Promise<Checkpoint | undefined> {
  const bytes = await folder.read(RUN_FILES.checkpoint);
  if (!bytes) return undefined;
  const path = join(folder.path, RUN_FILES.checkpoint);
  const { tensors, metadata } = readSafetensors(bytes, path);
  if (metadata["earshot.checkpoint"] !== FORMAT) throw notACheckpoint(path);
  try {
    const progress = progressSchema.parse(JSON.parse(metadata.progress));
    const { averagedUpdates, dataHash } = metadata;
    const updates = averagedUpdates === undefined ? 0 : z.coerce.number().int().min(1).parse(averagedUpdates);
    return { state: stateOf(tensors, updates), progress, dataHash };
  } catch (cause) {
    throw notACheckpoint(path, cause);
  }
}

/** Whether the state is one of the run's network is not known here. */
function stateOf(tensors: ReadonlyMap<string, TensorData>, averagedUpdates: number): StepState {
  const weights = weightsOf(tensors, WEIGHT);
  const slots = new Map([...weights.keys()].map((name) => [name, slotsOf(tensors, name)]));
  if (averagedUpdates === 0) return { weights, slots };
  return { weights, slots, average: { weights: weightsOf(tensors, AVERAGE), updates: averagedUpdates } };
}

function weightsOf(tensors: ReadonlyMap<string, TensorData>, prefix: string): Map<string, Float32Tensor> {
  const named = [...tensors].filter(([key]) => key.startsWith(prefix));
  return new Map(
    named.map(([key, { dims, data }]) => [
      key.slice(prefix.length),
      { type: "float32", dims, data: float32(data) },
    ]),
  );
}

function slotsOf(tensors: ReadonlyMap<string, TensorData>, name: string): Float32Array[] {
  const slots: Float32Array[] = [];
  for (let slot; (slot = tensors.get(slotName(slots.length) + name));) slots.push(float32(slot.data));
  return slots;
}

function float32(data: TypedData): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new TypeError("a state of other numbers than float32");
}

function notACheckpoint(path: string, cause?: unknown): EarshotError {
  return new EarshotError(
    {
      code: "NOT_A_CHECKPOINT",
      where: path,
      problem: "The file is not a checkpoint of this version of Earshot.",
      remedy: "Resume with the version that began the run, or begin a new one.",
    },
    { cause },
  );
}
