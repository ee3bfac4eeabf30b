// The page of a calibration: what a threshold brings and costs, as a curve and as a table, and what was chosen.

import type { RejectionCalibration, TradeOff } from "../evaluation/index.ts";
import { count, percent } from "../figures.ts";
import { chart } from "./chart.ts";
import { htmlDocument } from "./document.ts";
import { markup, type Markup } from "./markup.ts";

/** Beyond so many in an hour nobody looks. */
const MOST_PER_HOUR = 60;

/** @param about the model, and what it was calibrated on */
export function rejectionPage(calibration: RejectionCalibration, about: string): string {
  const { chosen, points, rejection, utterances, others, otherHours } = calibration;
  const body = markup`<header><h1>Rejection</h1>
<p class="path">${about}</p>
<p>At a threshold of ${threshold(chosen)} ${percent(chosen.recall)} of ${count(utterances, "utterance")} are accepted, and ${count(chosen.falseAccepts, "text")} in ${otherHours.toFixed(2)} hours of what is to be rejected (${count(others, "piece")}): ${chosen.falseAcceptsPerHour.toFixed(1)} an hour, where ${rejection.falseAcceptsPerHour ?? 1} was asked for.</p></header>
<main><div class="charts">
${recallChart(points, chosen)}</div>
${table(selected(points, chosen), chosen)}</main>
`;
  return htmlDocument({ title: "Rejection", body, style: "" });
}

function recallChart(points: readonly TradeOff[], { falseAcceptsPerHour, recall }: TradeOff): Markup {
  const shown = points.filter((point) => point.falseAcceptsPerHour <= MOST_PER_HOUR);
  const line = (name: string, valueOf: (point: TradeOff) => number) => {
    const best = new Map<number, number>(); // of equal false accepts, the most
    for (const point of shown)
      best.set(point.falseAcceptsPerHour, Math.max(best.get(point.falseAcceptsPerHour) ?? 0, valueOf(point)));
    const sorted = [...best].toSorted(([a], [b]) => a - b);
    return { name, points: sorted.map(([x, y]) => ({ x, y })) };
  };
  return chart({
    title: "Utterances accepted",
    note: "Farther to the left is quieter, higher up is more obedient.",
    lines: [
      line("accepted", (point) => point.recall),
      line("with the right text", (point) => point.rightRecall),
    ],
    format: (value) => `${Math.round(100 * value)} %`,
    across: "false accepts per hour",
    mark: { x: falseAcceptsPerHour, name: `chosen: ${percent(recall)}` },
  });
}

const ROWS = 16;

/** Evenly from all, the chosen one among them. */
function selected(points: readonly TradeOff[], chosen: TradeOff): TradeOff[] {
  const every = Math.max(1, Math.floor(points.length / ROWS));
  return [...points.filter((_, i) => i % every === 0), chosen].toSorted((a, b) => a.threshold - b.threshold);
}

const threshold = (point: TradeOff): string => point.threshold.toFixed(4);

function table(points: readonly TradeOff[], chosen: TradeOff): Markup {
  const rows = points.map(
    (
      point,
    ) => markup`<tr${point === chosen && markup` class="best"`}><th scope="row">${threshold(point)}</th><td>${percent(point.recall)}</td><td>${percent(point.rightRecall)}</td><td>${point.falseAcceptsPerHour.toFixed(1)}</td></tr>
`,
  );
  return markup`<div class="scroll"><table class="numbers">
<thead><tr><th>threshold</th><th>accepted</th><th>right</th><th>false accepts per hour</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}
