// How the run went: losses, error rates, learning rate and the norm of the gradient over its epochs, and a table of them.

import { duration, percent } from "../../figures.ts";
import { chart, type Point } from "../chart.ts";
import { markup, type Markup } from "../markup.ts";
import type { Run } from "../run.ts";
import { bestEpoch, type BatchLine, type EpochLine, type RunLog } from "../run-log.ts";

/** Batches are drawn as means of neighbors: so many points are as much as a line shows. */
const MOST_POINTS = 240;

export function curveSection({ log, used }: Run): Markup {
  return markup`<section id="curves"><h2>Curves</h2>
<div class="charts">
${lossChart(log)}
${errorChart(log)}
${learningRateChart(log)}
${gradientChart(log, used.gradientCap)}
</div>
${log.epochs.length > 0 && epochTable(log.epochs)}</section>`;
}

function lossChart(log: RunLog): Markup {
  const lines = [
    { name: "train", points: overEpochs(log, ({ trainLoss }) => trainLoss) },
    { name: "dev", points: overEpochs(log, ({ devLoss = null }) => devLoss) },
    { name: "batches", points: overBatches(log, ({ loss }) => loss, mean), faint: true },
  ];
  const title = "Loss, in nats of an utterance";
  return chart({
    title,
    lines: withPoints(lines),
    kind: "log",
    format: short,
    across: "epochs",
    mark: markOf(log),
  });
}

function errorChart(log: RunLog): Markup {
  const lines = [
    { name: "WER", points: overEpochs(log, ({ devWer = null }) => devWer) },
    { name: "CER", points: overEpochs(log, ({ devCer = null }) => devCer) },
  ];
  const format = (rate: number) => `${short(100 * rate)} %`;
  const title = "Errors on dev, greedy";
  return chart({
    title,
    lines: withPoints(lines),
    fromZero: true,
    format,
    across: "epochs",
    mark: markOf(log),
  });
}

function learningRateChart(log: RunLog): Markup {
  const points = overBatches(log, ({ learningRate }) => learningRate, mean);
  const lines = [{ name: "learning rate", points }];
  return chart({ title: "Learning rate", lines, fromZero: true, format: short, across: "epochs" });
}

function gradientChart(log: RunLog, cap: number | undefined): Markup {
  const norm = ({ gradientNorm }: BatchLine) => gradientNorm;
  const means = overBatches(log, norm, mean);
  const lines = [
    { name: "mean", points: means },
    { name: "largest", points: overBatches(log, norm, largest), faint: true },
    ...(cap !== undefined && means.length > 0
      ? [
          {
            name: `cap ${cap}`,
            points: [
              { x: 0, y: cap },
              { x: means.at(-1)!.x, y: cap },
            ],
            faint: true,
          },
        ]
      : []),
  ];
  const title = "Norm of the gradient, before the cap";
  return chart({ title, lines, kind: "log", format: short, across: "epochs" });
}

function overEpochs({ epochs }: RunLog, figure: (line: EpochLine) => number | null): Point[] {
  return epochs.map((line) => ({ x: line.epoch, y: figure(line) }));
}

const withPoints = <Line extends { readonly points: readonly Point[] }>(lines: readonly Line[]): Line[] =>
  lines.filter(({ points }) => points.some(({ y }) => y !== null));

/** @param summary of the figures of neighbors, of which there is at least one */
function overBatches(
  { batches }: RunLog,
  figure: (line: BatchLine) => number | null,
  summary: (figures: readonly number[]) => number,
): Point[] {
  const neighbors = Math.ceil(batches.length / MOST_POINTS);
  return Array.from({ length: Math.ceil(batches.length / Math.max(1, neighbors)) }, (_, i) => {
    const group = batches.slice(i * neighbors, (i + 1) * neighbors);
    const { epoch, batch, batches: inEpoch } = group.at(-1)!;
    const figures = group.map(figure).filter((value) => value !== null);
    const x = Number((epoch - 1 + batch / inEpoch).toFixed(3));
    return { x, y: figures.length > 0 ? summary(figures) : null };
  });
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));

function markOf(log: RunLog): { x: number; name: string } | undefined {
  const best = bestEpoch(log);
  return best?.devWer === undefined ? undefined : { x: best.epoch, name: "best" };
}

/** Three digits: 0.0015, 12.3, 1e-5. */
export function short(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e5 ? String(Number(value.toPrecision(3))) : value.toExponential(0);
}

function epochTable(epochs: readonly EpochLine[]): Markup {
  const figure = (value: number | null | undefined) => (typeof value === "number" ? value.toFixed(2) : "–");
  const rate = (value: number | undefined) => (value === undefined ? "–" : percent(value));
  const rows = epochs.map(
    (
      line,
    ) => markup`<tr${line.best && markup` class="best"`}><th scope="row">${line.epoch}</th><td>${figure(line.trainLoss)}</td><td>${figure(line.devLoss)}</td><td>${rate(line.devWer)}</td><td>${rate(line.devCer)}</td><td>${duration(line.seconds)}</td><td>${line.best ? "best so far" : ""}</td></tr>
`,
  );
  return markup`<details><summary>The epochs as a table</summary><div class="scroll"><table class="numbers">
<thead><tr><th>epoch</th><th>train loss</th><th>dev loss</th><th>WER</th><th>CER</th><th>time</th><th></th></tr></thead>
<tbody>
${rows}</tbody></table></div></details>`;
}
