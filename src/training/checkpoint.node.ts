// A checkpoint: all that a run needs to go on as if it had never stopped. One safetensors file, replaced whole, so that
// a kill at any moment leaves the last good one.

import { readFile } from "node:fs/promises";
import { EarshotError } from "../errors.ts";
import { replaceFile } from "../replace-file.node.ts";
import { readSafetensors, writeSafetensors, type StoredTensor } from "../model/index.ts";
import type { Progress } from "./progress.ts";
import type { StepState } from "./train-step.ts";

export interface Checkpoint {
  readonly state: StepState;
  readonly progress: Progress;
  /** The hash of the training corpus, so that a run does not resume on other data. */
  readonly dataHash: string;
}

const FORMAT = "1";
const WEIGHT = "weight.";
const slotName = (index: number) => `slot${index}.`;

export async function writeCheckpoint(
  path: string,
  { state, progress, dataHash }: Checkpoint,
): Promise<void> {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, weight] of state.weights) {
    tensors.set(WEIGHT + name, weight);
    state.slots.get(name)!.forEach((data, i) => tensors.set(slotName(i) + name, { dims: weight.dims, data }));
  }
  const metadata = { "earshot.checkpoint": FORMAT, progress: JSON.stringify(progress), dataHash };
  await replaceFile(path, writeSafetensors(tensors, metadata));
}

/** @throws EarshotError DAMAGED_MODEL, NOT_A_CHECKPOINT; undefined when there is none yet. */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!bytes) return undefined;
  const { tensors, metadata } = readSafetensors(bytes, path);
  if (metadata["earshot.checkpoint"] !== FORMAT) throw notACheckpoint(path);
  const weights = new Map<string, { dims: readonly number[]; data: Float32Array }>();
  const slots = new Map<string, Float32Array[]>();
  for (const [key, { dims, data }] of tensors) {
    if (!key.startsWith(WEIGHT)) continue;
    const name = key.slice(WEIGHT.length);
    weights.set(name, { dims, data: data as Float32Array });
    slots.set(name, slotsOf(tensors, name));
  }
  return {
    state: { weights, slots },
    progress: JSON.parse(metadata.progress) as Progress,
    dataHash: metadata.dataHash,
  };
}

function slotsOf(tensors: ReadonlyMap<string, StoredTensor>, name: string): Float32Array[] {
  const slots: Float32Array[] = [];
  for (let i = 0; tensors.has(slotName(i) + name); i++)
    slots.push(tensors.get(slotName(i) + name)!.data as Float32Array);
  return slots;
}

function notACheckpoint(path: string): EarshotError {
  return new EarshotError({
    code: "NOT_A_CHECKPOINT",
    where: path,
    problem: "The file is not a checkpoint of this version of Earshot.",
    remedy: "Resume with the version that began the run, or begin a new one.",
  });
}
