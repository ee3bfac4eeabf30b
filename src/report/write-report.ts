// The report of a run: reads the run's folder, evaluates its model on the dev split, and writes one page beside them.
// What cannot be read any more, such as recordings that were moved, is said on the page and leaves the rest standing.

import { readManifests, type Utterance } from "../data/index.ts";
import { EarshotError } from "../errors.ts";
import { checkReplaceable, join, replaceFile } from "../platform/index.ts";
import { checkBesideModel, settingsForCorpus, usualHeads } from "../training/index.ts";
import { trainCommand } from "./command.ts";
import { dataCard } from "./data-card.ts";
import { evaluateDevSplit, type DevSplitResults } from "./dev-split.ts";
import { reportPage } from "./page.ts";
import { readRunRecord, type Run } from "./run.ts";

export interface ReportOptions {
  /** The run's folder. */
  readonly directory: string;
  /** Whether the model is evaluated on the dev split again; without, the page has curves and tables only. True by default. */
  readonly evaluate?: boolean;
  readonly signal?: AbortSignal;
  /** Utterances evaluated. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * Writes `report.html` into the folder of a run, whether it has ended or not, in place of one that is there.
 * @returns its path
 * @throws EarshotError NOT_A_RUN; an error of the file system; the signal's reason, leaving the page as it was
 */
export async function writeReport(options: ReportOptions): Promise<string> {
  const { directory, signal } = options;
  const run = await readRunRecord(directory);
  const path = join(directory, "report.html");
  await checkReplaceable(path);
  const utterances = await readManifests(run.manifests).then(
    (manifest) => manifest.utterances,
    (error: unknown) => explained(error, "The manifests cannot be read any more"),
  );
  const isRead = typeof utterances !== "string";
  const evaluation = isRead ? await evaluationOf(run, utterances, options) : utterances;
  signal?.throwIfAborted();
  const card = isRead ? dataCard(utterances, run.used.trainSplit) : utterances;
  const command = trainCommand(run.manifests, run.settings, usualSettings(run));
  const page = reportPage({ run, card, command, evaluation });
  await replaceFile(path, new TextEncoder().encode(page));
  return path;
}

/** What a run with the same preset of augmentation has by itself; the preset is named in any case, whatever decided on it. */
function usualSettings({ used: { data, network } }: Run): unknown {
  const augmentation = data?.augmentation.preset;
  const usual = settingsForCorpus(checkBesideModel(undefined, { data: { augmentation } }, "defaults"), []);
  return {
    ...usual,
    intermediate: { ...usual.intermediate, heads: usualHeads(network ?? {}) },
    data: { ...usual.data, augmentation: { ...usual.data.augmentation, preset: "auto" } },
  };
}

/** Of the dev split; or why there is none. */
async function evaluationOf(
  { directory, modelPath, used, log }: Run,
  utterances: readonly Utterance[],
  { evaluate = true, signal, onProgress }: ReportOptions,
): Promise<DevSplitResults | string> {
  const dev = utterances.filter(({ split }) => split === used.devSplit);
  if (modelPath === undefined) return "There is no model yet: the first epoch has not ended.";
  if (dev.length === 0) return `There is no utterance of the split "${used.devSplit}" to listen to.`;
  if (!evaluate) return `Not listened to yet: "earshot report ${directory}" does so.`;
  const { seconds = 1, utterances: count = 1 } = log.start ?? {};
  const meanSeconds = seconds / Math.max(1, count);
  const { engine, threads } = used;
  try {
    return await evaluateDevSplit({
      modelPath,
      utterances: dev,
      meanSeconds,
      engine,
      threads,
      signal,
      onProgress,
    });
  } catch (error) {
    signal?.throwIfAborted();
    return explained(error, "The dev split could not be listened to");
  }
}

/** The words of an error with a code go on the page; any other error ends the report. */
function explained(error: unknown, problem: string): string {
  if (error instanceof EarshotError) return `${problem}. ${error.message}`;
  throw error;
}
