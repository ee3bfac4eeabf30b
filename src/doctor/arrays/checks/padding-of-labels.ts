// Where the labels of a batch end and their padding begins: a run of one index at the ends of several utterances that
// all reach the same width is padding, whatever the lengths say.

import type { BatchEvidence } from "../evidence/batch-evidence.ts";
import { labelsOf } from "./rows.ts";

interface LabelPadding {
  readonly index: number;
  /** [B], how many of each utterance's counted labels are padding. */
  readonly counts: readonly number[];
}

const LEAST_RUN = 3; // words end in two equal letters, never in three

/** Padding within the counted labels: all utterances reach one width, and some by a run of one index. */
export function countedPadding(evidence: BatchEvidence): LabelPadding | undefined {
  const labels = labelsOf(evidence);
  if (!labels || labels.length < 2) return undefined;
  const width = labels[0].length;
  const runs = labels.map((own) => ({ index: own.at(-1), run: trailingRun(own) }));
  const longest = runs.reduce((a, b) => (b.run > a.run ? b : a));
  if (longest.index === undefined) return undefined;
  const oneWidth = labels.every((own) => own.length === width);
  const doubled = runs.filter(({ index, run }) => index === longest.index && run > 1).length;
  const isPadding =
    longest.index === evidence.blank
      ? longest.run >= LEAST_RUN ||
        (longest.run > 1 && (oneWidth || isOnlyAtEnds(labels, runs, longest.index)))
      : oneWidth && (longest.run >= LEAST_RUN || doubled > 1);
  if (!isPadding) return undefined;
  return { index: longest.index, counts: runs.map(({ index, run }) => (index === longest.index ? run : 0)) };
}

function isOnlyAtEnds(
  labels: readonly Int32Array[],
  runs: readonly { run: number }[],
  index: number,
): boolean {
  return labels.every((own, b) => own.at(-1) !== index || !own.slice(0, -runs[b].run).includes(index));
}

function trailingRun(labels: Int32Array): number {
  let run = 0;
  while (run < labels.length && labels[labels.length - 1 - run] === labels.at(-1)) run++;
  return run;
}

/** [B], the number of labels without padding that was counted among them. */
export function spelledLengths(evidence: BatchEvidence): number[] | undefined {
  const padding = countedPadding(evidence);
  return labelsOf(evidence)?.map((labels, b) => labels.length - (padding?.counts[b] ?? 0));
}
