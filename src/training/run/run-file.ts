// run.json: what a run was started with, so that it can be resumed from any working directory and its settings be edited.

import { anchorPaths } from "../../data/index.ts";
import { EarshotError } from "../../errors.ts";
import { boxedModelPath } from "../../model/index.ts";
import { decodeText, join, resolve, type Folder } from "../../platform/index.ts";
import { parseSettings, z } from "../../settings.ts";
import { trainingSettings, type TrainingSettings } from "../settings.ts";
import { RUN_FILES } from "./file-names.ts";

const runFile = z.strictObject({ manifests: z.array(z.string()), settings: trainingSettings });
const anyRunFile = z.object({
  manifests: z.array(z.string()),
  settings: z.record(z.string(), z.unknown()),
});

export interface RunFile {
  readonly manifests: readonly string[];
  readonly settings: TrainingSettings;
}

/** The same with absolute paths: a run may be resumed from another working directory. */
export async function anchored(settings: TrainingSettings): Promise<TrainingSettings> {
  const { data, initialModel, replay, oldTest } = settings;
  const all = (paths: readonly string[]) => paths.map((path) => resolve(path));
  return {
    ...settings,
    data: anchorPaths(data, resolve),
    replay: { ...replay, data: all(replay.data) },
    oldTest: { ...oldTest, data: all(oldTest.data) },
    ...(initialModel !== undefined && {
      initialModel: (await boxedModelPath(initialModel)) ?? resolve(initialModel),
    }),
  };
}

/** @throws EarshotError RUN_EXISTS when the folder holds a run */
export async function writeRunFile(folder: Folder, file: RunFile): Promise<void> {
  if (await folder.read(RUN_FILES.settings)) throw runExists(folder.path);
  await folder.replace(RUN_FILES.settings, bytesOf(file));
}

const bytesOf = (file: RunFile): Uint8Array => new TextEncoder().encode(`${JSON.stringify(file, null, 2)}\n`);

/** Names the manifests of a run anew, for one that was moved together with its recordings. @throws EarshotError NOT_A_RUN, and of settings that were edited wrongly */
export async function moveRun(folder: Folder, manifests: readonly string[]): Promise<void> {
  const { settings, ...before } = await readRunFile(folder);
  const file: RunFile = { manifests: manifests.map((path) => resolve(path)), settings };
  if (JSON.stringify(file.manifests) !== JSON.stringify(before.manifests))
    await folder.replace(RUN_FILES.settings, bytesOf(file));
}

/** Unchecked, whatever version wrote it: for the report and the doctor, which only look at a run. @throws EarshotError NOT_A_RUN */
export async function readAnyRunFile(
  folder: Folder,
): Promise<{ readonly manifests: readonly string[]; readonly settings: Readonly<Record<string, unknown>> }> {
  const { success, data, error } = anyRunFile.safeParse(await contentOf(folder));
  if (!success) throw notARun(folder.path, error);
  return data;
}

/** @throws EarshotError NOT_A_RUN, and of settings that were edited wrongly */
export async function readRunFile(folder: Folder): Promise<RunFile> {
  const content = await contentOf(folder);
  return parseSettings(runFile, content, join(folder.path, RUN_FILES.settings));
}

async function contentOf(folder: Folder): Promise<unknown> {
  try {
    const bytes = await folder.read(RUN_FILES.settings);
    const name = join(folder.path, RUN_FILES.settings);
    return JSON.parse(decodeText(bytes ?? new Uint8Array(), name)); // of no file: the empty text, which is no JSON
  } catch (cause) {
    throw notARun(folder.path, cause);
  }
}

function notARun(directory: string, cause?: unknown): EarshotError {
  return new EarshotError(
    {
      code: "NOT_A_RUN",
      where: directory,
      problem: "There is no training run in this folder: its run.json is missing or damaged.",
      remedy: "Give the folder that `earshot train --out` wrote.",
    },
    { cause },
  );
}

function runExists(directory: string): EarshotError {
  return new EarshotError({
    code: "RUN_EXISTS",
    where: directory,
    problem: "This folder already holds a training run.",
    remedy: `Continue it with: earshot train --resume ${directory}. Or give another --out.`,
  });
}
