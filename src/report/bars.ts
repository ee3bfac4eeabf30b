// Horizontal bars as SVG in a figure, a row for each value: its name before it, what it says behind it. Drawn as chart.ts
// draws lines, with colors of the page's style by number.

import { markup, type Markup } from "./markup.ts";
import { scaleOver } from "./scale.ts";

export interface Bar {
  readonly name: string;
  /** What the name stands for, for those who point at it. */
  readonly means: string;
  readonly value: number;
  /** Behind the bar. */
  readonly label: string;
}

export interface BarChart {
  readonly title: string;
  /** A sentence below the title. */
  readonly note?: string;
  readonly bars: readonly Bar[];
  /** A vertical line, with which the bars are compared: what goes beyond it has a color of its own. */
  readonly base: number;
  readonly format: (value: number) => string;
}

const [WIDTH, ROW, THICKNESS] = [400, 20, 11];
/** Room for the names before the bars and the labels behind them. */
const PLOT = { left: 128, right: WIDTH - 92, top: 6 };

export function barChart({ title, note, bars, base, format }: BarChart): Markup {
  const scale = scaleOver([...bars.map(({ value }) => value), base], "linear", { fromZero: true });
  const place = (value: number): number => round(PLOT.left + (PLOT.right - PLOT.left) * scale.place(value));
  const bottom = PLOT.top + ROW * bars.length;
  const ticks = scale.ticks.map(
    (
      value,
    ) => markup`<line class="grid" x1="${place(value)}" x2="${place(value)}" y1="${PLOT.top}" y2="${bottom}"/>
<text x="${place(value)}" y="${bottom + 15}" text-anchor="middle">${format(value)}</text>
`,
  );
  const described = bars.map(({ name, label }) => `${name} ${label}`).join(", ");
  return markup`<figure class="chart bars"><figcaption>${title}</figcaption>${note && markup`<p class="note">${note}</p>`}
<svg viewBox="0 0 ${WIDTH} ${bottom + 20}" role="img" aria-label="${title}: ${described}">
${ticks}${bars.map((bar, row) => drawBar(bar, PLOT.top + ROW * row, base, place))}
<line class="mark" x1="${place(base)}" x2="${place(base)}" y1="${PLOT.top}" y2="${bottom}"/>
</svg></figure>`;
}

function drawBar(
  { name, means, value, label }: Bar,
  top: number,
  base: number,
  place: (value: number) => number,
): Markup {
  const [start, kept, end] = [place(0), place(Math.min(value, base)), place(value)];
  const [y, line] = [top + (ROW - THICKNESS) / 2, top + ROW / 2 + 4];
  return markup`<g><title>${name}: ${means}; ${label}</title><text x="${PLOT.left - 6}" y="${line}" text-anchor="end">${name}</text>
<rect class="line7" x="${start}" y="${y}" width="${round(kept - start)}" height="${THICKNESS}"/><rect class="line1" x="${kept}" y="${y}" width="${round(end - kept)}" height="${THICKNESS}"/>
<text x="${end + 6}" y="${line}">${label}</text></g>
`;
}

const round = (value: number): number => Number(value.toFixed(1));
