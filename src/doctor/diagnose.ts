// The doctor's front door: finds out what it was given (a manifest, settings, a run, a model, arrays), gathers what can
// be known of it, and runs the checks that this allows.

import { EarshotError } from "../errors.ts";
import { extname, fileFacts, join, readChunks } from "../platform/index.ts";
import type { Utterance } from "../data/index.ts";
import { isOnnxPath, modelPathOf } from "../model/index.ts";
import { Recognizer } from "../recognizer/index.ts";
import {
  alphabetOf,
  checkTrainingSettings,
  RUN_FILES,
  settingsForCorpus,
  type GivenSettings,
} from "../training/index.ts";
import { batchChecks } from "./arrays/checks/checks.ts";
import { settingsChecks } from "./config/settings.ts";
import { examineCurve } from "./curve/checks.ts";
import { curveOfBatch } from "./curve/of-batch.ts";
import { readRunCurve } from "./curve/run.ts";
import { examineCorpus, gatherCorpus, type SettingsFor } from "./data/corpus.ts";
import { CORPUS_PROBES, type CorpusEvidence } from "./data/evidence.ts";
import { targetsOf } from "./data/steps.ts";
import { BATCH_PROBES } from "./arrays/evidence/batch-evidence.ts";
import { readBatchEvidence } from "./arrays/evidence/read.ts";
import { conclude, examine, type Examination } from "./examination.ts";
import { finding, type Diagnosis } from "./finding.ts";
import { measureStress } from "./data/stress.ts";
import { measureTextFits } from "./data/text-fits.ts";
import { climbLadder } from "./ladder/ladder.ts";
import { modelEvidence } from "./arrays/models/evidence.ts";

