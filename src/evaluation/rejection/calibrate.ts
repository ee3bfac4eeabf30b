// How a model learns what to reject: utterances of a dev split, also in noise, against recordings that hold none. Each piece
// is decoded once, as the recognizer itself would cut and decode it; the evidence for its text is weighed by logistic
// regression, and the threshold set by the false accepts that are asked for. Knows nothing of files.

import { SAMPLE_RATE_HZ } from "../../audio/index.ts";
import { confidenceOf, EVIDENCE, type Evidence, type Rejection } from "../../ctc/index.ts";
import type { Utterance } from "../../data/index.ts";
import { EarshotError } from "../../errors.ts";
import { RandomStream } from "../../random.ts";
import type { Recognizer, Source } from "../../recognizer/index.ts";
import type { Failure } from "../references.ts";
import { CONDITIONS, type Condition } from "../stress/conditions.ts";
import { stableName, TestRecordings } from "../stress/test-recordings.ts";
import { forEachUtterance, type UtteranceRows } from "../utterance-rows.ts";
import { fitLogistic } from "./logistic.ts";
import {
  hoursOf,
  thresholdFor,
  tradeOffAt,
  tradeOffs,
  type JudgedPiece,
  type TradeOff,
} from "./trade-off.ts";

export interface CalibrateOptions {
  /** 1 by default. */
  readonly falseAcceptsPerHour?: number;
  readonly signal?: AbortSignal;
  /** What is recognized for a recording; by default the recording itself, and of utterances also as some noises change it. */
  readonly sourceOf?: (utterance: Utterance) => Promise<Source>;
  readonly onProgress?: (progress: CalibrationProgress) => void;
}

export interface CalibrationProgress {
  readonly stage: "utterances" | "in noise" | "to be rejected";
  readonly done: number;
  readonly total: number;
}

export interface RejectionCalibration {
  readonly rejection: Rejection;
  /** At the threshold chosen. */
  readonly chosen: TradeOff;
  /** Over all thresholds, from 0. */
  readonly points: readonly TradeOff[];
  readonly utterances: number;
  /** What is to be rejected: pieces, and how long they are. */
  readonly others: number;
  readonly otherHours: number;
  readonly failures: readonly Failure[];
}

/** Utterances are learned in these too, where they are recognized right: a little noise is no reason to reject. */
const IN_NOISE = ["white-10db", "pink-10db", "hum-10db", "room-medium"];

/** An utterance, or a piece of what is to be rejected. */
interface ScoredPiece extends Omit<JudgedPiece, "confidence"> {
  /** Of each of its pieces that has a text. */
  readonly evidence: readonly Evidence[];
}

/**
 * @param utterances with transcripts @param others recordings in which nothing is said that is to be recognized
 * @throws what `forEachUtterance` throws; NOTHING_TO_CALIBRATE
 */
export async function calibrate(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  others: readonly Utterance[],
  { falseAcceptsPerHour = 1, signal, onProgress, sourceOf: given }: CalibrateOptions = {},
): Promise<RejectionCalibration> {
  const failures = new Map<Utterance, Failure>();
  const score = async (
    stage: CalibrationProgress["stage"],
    rows: readonly Utterance[],
    take: (row: UtteranceRows) => ScoredPiece[],
    sourceOf = given,
  ): Promise<ScoredPiece[]> => {
    const scored: ScoredPiece[] = [];
    const progress = ({ done, total }: Omit<CalibrationProgress, "stage">) =>
      onProgress?.({ stage, done, total });
    const options = { signal, sourceOf, onProgress: progress };
    const coverage = await forEachUtterance(recognizer, rows, options, (row) => scored.push(...take(row)));
    for (const failure of coverage.failures) failures.set(failure.utterance, failure);
    return scored;
  };
  const whole = (row: UtteranceRows) => [wholeOf(recognizer, row)];
  const clean = await score("utterances", utterances, whole);
  const readable = utterances.filter((utterance) => !failures.has(utterance));
  const noisy: ScoredPiece[] = [];
  for (const condition of given ? [] : CONDITIONS.filter(({ name }) => IN_NOISE.includes(name)))
    noisy.push(...(await score("in noise", readable, whole, sourcesUnder(condition, readable))));
  const wordless = others.map((utterance) => ({ ...utterance, transcript: "" }));
  const rejected = await score("to be rejected", wordless, (row) => piecesOf(recognizer, row));
  const { rejection, ...calibration } = calibrationOf(clean, noisy, rejected, falseAcceptsPerHour);
  const calibratedWith = recognizer.hasGrammar ? "grammar" : "any text";
  return { ...calibration, rejection: { ...rejection, calibratedWith }, failures: [...failures.values()] };
}

