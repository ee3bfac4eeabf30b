// What is compared: models by their files or as runs, each with a short name, and what its run says of it.

import { fileFacts, basename, dirname, join } from "../../platform/index.ts";
import { MODEL_FILE_NAME, modelPathOf } from "../../model/index.ts";
import { RUN_FILES } from "../../training/index.ts";
import { readRunRecord, type Run } from "../run.ts";

export interface Entrant {
  readonly name: string;
  /** Files: several are an ensemble. */
  readonly models: readonly string[];
  /** Of those of the models that lie in the folder of a run. */
  readonly runs: readonly Run[];
  /** Of all models together, where that of each is known. */
  readonly trainingSeconds?: number;
}

/** @param given paths of model files and runs; a list of several is an ensemble @throws EarshotError NO_MODEL_YET, NOT_A_RUN */
export async function openEntrants(given: readonly (string | readonly string[])[]): Promise<Entrant[]> {
  const entrants = await Promise.all(given.map((paths) => openEntrant([paths].flat())));
  const isTaken = (name: string): boolean => entrants.filter((other) => other.name === name).length > 1;
  return entrants.map((entrant, i) =>
    isTaken(entrant.name) ? { ...entrant, name: [given[i]].flat().join(" + ") } : entrant,
  );
}

async function openEntrant(paths: readonly string[]): Promise<Entrant> {
  const members = await Promise.all(paths.map(openMember));
  const runs = members.flatMap(({ run }) => run ?? []);
  const isTimed = runs.length === members.length && runs.every(({ log }) => log.epochs.length > 0);
  return {
    name: members.map(({ name }) => name).join(" + "),
    models: members.map(({ model }) => model),
    runs,
    ...(isTimed && { trainingSeconds: runs.reduce((sum, { log }) => sum + log.seconds, 0) }),
  };
}

async function openMember(path: string): Promise<{ name: string; model: string; run?: Run }> {
  const model = await modelPathOf(path);
  const folder = dirname(model);
  const isRuns =
    basename(model) === MODEL_FILE_NAME && (await fileFacts(join(folder, RUN_FILES.settings))) !== undefined;
  const run = isRuns ? await readRunRecord(folder) : undefined;
  return { name: run?.name ?? basename(model), model, run };
}
