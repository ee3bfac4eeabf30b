// `earshot tune --reject`: the confidence from which on a text is accepted, by recordings in which nothing is to be.

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { InvalidArgumentError, Option } from "commander";
import type { Selection, Utterance } from "../../../data/index.ts";
import type { EarshotError } from "../../../errors.ts";
import type { CalibrationProgress, RejectionCalibration, TradeOff } from "../../../evaluation/index.ts";
import type { Recognizer } from "../../../recognizer/index.ts";
import { count, duration, percent } from "../../../figures.ts";
import { checkOutputs, checkReplaceable, replaceFile } from "../../../platform/index.ts";
import { complainOf } from "../failures.ts";
import { readGiven, type DecoderFlags } from "../decoding.ts";
import { requireModels } from "../options.ts";
import { openRecognizer, type RecognizerFlags } from "../recognizer.ts";
import { listRecordings } from "../recordings.ts";
import { EXIT, usageFault, type Session } from "../session.ts";

export interface RejectFlags extends RecognizerFlags, DecoderFlags {
  readonly reject?: readonly string[];
  readonly falseAccepts?: number;
  readonly tradeOff?: string;
}

export const rejectOptions = (): Option[] => [
  new Option(
    "--reject <path...>",
    "instead learn what to reject, and store it in the model file: recordings, folders or manifests in which nothing is said that is to be recognized",
  ),
  new Option(
    "--false-accepts <n>",
    "with --reject: how many of their texts may be accepted in an hour; 1 by default",
  ).argParser(parseRate),
  new Option("--trade-off <file>", "with --reject: draw what a threshold brings and costs (HTML)"),
];

function parseRate(text: string): number {
  const rate = Number(text);
  if (text.trim() !== "" && rate >= 0 && Number.isFinite(rate)) return rate;
  throw new InvalidArgumentError("It is a number of at least 0, such as 0.5.");
}

/** @param reject all that stands behind --reject, up to the next option: perhaps the manifest too */
export function missingManifest(reject: readonly string[] = []): EarshotError {
  const problem = "There is no manifest of utterances to tune on.";
  if (reject.length < 2) return usageFault(problem, "See: earshot tune --help");
  const [others, last] = [reject.slice(0, -1), reject.at(-1)];
  return usageFault(
    `${problem} --reject takes every path behind it, ${last} too.`,
    `If ${last} is the manifest, give it first: earshot tune ${last} --reject ${others.join(" ")}`,
  );
}

/** @param manifest of the utterances, by which it is called */
export async function tuneRejection(
  manifest: string,
  { utterances, split }: Selection,
  options: RejectFlags,
  session: Session,
): Promise<void> {
  const { reject = [], tradeOff = null } = options;
  const models = requireModels(options.model, "tune");
  if (models.length > 1)
    throw usageFault("--reject calibrates one model, but several are given.", "Give one -m.");
  const spoken = utterances.filter(({ transcript }) => transcript.trim() !== "");
  const { checkNotBoxed, modelPathOf } = await import("../../../model/index.ts");
  await checkNotBoxed(models[0]);
  const others = await recordingsToReject(reject, split ?? undefined, spoken, session);
  const modelPath = await modelPathOf(models[0]);
  const inputs = [manifest, modelPath, ...[...utterances, ...others].map(({ path }) => path)];
  if (tradeOff !== null) await checkOutputs([tradeOff], { inputs });
  await checkReplaceable(modelPath);
  const recognizer = await openRecognizer({ ...options, reject: false }, "tune", session);
  try {
    const start = performance.now();
    const found = await calibrate(recognizer, spoken, others, options, session);
    const stored = await store(models[0], found);
    const elapsedSeconds = (performance.now() - start) / 1000;
    const about = `${models[0]} · ${manifest}${split === null ? "" : `, split ${split}`}`;
    if (tradeOff !== null) await drawTradeOff(tradeOff, found, about);
    report(found, { manifest, split, elapsedSeconds, tradeOff, stored }, session);
  } finally {
    await recognizer.close();
  }
}

async function calibrate(
  recognizer: Recognizer,
  spoken: readonly Utterance[],
  others: readonly Utterance[],
  { falseAccepts: falseAcceptsPerHour }: RejectFlags,
  { output, signal }: Session,
): Promise<RejectionCalibration> {
  const { calibrateRejection } = await import("../../../evaluation/index.ts");
  const onProgress = ({ stage, done, total }: CalibrationProgress) =>
    output.progress(`${stage} ${done}/${total}`);
  return calibrateRejection(recognizer, spoken, others, { falseAcceptsPerHour, signal, onProgress });
}