function calibrationOf(
  clean: readonly ScoredPiece[],
  noisy: readonly ScoredPiece[],
  rejected: readonly ScoredPiece[],
  falseAcceptsPerHour: number,
): Omit<RejectionCalibration, "failures"> {
  const right = noisy.filter(({ isRight }) => isRight);
  const [positives, negatives] = [[...clean, ...right], rejected].map((scored) =>
    scored.flatMap(({ evidence }) => evidence.map(numbersOf)),
  );
  if (positives.length === 0) throw nothingToCalibrate();
  // where nothing is made of what is to be rejected, everything is told apart already
  const fitted = negatives.length > 0 ? fitLogistic(positives, negatives) : ACCEPTING;
  const { bias } = fitted;
  const weights = Object.fromEntries(
    EVIDENCE.map((name, i) => [name, fitted.weights[i]]),
  ) as Rejection["weights"];
  const [spoken, others] = [clean, rejected].map((scored) =>
    scored.map((one) => judged(one, { weights, bias })),
  );
  const threshold = thresholdFor(falseAcceptsPerHour, spoken, others);
  return {
    rejection: { weights, bias, threshold, falseAcceptsPerHour },
    chosen: tradeOffAt(threshold, spoken, others),
    points: tradeOffs(spoken, others),
    utterances: spoken.length,
    others: others.length,
    otherHours: hoursOf(others),
  };
}

/** Everything is more likely an utterance. */
const ACCEPTING = { weights: EVIDENCE.map(() => 0), bias: 3 };

const numbersOf = (evidence: Evidence): number[] => EVIDENCE.map((name) => evidence[name]);

/** Of several pieces the least sure. */
function judged(
  { evidence, seconds, isRight }: ScoredPiece,
  rejection: Pick<Rejection, "weights" | "bias">,
): JudgedPiece {
  const confidences = evidence.map((piece) => confidenceOf(piece, rejection));
  return { confidence: evidence.length > 0 ? Math.min(...confidences) : 0, seconds, isRight };
}

function wholeOf(recognizer: Recognizer, { recording, reference }: UtteranceRows): ScoredPiece {
  const evidence = recognizer.evidence(recording).flatMap((piece) => piece.evidence ?? []);
  const isRight = recognizer.decode(recording).text === reference;
  return { evidence, seconds: recording.seconds, isRight };
}

function piecesOf(recognizer: Recognizer, { recording }: UtteranceRows): ScoredPiece[] {
  const { parts, seconds } = recording;
  return recognizer.evidence(recording).map(({ evidence }, i) => {
    const endMs = parts[i + 1]?.startMs ?? 1000 * seconds;
    const startMs = i === 0 ? 0 : parts[i].startMs;
    return { evidence: evidence ? [evidence] : [], seconds: (endMs - startMs) / 1000 };
  });
}

function sourcesUnder({ name, change }: Condition, utterances: readonly Utterance[]) {
  const recordings = new TestRecordings(utterances, 1);
  return async (utterance: Utterance): Promise<Source> => {
    const samples = await recordings.read(utterance);
    if (samples === undefined) return utterance.path; // the recognizer says what is wrong with it
    const seed = new RandomStream("calibration", name, stableName(utterance)).bits();
    const voices = (most: number) => recordings.voicesBeside(utterance, samples, most, seed);
    return { samples: await change(samples, { seed, voices }), sampleRateHz: SAMPLE_RATE_HZ };
  };
}

function nothingToCalibrate(): EarshotError {
  return new EarshotError({
    code: "NOTHING_TO_CALIBRATE",
    where: "rejection",
    problem: "In none of the utterances anything was recognized, so nothing tells them from all else.",
    remedy: "Train the model until it recognizes them; then calibrate it.",
  });
}
