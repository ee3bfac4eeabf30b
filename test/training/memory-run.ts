// Whole runs that touch no disk and start no thread for the train step; only features are cached in a folder.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect } from "vitest";
import { readManifests, type Manifest } from "../../src/data/index.ts";
import { readSafetensors } from "../../src/model/index.ts";
import { sameThreadWorker, type Folder } from "../../src/platform/index.ts";
import type { z } from "../../src/settings.ts";
import {
  beginRun,
  continueRun,
  trainingSettings,
  type NewRun,
  type RunOptions,
  type TrainingEvent,
  type TrainResult,
} from "../../src/training/index.ts";
import { trainingFailed, trainingWork } from "../../src/training/step/work.ts";
import { smallSettings, writeSmallManifest } from "./recordings.ts";

export interface SmallRun extends Pick<NewRun, "initialModel"> {
  readonly manifests: readonly string[];
  readonly corpus: Manifest;
  readonly settings: z.output<typeof trainingSettings>;
}

/** @param folder for the manifest and the features */
export async function smallRun(
  folder: string,
  utterances: { readonly train: number; readonly dev: number },
  settings: z.input<typeof trainingSettings> = {},
): Promise<SmallRun> {
  const manifests = [writeSmallManifest(folder, utterances)];
  const cacheDirectory = join(folder, "cache");
  const all = { ...smallSettings(folder), ...settings };
  const parsed = trainingSettings.parse({ ...all, data: { ...all.data, cacheDirectory } });
  return { manifests, corpus: await readManifests(manifests), settings: parsed };
}

export const startWorker = () => sameThreadWorker(trainingWork(), trainingFailed);

/** Continues what is in the folder; begins there where no run was begun. */
export async function trainIn(folder: Folder, run: SmallRun, options: RunOptions = {}): Promise<TrainResult> {
  const isBegun = (await folder.read("run.json")) !== undefined;
  const request = { ...options, folder, startWorker };
  return isBegun ? continueRun({ ...request, corpus: run.corpus }) : beginRun({ ...request, ...run });
}

/** What a run leaves but for times: the log of learning, and digests of the model, the weights and the optimizer. */
export async function remains(folder: Folder): Promise<Record<string, unknown>> {
  const read = async (name: string) => (await folder.read(name)) ?? expect.fail(`there is no ${name}`);
  const { tensors, metadata } = readSafetensors(await read("checkpoint.safetensors"), "checkpoint");
  const { seconds: _, ...progress } = JSON.parse(metadata.progress) as Record<string, unknown>;
  const log = learned(new TextDecoder().decode(await read("log.jsonl")));
  const files: Record<string, string> = {};
  for (const { name } of await folder.list())
    if (/^(log\.csv|model\.safetensors|best\/.*)$/.test(name)) files[name] = digest(await read(name));
  const state = Object.fromEntries([...tensors].map(([name, { data }]) => [name, digest(data)]));
  return { state, progress, log, files };
}

function digest({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("hex");
}

const TIMES = new Set(["framesPerSecond", "etaSeconds", "waitedMs", "seconds", "waiting"]);

/** The lines about learning, without times; a line that is not whole is no JSON. */
function learned(log: string): unknown[] {
  expect(log.endsWith("\n")).toBe(true);
  const events = log
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line) as TrainingEvent);
  return events
    .filter(({ type }) => type === "batch" || type === "layers" || type === "epoch")
    .map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => !TIMES.has(name))));
}