async function drawTradeOff(path: string, found: RejectionCalibration, about: string): Promise<void> {
  const { rejectionPage } = await import("../../../report/index.ts");
  await replaceFile(path, new TextEncoder().encode(rejectionPage(found, about)));
}

/** None of them is an utterance: the same recording cannot be both. */
async function recordingsToReject(
  paths: readonly string[],
  split: string | undefined,
  utterances: readonly Utterance[],
  session: Session,
): Promise<Utterance[]> {
  await Promise.all(paths.map((path) => readGiven(path, "a recording, a folder or a manifest", stat)));
  const { recordings, warnings, failures } = await listRecordings(paths, "tune", session, split);
  for (const warning of warnings) session.output.warn(warning);
  if (failures.length > 0) throw failures[0].error;
  const spoken = new Set(utterances.map(({ path }) => resolve(path)));
  const both = recordings.find(({ path }) => spoken.has(resolve(path)));
  if (both)
    throw usageFault(
      `${both.path} is an utterance of the manifest, and is to be rejected.`,
      "Give --reject only recordings in which nothing is said that is to be recognized.",
    );
  return recordings.map(({ path }) => ({ path, transcript: "", speaker: "", split: "", where: path }));
}

async function store(model: string, { rejection }: RejectionCalibration): Promise<string> {
  const { isOnnxPath, modelPathOf, saveOnnxSettings, saveRejection } =
    await import("../../../model/index.ts");
  const path = await modelPathOf(model);
  if (isOnnxPath(path)) return saveOnnxSettings(path, { rejection: { ...rejection } });
  await saveRejection(path, { ...rejection });
  return path;
}

interface Circumstances {
  readonly manifest: string;
  readonly split: string | null;
  readonly elapsedSeconds: number;
  readonly tradeOff: string | null;
  readonly stored: string;
}

function report(found: RejectionCalibration, circumstances: Circumstances, session: Session): void {
  const { output } = session;
  const { failures, ...calibration } = found;
  warnOfShortness(found, output);
  if (failures.length > 0) session.exitCode = EXIT.findings;
  if (output.json) {
    const failed = failures.map(({ utterance, error }) => ({ path: utterance.path, error }));
    output.object({ ...calibration, ...circumstances, failures: failed });
    return;
  }
  complainOf(failures, output);
  const { chosen, points, utterances, others, otherHours } = calibration;
  output.write("threshold  accepted    right  false accepts per hour\n");
  for (const point of [...atRates(points), chosen].toSorted((a, b) => a.threshold - b.threshold))
    output.write(`${rowOf(point)}${point === chosen ? "  chosen" : ""}\n`);
  output.write(
    `${utterances} utterances; ${others} pieces to reject, ${duration(3600 * otherHours)}; in ${duration(circumstances.elapsedSeconds)}\n`,
  );
  if (circumstances.tradeOff !== null) output.write(`trade-off: ${circumstances.tradeOff}\n`);
  output.write(`stored in ${circumstances.stored}\n`);
}

/** Where what was asked for comes to less than one text, a rate that was kept says little. */
function warnOfShortness({ rejection, otherHours }: RejectionCalibration, output: Session["output"]): void {
  const { falseAcceptsPerHour: rate = 1 } = rejection;
  if (rate === 0 || rate * otherHours >= 1) return;
  output.warn({
    code: "SHORT_CALIBRATION",
    message: `Only ${duration(3600 * otherHours)} of what is to be rejected: too little to tell whether no more than ${count(rate, "text")} an hour will be accepted. Give ${duration(3600 / rate)} or more.`,
  });
}

/** False accepts per hour that people compare. */
const RATES = [Infinity, 100, 30, 10, 3, 1, 0];

/** For each rate the first threshold that keeps it. */
const atRates = (points: readonly TradeOff[]): TradeOff[] => {
  const found = RATES.flatMap((rate) => points.find((point) => point.falseAcceptsPerHour <= rate) ?? []);
  return [...new Set(found)];
};

function rowOf({ threshold, recall, rightRecall, falseAcceptsPerHour }: TradeOff): string {
  const cells = [
    percent(recall).padStart(8),
    percent(rightRecall).padStart(7),
    falseAcceptsPerHour.toFixed(1).padStart(22),
  ];
  return `${threshold.toFixed(6).padStart(9)}  ${cells.join("  ")}`;
}
