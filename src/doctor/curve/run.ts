// A run's folder → its settings, its manifests and its curve.

import { FeatureStore, PreparedCorpus, readManifests } from "../../data/index.ts";
import { outputSteps } from "../../network/index.ts";
import { join, openFolder, readWholeText } from "../../platform/index.ts";
import { parseSettings } from "../../settings.ts";
import {
  networkOf,
  rampEpochsOf,
  readAnyRunFile,
  RUN_FILES,
  trainingSettings,
  type TrainingSettings,
} from "../../training/index.ts";
import type { CurveEvidence } from "./evidence.ts";
import { CurveStream } from "./from-events.ts";
import { readLog } from "./log.ts";

interface RunRecord {
  readonly manifests: readonly string[];
  readonly settings: TrainingSettings;
  readonly curve: CurveEvidence;
}

/** @throws EarshotError NOT_A_RUN, and of the settings. */
export async function readRunCurve(directory: string): Promise<RunRecord> {
  const { manifests, settings } = await readAnyRunFile(openFolder(directory));
  const parsed = parseSettings(trainingSettings, settings, join(directory, RUN_FILES.settings));
  const log = await readWholeText(join(directory, RUN_FILES.log)).catch(() => "");
  const stream = new CurveStream();
  readLog(log, stream);
  const batchFiles = (epoch: number, batch: number) => filesOfBatch(manifests, parsed, epoch, batch);
  return { manifests, settings: parsed, curve: { ...stream.evidence(), batchFiles } };
}

/** A plan is a function of corpus, seed and epoch: so what a batch held can be found out long after. */
async function filesOfBatch(
  manifests: readonly string[],
  settings: TrainingSettings,
  epoch: number,
  batch: number,
): Promise<readonly string[] | undefined> {
  const { data, features, transcript, seed } = settings;
  const { alphabet, architecture } = networkOf(settings);
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
    const rampEpochs = rampEpochsOf(settings);
    const plan = corpus.plan({ epoch: epoch - 1, seed, rampEpochs, together: settings.accumulate });
    const indices = plan[batch - 1];
    return indices?.map((index) => `${corpus.utterances[index].where}  ${corpus.utterances[index].path}`);
  } catch {
    return undefined; // the corpus is no longer what it was
  } finally {
    await store.close();
  }
}
