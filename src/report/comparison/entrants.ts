// What is compared: models by their files or as runs, each with a short name, and what its run says of it.

import { fileFacts, basename, dirname, join } from "../../platform/index.ts";
import { boxedModelPath, MODEL_FILE_NAME, modelPathOf } from "../../model/index.ts";
import { RUN_FILES } from "../../training/index.ts";
import { readRunRecord, type Run } from "../run.ts";

export interface Entrant {
  readonly name: string;
  /** Files: several are an ensemble. */
  readonly models: readonly string[];
  /** How much each counts; all the same when not given. */
  readonly weights?: readonly number[];
  /** Of those of the models that lie in the folder of a run. */
  readonly runs: readonly Run[];
  /** Of all models together, where that of each is known. */
  readonly trainingSeconds?: number;
}

/** A path of a model file or a run; several are an ensemble, each counts as much, or as its weight says. */
export type GivenModels = string | readonly string[] | WeightedModels;

export interface WeightedModels {
  readonly models: readonly string[];
  readonly weights?: readonly number[];
}

/** @throws EarshotError NO_MODEL_YET, NOT_A_RUN */
export async function openEntrants(given: readonly GivenModels[]): Promise<Entrant[]> {
  const asked = given.map((each) =>
    typeof each === "object" && "models" in each ? each : { models: [each].flat() },
  );
  const entrants = await Promise.all(asked.map(openEntrant));
  const isTaken = (name: string): boolean => entrants.filter((other) => other.name === name).length > 1;
  const named = entrants.map((entrant, i) =>
    isTaken(entrant.name) ? { ...entrant, name: nameOf(asked[i].models, asked[i].weights) } : entrant,
  );
  return named.map((entrant, i) => {
    const before = named.slice(0, i).filter(({ name }) => name === entrant.name).length;
    return before === 0 ? entrant : { ...entrant, name: `${entrant.name} (${before + 1})` };
  });
}

const nameOf = (members: readonly string[], weights?: readonly number[]): string =>
  `${members.join(" + ")}${weights ? ` (${weights.join(" : ")})` : ""}`;

async function openEntrant({ models: paths, weights }: WeightedModels): Promise<Entrant> {
  const members = await Promise.all(paths.map(openMember));
  const runs = members.flatMap(({ run }) => run ?? []);
  const isTimed = runs.length === members.length && runs.every(({ log }) => log.epochs.length > 0);
  return {
    name: nameOf(
      members.map(({ name }) => name),
      weights,
    ),
    models: members.map(({ model }) => model),
    ...(weights && { weights }),
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
  const isBoxed = (await boxedModelPath(path)) !== undefined;
  return { name: run?.name ?? (isBoxed ? path : basename(model)), model, run };
}