export interface DiagnoseOptions {
  /** What manifests are to be trained with; whatever differs from the defaults of `trainingSettings`. */
  readonly settings?: unknown;
  /** Where the settings come from, for messages. */
  readonly settingsFrom?: string;
  /** For a model: arrays of a batch, or a manifest. */
  readonly batch?: readonly string[];
  /**
   * A trained model, or several, by which the texts of manifests and runs are held against their recordings; and which
   * is heard on some of these under conditions of use.
   */
  readonly models?: readonly string[];
  /** Whether to train a little on the data, from one utterance to ten (see ladder/). */
  readonly ladder?: boolean;
  /** Recordings to decode and measure at most: 2000 by default. */
  readonly mostRecordings?: number;
  /** What is being done, and how far it is where that is known. */
  readonly onProgress?: (doing: string, done?: number, total?: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * @param subjects manifests; or one run's folder; or files of arrays (.npz, .npy, .json, .safetensors) of one batch; none
 *   to look at the settings alone
 * @throws EarshotError of what cannot be read at all
 */
export async function diagnose(
  subjects: readonly string[],
  options: DiagnoseOptions = {},
): Promise<Diagnosis> {
  const kinds = await Promise.all(subjects.map((path) => kindOf(path, options)));
  if (kinds.some((kind) => kind !== kinds[0]) || (kinds[0] === "run" && kinds.length > 1))
    throw mixed(subjects, kinds);
  if (kinds[0] === "arrays") return diagnoseArrays(subjects, options);
  if (kinds[0] === "run") return diagnoseRun(subjects[0], options);
  const given = await settingsOf(options);
  if ("findings" in given) return given;
  const { settings } = given;
  if (subjects.length === 0) return conclude(await examine(settingsChecks, { settings }, CORPUS_PROBES));
  const isForTraining = !(await areForeign(options));
  const settingsFor = isForTraining
    ? (rows: readonly Utterance[]) => settingsForCorpus(given, rows)
    : undefined;
  const evidence = await gather(subjects, settingsFor, options);
  return withLadder([await examineCorpus(evidence)], evidence, options);
}

// ── Each kind ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Arrays themselves, or a model and what to run it on. */
async function diagnoseArrays(
  paths: readonly string[],
  { batch: samples = [] }: DiagnoseOptions,
): Promise<Diagnosis> {
  const isModel = samples.length > 0 || extname(paths[0]).toLowerCase() === ".onnx";
  const evidence = await (isModel ? modelEvidence(paths[0], samples) : readBatchEvidence(paths));
  const batch = await examine(batchChecks, evidence, BATCH_PROBES);
  return conclude(batch, await examineCurve(curveOfBatch(evidence)));
}

async function diagnoseRun(directory: string, options: DiagnoseOptions): Promise<Diagnosis> {
  const { manifests, settings, curve } = await readRunCurve(directory);
  const evidence = await gather(manifests, () => settings, options).catch((error: unknown) => {
    if (error instanceof EarshotError) return undefined; // the data may have moved away since
    throw error;
  });
  if (evidence === undefined) return conclude(await examineCurve(curve));
  const training = (evidence.measured ?? []).filter(({ split }) => split === settings.trainSplit);
  const targets = targetsOf(training, settings).filter((target) => target !== undefined);
  const { size: symbols, blank } = alphabetOf(settings);
  const known = targets.length > 0 ? { targets, symbols, blank } : {};
  const examinations = [await examineCorpus(evidence), await examineCurve({ ...curve, ...known })];
  return withLadder(examinations, evidence, options);
}

/** Whether only models that were trained elsewhere are asked about: no settings are to be judged. */
async function areForeign({ models = [], settings = {} }: DiagnoseOptions): Promise<boolean> {
  const paths = await Promise.all(models.map(modelPathOf));
  return paths.length > 0 && paths.every(isOnnxPath) && Object.keys(settings as object).length === 0;
}

/** @param settingsFor undefined where a model alone is asked about */
async function gather(
  manifests: readonly string[],
  settingsFor: SettingsFor | undefined,
  { mostRecordings, models, onProgress, signal }: DiagnoseOptions,
): Promise<CorpusEvidence> {
  const tell = (doing: string) => (done: number, total: number) => onProgress?.(doing, done, total);
  const measuring = { mostRecordings, signal, onProgress: tell("measuring recordings") };
  if (models === undefined) return gatherCorpus(manifests, settingsFor!, measuring);
  const recognizer = await Recognizer.load(models);
  try {
    const evidence = await gatherCorpus(manifests, settingsFor ?? recognizer.model, measuring);
    if (evidence.measured === undefined) return evidence;
    const listening = { signal, onProgress: tell("listening to recordings") };
    const fits = await measureTextFits(recognizer, evidence.measured, listening);
    const stress = await measureStress(recognizer, evidence.measured, {
      signal,
      onProgress: ({ condition, done, total }) => onProgress?.(`listening under ${condition}`, done, total),
    });
    return { ...evidence, fits, stress };
  } finally {
    await recognizer.close();
  }
}

async function withLadder(
  examinations: readonly Examination[],
  evidence: CorpusEvidence,
  { ladder, onProgress, signal }: DiagnoseOptions,
): Promise<Diagnosis> {
  if (!ladder) return conclude(...examinations);
  return conclude(...examinations, await climbLadder(evidence, { onProgress, signal }));
}

/** The settings, or why there are none. */
async function settingsOf({
  settings,
  settingsFrom = "settings",
}: DiagnoseOptions): Promise<GivenSettings | Diagnosis> {
  try {
    return await checkTrainingSettings(settings, settingsFrom);
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    const { where, problem, remedy } = error;
    const evidence = [`${where ?? settingsFrom}: ${problem}`];
    const diagnosis = "A setting is not what it can be; training refuses it.";
    const found = finding({ code: "INVALID_SETTINGS", severity: "wrong", diagnosis, evidence, remedy });
    return {
      findings: [found],
      healthy: [],
      untold: [{ check: "everything else", probe: "settings that are valid" }],
    };
  }
}

// ── What was given ──────────────────────────────────────────────────────────────────────────────────────────────

type Kind = "manifest" | "run" | "arrays";

const ARRAYS = [".npz", ".npy", ".safetensors", ".onnx"];

/** A run with a batch to run it on is its model. */
async function kindOf(path: string, { batch = [] }: DiagnoseOptions): Promise<Kind> {
  const found = await fileFacts(path);
  if (found === undefined) throw notFound(path);
  const isRun = found.kind === "folder" && (await fileFacts(join(path, RUN_FILES.settings))) !== undefined;
  if (isRun) return batch.length > 0 ? "arrays" : "run";
  if (found.kind === "folder") return "manifest";
  if (ARRAYS.includes(extname(path).toLowerCase())) return "arrays";
  return (await isArrayJson(path)) ? "arrays" : "manifest";
}

const LOOK_BYTES = 4096;

/** JSON lines are one object of a recording on each line; JSON of arrays is one object of lists of numbers. */
async function isArrayJson(path: string): Promise<boolean> {
  if (extname(path).toLowerCase() !== ".json") return false;
  for await (const chunk of readChunks(path)) {
    const beginning = new TextDecoder().decode(chunk.subarray(0, LOOK_BYTES));
    return !/"(?:audio_filepath|audio|path|wav|file)"\s*:\s*"/.test(beginning);
  }
  return true; // an empty file, which the reader of arrays explains
}

function notFound(path: string): EarshotError {
  return new EarshotError({
    code: "SUBJECT_NOT_FOUND",
    where: path,
    problem: "There is no such file or folder.",
    remedy: "Give a manifest, a YAML file of settings, the folder of a run, a model, or files of arrays.",
  });
}

function mixed(subjects: readonly string[], kinds: readonly Kind[]): EarshotError {
  return new EarshotError({
    code: "MIXED_SUBJECTS",
    where: subjects.join(", "),
    problem: `These are of different kinds: ${[...new Set(kinds)].join(", ")}.`,
    remedy: "Give manifests, or one run, or the arrays of one batch.",
  });
}
