// What tuning found, as people read it: a table of WER and CER for each grid, beam and penalty, α down, β across.

import type { Tuning, TuningGrid, TuningPoint } from "../../evaluation/index.ts";

export function formatTuning({ stages, best }: Tuning): string {
  return stages
    .flatMap(({ grid, points }) =>
      panelsOf(points).map(([beam, penalty, own]) =>
        [`beam ${beam}, penalty of unknown words ${penalty}, WER/CER in %`, formatGrid(grid, own, best)].join(
          "\n",
        ),
      ),
    )
    .join("\n");
}

function formatGrid(
  { alphas, betas }: TuningGrid,
  points: readonly TuningPoint[],
  best: TuningPoint,
): string {
  const cell = (alpha: number, beta: number): string => {
    const point = points.find((p) => p.alpha === alpha && p.beta === beta);
    if (!point) return "";
    const rates = [point.wer, point.cer].map((rate) => (100 * rate).toFixed(1)).join("/");
    return point === best ? `*${rates}` : rates;
  };
  const head = [`α \\ β`, ...betas.map(String)];
  const rows = alphas.map((alpha) => [String(alpha), ...betas.map((beta) => cell(alpha, beta))]);
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
  const lines = [head, ...rows].map((row) => row.map((text, i) => text.padStart(widths[i])).join("  "));
  return `${lines.join("\n")}\n`;
}

/** The points of each beam and penalty, in the order in which they were tried. */
function panelsOf(points: readonly TuningPoint[]): [beam: number, penalty: number, own: TuningPoint[]][] {
  const panels = new Map<string, TuningPoint[]>();
  for (const point of points) {
    const key = `${point.beam} ${point.unknownWordPenalty}`;
    panels.set(key, [...(panels.get(key) ?? []), point]);
  }
  return [...panels.values()].map((own) => [own[0].beam, own[0].unknownWordPenalty, own]);
}
