// What tuning found, as people read it: a table of WER and CER for each grid and beam, α down, β across.

import type { Tuning, TuningGrid, TuningPoint } from "../../evaluation/index.ts";

export function formatTuning({ stages, best }: Tuning): string {
  return stages
    .flatMap(({ grid, points }) => grid.beams.map((beam) => formatGrid(grid, beam, points, best)))
    .join("\n");
}

function formatGrid(
  { alphas, betas }: TuningGrid,
  beam: number,
  points: readonly TuningPoint[],
  best: TuningPoint,
): string {
  const cell = (alpha: number, beta: number): string => {
    const point = points.find((p) => p.alpha === alpha && p.beta === beta && p.beam === beam);
    if (!point) return "";
    const rates = [point.wer, point.cer].map((rate) => (100 * rate).toFixed(1)).join("/");
    return point === best ? `*${rates}` : rates;
  };
  const head = [`α \\ β`, ...betas.map(String)];
  const rows = alphas.map((alpha) => [String(alpha), ...betas.map((beta) => cell(alpha, beta))]);
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
  const lines = [head, ...rows].map((row) => row.map((text, i) => text.padStart(widths[i])).join("  "));
  return `beam ${beam}, WER/CER in %\n${lines.join("\n")}\n`;
}
