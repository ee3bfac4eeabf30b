// A run's folder → its settings, its manifests and its curve.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { featureSize } from "../../audio/index.ts";
import { FeatureStore, PreparedCorpus, readManifests } from "../../data/index.ts";
import { EarshotError } from "../../errors.ts";
import { outputSteps, resolveArchitecture } from "../../network/index.ts";
import { parseSettings, z } from "../../settings.ts";
import { trainingSettings, type TrainingEvent, type TrainingSettings } from "../../training/index.ts";
import { alphabetOf } from "../data/alphabet.ts";
import type { CurveEvidence } from "./evidence.ts";
import { CurveStream } from "./from-events.ts";

export interface RunRecord {
  readonly manifests: readonly string[];
  readonly settings: TrainingSettings;
  readonly curve: CurveEvidence;
}

const runFile = z.object({ manifests: z.array(z.string()), settings: z.unknown() });

/** @throws EarshotError NOT_A_RUN, and of the settings. */
export async function readRun(directory: string): Promise<RunRecord> {
  const path = join(directory, "run.json");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw notARun(directory, cause);
  });
  const { manifests, settings } = parseSettings(runFile, jsonOf(text, directory), path);
  const parsed = parseSettings(trainingSettings, settings, path);
  const log = await readFile(join(directory, "log.jsonl"), "utf8").catch(() => "");
  const stream = new CurveStream();
  for (const line of log.split("\n").filter(Boolean)) {
    try {
      stream.push(JSON.parse(line) as TrainingEvent);
    } catch {
      break; // the last line of a run that was killed
    }
  }
  const batchFiles = (epoch: number, batch: number) => filesOfBatch(manifests, parsed, epoch, batch);
  return { manifests, settings: parsed, curve: { ...stream.evidence(), batchFiles } };
}

/** A plan is a function of corpus, seed and epoch: what a batch held can be told long after. */
async function filesOfBatch(
  manifests: readonly string[],
  settings: TrainingSettings,
  epoch: number,
  batch: number,
): Promise<readonly string[] | undefined> {
  const { data, features, network, transcript, seed } = settings;
  const alphabet = alphabetOf(settings);
  const sizes = { features: featureSize(features), symbols: alphabet.size };
  const architecture = resolveArchitecture(network, sizes, "settings: network");
  const { utterances } = await readManifests(manifests);
  const store = await FeatureStore.open(features, data, () => undefined);
  try {
    const corpus = await PreparedCorpus.open({
      store,
      alphabet,
      transcript,
      settings: data,
      utterances: utterances.filter(({ split }) => split === settings.trainSplit),
      augmentation: data.augmentation,
      outputSteps: (frames) => outputSteps(architecture, frames),
    });
    const indices = corpus.plan({ epoch: epoch - 1, seed })[batch - 1];
    return indices?.map((index) => `${corpus.utterances[index].where}  ${corpus.utterances[index].path}`);
  } catch {
    return undefined; // the corpus is no longer what it was
  } finally {
    await store.close();
  }
}

function jsonOf(text: string, directory: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notARun(directory, cause);
  }
}

function notARun(directory: string, cause: unknown): EarshotError {
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
