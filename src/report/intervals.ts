// Values with how far they can be trusted, as SVG in a figure: a row for each, its name before it, a line from its lowest to
// its highest, a dot at the value, what it says behind it. Drawn as bars.ts draws bars.

import { markup, type Markup } from "./markup.ts";
import { scaleOver } from "./scale.ts";

export interface IntervalRow {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Behind the line. */
  readonly label: string;
}

export interface IntervalChart {
  readonly title: string;
  /** A sentence below the title. */
  readonly note?: string;
  readonly rows: readonly IntervalRow[];
  /** A vertical line, such as one of no difference; without it the axis begins at 0, and each row has a color of its own. */
  readonly mark?: number;
  readonly format: (value: number) => string;
}

const [WIDTH, ROW] = [400, 34];
const PLOT = { left: 16, right: WIDTH - 16, top: 4 };

/** Names and labels stand above their lines: names may be long. */
export function intervalChart({ title, note, rows, mark, format }: IntervalChart): Markup {
  const ends = rows.flatMap(({ low, high, value }) => [low, high, value]);
  const mirrored = mark === undefined ? [] : ends.map((end) => 2 * mark - end); // the line in the middle
  const scale = scaleOver([...ends, ...mirrored], "linear", { fromZero: mark === undefined });
  const place = (value: number): number =>
    Number((PLOT.left + (PLOT.right - PLOT.left) * scale.place(value)).toFixed(1));
  const bottom = PLOT.top + ROW * rows.length;
  const ticks = scale.ticks.map(
    (
      value,
    ) => markup`<line class="grid" x1="${place(value)}" x2="${place(value)}" y1="${PLOT.top}" y2="${bottom}"/>
<text x="${place(value)}" y="${bottom + 15}" text-anchor="middle">${format(value)}</text>
`,
  );
  const described = rows.map(({ name, label }) => `${name} ${label}`).join(", ");
  return markup`<figure class="chart intervals"><figcaption>${title}</figcaption>${note && markup`<p class="note">${note}</p>`}
<svg viewBox="0 0 ${WIDTH} ${bottom + 20}" role="img" aria-label="${title}: ${described}">
${ticks}${mark !== undefined && markup`<line class="mark" x1="${place(mark)}" x2="${place(mark)}" y1="${PLOT.top}" y2="${bottom}"/>`}
${rows.map((row, i) => drawRow(row, PLOT.top + ROW * i, mark === undefined ? i % 7 : 7, place))}
</svg></figure>`;
}

function drawRow(
  { name, value, low, high, label }: IntervalRow,
  top: number,
  color: number,
  place: (value: number) => number,
): Markup {
  const line = top + 24;
  return markup`<g class="line${color}"><text x="${PLOT.left}" y="${top + 13}">${name}</text><text x="${PLOT.right}" y="${top + 13}" text-anchor="end">${label}</text>
<path d="M${place(low)} ${line}H${place(high)}"/><circle cx="${place(value)}" cy="${line}" r="4"/></g>
`;
}
