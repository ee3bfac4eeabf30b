// What a comparison shows of each model and of each two, in words: the same for the page and for the terminal.

import { count, duration, megabytes, percent } from "../../figures.ts";
import { signedPoints, type SystemPair } from "../../evaluation/index.ts";
import type { ComparedModel, ModelComparison } from "./model-comparison.ts";

/** Below it a difference is called more than chance. */
const SIGNIFICANT = 0.05;
const UNKNOWN = "–";

/** The columns of the table. */
export function columnsOf(comparison: Pick<ModelComparison, "clip" | "systems">): string[] {
  const { clip } = comparison;
  return [
    "model",
    "WER",
    "95 of 100",
    "CER",
    ...(someReject(comparison) ? ["accepted"] : []),
    "network",
    "parameters",
    "file",
    "training",
    "real-time factor",
    "delay",
    `text of ${clip.seconds.toFixed(1)} s`,
    "memory",
  ];
}

const someReject = ({ systems }: Pick<ModelComparison, "systems">): boolean =>
  systems.some(({ accepted }) => accepted !== undefined);

export function rowOf(model: ComparedModel, comparison: Pick<ModelComparison, "systems">): string[] {
  const { name, wer, cer, accepted, interval, networks, parameters, fileBytes, trainingSeconds } = model;
  const { realTimeFactor, delayMs, clipMs, peakBytes } = model;
  return [
    name,
    percent(wer),
    rangeOf(interval),
    percent(cer),
    ...(someReject(comparison) ? [accepted === undefined ? "all" : percent(accepted)] : []),
    networksOf(networks),
    parameters === 0 ? UNKNOWN : parameters.toLocaleString("en-US"),
    megabytes(fileBytes),
    duration(trainingSeconds),
    realTimeFactor.toFixed(3),
    delayMs === undefined ? "whole utterance" : `${Math.round(delayMs)} ms`,
    `${clipMs.toFixed(clipMs < 10 ? 1 : 0)} ms`,
    peakBytes === undefined ? UNKNOWN : megabytes(peakBytes),
  ];
}

/** Those of an ensemble, each kind once. */
function networksOf(networks: readonly string[]): string {
  const kinds = [...new Set(networks)];
  const counted = kinds.map((kind) => ({ kind, times: networks.filter((each) => each === kind).length }));
  return counted.map(({ kind, times }) => (times === 1 ? kind : `${times} of ${kind}`)).join(" + ");
}

const rangeOf = ({ low, high }: { low: number; high: number }): string =>
  `${(100 * low).toFixed(1)} – ${percent(high)}`;

/** "B against A: −2.2 points of WER (−4.2 to −0.1), p = 0.039: more than chance". */
export function verdictOf(
  pair: SystemPair,
  { systems, pairs }: Pick<ModelComparison, "systems" | "pairs">,
): string {
  const { first, second, difference, interval, p, adjustedP, segments } = pair;
  const points = (rate: number): string => signedPoints(100 * rate);
  const among = pairs.length > 1 ? `, p ${probability(adjustedP)} among ${pairs.length} pairs` : "";
  const verdict = adjustedP < SIGNIFICANT ? "more than chance" : "may be chance";
  return `${systems[second].name} against ${systems[first].name}: ${points(difference)} points of WER (${points(interval.low)} to ${points(interval.high)}), p ${probability(p)} in ${count(segments, "segment")}${among}: ${verdict}`;
}

const probability = (p: number): string => (p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`);

/** "31 words: e × 4, b × 3 …" */
export function wordList(words: SystemPair["onlyFirst"], most: number): string {
  const total = words.reduce((sum, { times }) => sum + times, 0);
  if (total === 0) return "none";
  const shown = words.slice(0, most).map(({ word, times }) => (times === 1 ? word : `${word} × ${times}`));
  return `${total}: ${shown.join(", ")}${words.length > most ? " …" : ""}`;
}

/** Utterances on which the models differ in errors, those with the largest differences first. */
export function differingUtterances({
  utterances,
}: Pick<ModelComparison, "utterances">): ModelComparison["utterances"] {
  const spread = (errors: readonly number[]): number => Math.max(...errors) - Math.min(...errors);
  return utterances
    .filter(({ errors }) => spread(errors) > 0)
    .toSorted((a, b) => spread(b.errors) - spread(a.errors));
}
