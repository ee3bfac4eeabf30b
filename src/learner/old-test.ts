// What became of the old skill: after a run that went on from a model, both models are measured on the test that the settings
// name; neither rejects, since what training wrote has not learned to. A run does not fail where this does: it says why.

import { engineForLoops } from "../engine/index.ts";
import { measureRetention } from "../evaluation/index.ts";
import { loadModelFile, readModelFile, type ModelFile } from "../model/index.ts";
import { join } from "../platform/index.ts";
import { Recognizer } from "../recognizer/index.ts";
import type { ErrorRates } from "../text/index.ts";
import { oldTestOf, RUN_FILES, type EndedRun } from "../training/index.ts";

/**
 * Says and logs it as the event `oldTest`.
 * @param given what the run began with, where that was in memory
 * @throws the signal's reason
 */
export async function reportOldTest(run: EndedRun, given?: ModelFile): Promise<void> {
  const { settings, emit, signal } = run;
  if (settings.oldTest.data.length === 0) return;
  try {
    await measureBoth(run, given);
  } catch (error) {
    signal?.throwIfAborted();
    const problem = error instanceof Error ? error.message : String(error);
    emit({ type: "warning", code: "NO_OLD_TEST", message: `The old test was not measured: ${problem}` });
  }
}

async function measureBoth({ settings, folder, emit, signal }: EndedRun, given?: ModelFile): Promise<void> {
  const { oldTest, initialModel, engine, threads } = settings;
  const { utterances } = await oldTestOf(settings);
  const open = (model: ModelFile) =>
    Recognizer.load(model, {
      engine: engineForLoops(engine),
      threads,
      decoding: "greedy",
      rejection: false,
    });
  const old = given ?? (initialModel === undefined ? undefined : await loadModelFile(initialModel));
  const name = RUN_FILES.model;
  const after = await open(readModelFile((await folder.read(name))!, join(folder.path, name)));
  let before: Recognizer | undefined;
  try {
    before = old && (await open(old));
    const measured = await measureRetention({ before, after }, utterances, {
      signal,
      onProgress: (progress) => emit({ type: "oldTestProgress", ...progress }),
    });
    emit({
      type: "oldTest",
      manifests: oldTest.data,
      split: oldTest.split,
      utterances: measured.utterances,
      leftOut: utterances.length - measured.utterances,
      ...(measured.before && { before: figures(measured.before) }),
      after: figures(measured.after),
    });
  } finally {
    await Promise.all([before?.close(), after.close()]);
  }
}

const figures = ({ wer, cer }: ErrorRates) => ({ wer, cer });
