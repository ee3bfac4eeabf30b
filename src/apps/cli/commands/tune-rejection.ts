// `earshot tune --reject`: the confidence from which on a text is accepted, by recordings in which nothing is to be.

import { performance } from "node:perf_hooks";
import { InvalidArgumentError, Option } from "commander";
import type { Selection, Utterance } from "../../../data/index.ts";
import type { CalibrationProgress, RejectionCalibration, TradeOff } from "../../../evaluation/index.ts";
import { duration, percent } from "../../../figures.ts";
import { checkOutputs, checkReplaceable, replaceFile } from "../../../platform/index.ts";
import { complainOf } from "../failures.ts";
import type { DecoderFlags } from "../decoding.ts";
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

/** @param manifest of the utterances, by which it is called */
export async function tuneRejection(
  manifest: string,
  { utterances, split }: Selection,
  options: RejectFlags,
  session: Session,
): Promise<void> {
  const { output, signal } = session;
  const models = requireModels(options.model, "tune");
  if (models.length > 1)
    throw usageFault("--reject calibrates one model, but several are given.", "Give one -m.");
  const others = await recordingsToReject(options.reject ?? [], session);
  const { modelPathOf } = await import("../../../model/index.ts");
  const inputs = [
    manifest,
    await modelPathOf(models[0]),
    ...[...utterances, ...others].map(({ path }) => path),
  ];
  if (options.tradeOff !== undefined) await checkOutputs([options.tradeOff], { inputs });
  await checkReplaceable(inputs[1]);
  const recognizer = await openRecognizer({ ...options, reject: false }, "tune", session);
  try {
    const start = performance.now();
    const { calibrateRejection } = await import("../../../evaluation/index.ts");
    const onProgress = ({ stage, done, total }: CalibrationProgress) =>
      output.progress(`${stage} ${done}/${total}`);
    const spoken = utterances.filter(({ transcript }) => transcript.trim() !== "");
    const found = await calibrateRejection(recognizer, spoken, others, {
      falseAcceptsPerHour: options.falseAccepts,
      signal,
      onProgress,
    });
    const stored = await store(models[0], found);
    const elapsedSeconds = (performance.now() - start) / 1000;
    const { tradeOff = null } = options;
    if (tradeOff !== null) {
      const { rejectionPage } = await import("../../../report/index.ts");
      const page = rejectionPage(
        found,
        `${models[0]} · ${manifest}${split === null ? "" : `, split ${split}`}`,
      );
      await replaceFile(tradeOff, new TextEncoder().encode(page));
    }
    report(found, { manifest, split, elapsedSeconds, tradeOff, stored }, session);
  } finally {
    await recognizer.close();
  }
}

async function recordingsToReject(paths: readonly string[], session: Session): Promise<Utterance[]> {
  const { recordings, warnings, failures } = await listRecordings(paths, "tune", session);
  for (const warning of warnings) session.output.warn(warning);
  if (failures.length > 0) throw failures[0].error;
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
