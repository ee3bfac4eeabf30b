// What the layers do: how large the gradient of each is, and which share of its units is silent (at 0) or at the
// rectifier's ceiling. A layer whose units are all at one of the two passes no gradient on.

import { chart, type Line } from "../chart.ts";
import { markup, type Markup } from "../markup.ts";
import type { Run } from "../run.ts";
import type { LayerFigures, LayersLine } from "../run-log.ts";
import { short } from "./curves.ts";

export function layerSection({ log: { layers } }: Run): Markup {
  const about = markup`<section id="layers"><h2>Layers</h2>`;
  if (layers.length === 0)
    return markup`${about}<p class="note">The log of this run has no figures of its layers.</p></section>`;
  const share = (value: number) => `${short(100 * value)} %`;
  const zero = linesOf(layers, ({ zeroShare = null }) => zeroShare);
  const clipped = linesOf(layers, ({ clippedShare = null }) => clippedShare);
  const shared = { across: "epochs", fromZero: true, format: share };
  return markup`${about}
<div class="charts">
${chart({ title: "Norm of the gradient", lines: linesOf(layers, ({ gradientNorm }) => gradientNorm), kind: "log", format: short, across: "epochs" })}
${chart({ title: "Norm of the weights", lines: linesOf(layers, ({ weightNorm }) => weightNorm), kind: "log", format: short, across: "epochs" })}
${zero.length > 0 && chart({ ...shared, title: "Units at 0", note: "Silent: the rectifier's floor.", lines: zero })}
${clipped.length > 0 && chart({ ...shared, title: "Units at the ceiling", note: "Saturated: where the rectifier clips.", lines: clipped })}
</div></section>`;
}

/** A line for each layer that has the figure in some epoch. */
function linesOf(layers: readonly LayersLine[], figure: (layer: LayerFigures) => number | null): Line[] {
  const names = [...new Set(layers.flatMap((line) => line.layers.map(({ name }) => name)))];
  const lines = names.map((name) => ({
    name,
    points: layers.map((line) => {
      const layer = line.layers.find((each) => each.name === name);
      return { x: line.epoch, y: layer ? figure(layer) : null };
    }),
  }));
  return lines.filter(({ points }) => points.some(({ y }) => y !== null));
}
