// Lines of a log and folders of runs, made for tests: what a run wrote of itself, whatever became of it.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const startLine = {
  type: "start",
  parameters: 1000,
  utterances: 10,
  seconds: 20,
  devUtterances: 2,
  step: 0,
};

export const epochLine = (epoch: number, fields: object = {}): object => ({
  type: "epoch",
  epoch,
  epochs: 3,
  step: 2 * epoch,
  trainLoss: 30 / epoch,
  devLoss: 40 / epoch,
  devWer: 1 / epoch,
  devCer: 0.5 / epoch,
  best: true,
  seconds: 2,
  waiting: 0,
  ...fields,
});

export const batchLine = (epoch: number, batch: number): object => ({
  type: "batch",
  epoch,
  epochs: 3,
  batch,
  batches: 2,
  step: 2 * (epoch - 1) + batch,
  loss: 31 / epoch,
  gradientNorm: 5 / epoch,
  learningRate: 1e-3 * epoch,
});

const layer = (name: string, epoch: number) => ({
  name,
  gradientNorm: 1 / epoch,
  weightNorm: 3,
  zeroShare: 0.5,
  clippedShare: 0.01,
});

export const layersLine = (epoch: number): object => ({
  type: "layers",
  epoch,
  step: 2 * epoch,
  layers: [layer("h1", epoch), layer("recurrence", epoch), { name: "h6", gradientNorm: 2, weightNorm: null }],
});

/** Three epochs of two batches each. */
export const wholeLog: readonly object[] = [
  startLine,
  ...[1, 2, 3].flatMap((epoch) => [
    batchLine(epoch, 1),
    batchLine(epoch, 2),
    layersLine(epoch),
    epochLine(epoch),
  ]),
];

export interface MadeRun {
  readonly log?: readonly object[];
  readonly manifests: readonly string[];
  readonly settings?: object;
  /** The bytes of the model file. */
  readonly model?: Uint8Array;
}

export async function makeRun(
  directory: string,
  { log = [], manifests, settings, model }: MadeRun,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = { manifests, settings: { seed: 7, epochs: 3, threads: 1, ...settings } };
  await writeFile(join(directory, "run.json"), JSON.stringify(file));
  const lines = log.map((line) => `${JSON.stringify(line)}\n`);
  await writeFile(join(directory, "log.jsonl"), lines.join(""));
  if (model) await writeFile(join(directory, "model.safetensors"), model);
}
