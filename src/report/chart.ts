// A line chart as SVG in a figure: axes, grid, lines, a name for each. Colors come from the page's style, by number, so
// that they follow its light and dark. A chart is as wide as its text is legible: it is not meant to be shrunk.

import { markup, type Markup } from "./markup.ts";
import { scaleOver, type Scale, type ScaleKind } from "./scale.ts";

export interface Point {
  readonly x: number;
  /** null where there is none, or it was not finite: the line has a gap. */
  readonly y: number | null;
}

export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  /** Behind the others, thin, and without marks: what is noisy. */
  readonly faint?: boolean;
}

export interface Chart {
  readonly title: string;
  /** A sentence below the title. */
  readonly note?: string;
  readonly lines: readonly Line[];
  readonly kind?: ScaleKind;
  readonly fromZero?: boolean;
  readonly format: (value: number) => string;
  /** What the x axis counts, such as "epochs": written at its end. */
  readonly across: string;
  /** A vertical line, with a name. */
  readonly mark?: { readonly x: number; readonly name: string };
}

const [WIDTH, HEIGHT] = [400, 240];
const PLOT = { left: 50, right: WIDTH - 12, top: 10, bottom: HEIGHT - 34 };
/** More points than this are drawn without a dot for each. */
const MOST_DOTS = 80;
/** As many as the style has; then they begin again, dashed. */
const COLORS = 8;

export function chart({
  title,
  note,
  lines,
  kind = "linear",
  fromZero,
  format,
  across,
  mark,
}: Chart): Markup {
  const drawn = lines.map((line, index) => ({ ...line, index, runs: runsOf(line.points, kind) }));
  const shown = drawn.flatMap(({ runs }) => runs.flat());
  const y = scaleOver(
    shown.map((point) => point.y),
    kind,
    { fromZero },
  );
  const x = scaleOver([0, ...shown.map((point) => point.x)], "linear", { tight: true });
  const plane: Plane = {
    x: (value) => round(PLOT.left + (PLOT.right - PLOT.left) * x.place(value)),
    y: (value) => round(PLOT.bottom - (PLOT.bottom - PLOT.top) * y.place(value)),
  };
  const picture = markup`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${describe(title, lines, format)}">
${axes(x, y, plane, format, across)}${mark && marked(mark, plane)}
${behindFirst(drawn).map((line) => drawLine(line, plane, format, across))}
</svg>`;
  return markup`<figure class="chart"><figcaption>${title}</figcaption>${note && markup`<p class="note">${note}</p>`}
${shown.length > 0 ? picture : markup`<p class="note">Nothing to draw yet.</p>`}
${legend(lines)}</figure>`;
}

interface Plane {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

interface DrawnLine extends Line {
  /** Of its color. */
  readonly index: number;
  readonly runs: readonly (readonly PlacedPoint[])[];
}

interface PlacedPoint {
  readonly x: number;
  readonly y: number;
}

const behindFirst = (lines: readonly DrawnLine[]): DrawnLine[] =>
  lines.toSorted((a, b) => Number(b.faint ?? false) - Number(a.faint ?? false));

/** Stretches without a gap; what an axis cannot show is a gap. */
function runsOf(points: readonly Point[], kind: ScaleKind): PlacedPoint[][] {
  const runs: PlacedPoint[][] = [[]];
  for (const { x, y } of points) {
    if (y === null || (kind === "log" && y <= 0)) runs.push([]);
    else runs.at(-1)!.push({ x, y });
  }
  return runs.filter(({ length }) => length > 0);
}

function axes(x: Scale, y: Scale, plane: Plane, format: (value: number) => string, across: string): Markup {
  const rows = y.ticks.map(
    (
      value,
    ) => markup`<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${plane.y(value)}" y2="${plane.y(value)}"/>
<text x="${PLOT.left - 6}" y="${plane.y(value) + 4}" text-anchor="end">${format(value)}</text>
`,
  );
  const columns = x.ticks
    .filter(Number.isInteger)
    .map(
      (value) =>
        markup`<text x="${plane.x(value)}" y="${PLOT.bottom + 16}" text-anchor="middle">${value}</text>`,
    );
  const name = markup`<text x="${PLOT.right}" y="${HEIGHT - 4}" text-anchor="end">${across}</text>`;
  return markup`${rows}${columns}${name}`;
}

function drawLine(
  { name, runs, index, faint = false }: DrawnLine,
  plane: Plane,
  format: (value: number) => string,
  across: string,
): Markup {
  const path = runs
    .map((run) => `M${run.map(({ x, y }) => `${plane.x(x)} ${plane.y(y)}`).join("L")}`)
    .join("");
  const points = runs.flat();
  const dots =
    !faint && points.length <= MOST_DOTS
      ? points.map(
          ({ x, y }) =>
            markup`<circle cx="${plane.x(x)}" cy="${plane.y(y)}" r="2.5"><title>${name}, ${across.replace(/s$/, "")} ${x}: ${format(y)}</title></circle>`,
        )
      : undefined;
  return markup`<g class="${styleOf(index)}${faint ? " faint" : ""}"><path d="${path}"><title>${name}</title></path>${dots}</g>
`;
}

function marked({ x, name }: { readonly x: number; readonly name: string }, plane: Plane): Markup {
  const place = plane.x(x);
  const isRight = place > (PLOT.left + PLOT.right) / 2;
  return markup`<line class="mark" x1="${place}" x2="${place}" y1="${PLOT.top}" y2="${PLOT.bottom}"/>
<text x="${place + (isRight ? -5 : 5)}" y="${PLOT.top + 10}" text-anchor="${isRight ? "end" : "start"}">${name}</text>`;
}

function legend(lines: readonly Line[]): Markup | undefined {
  if (lines.length < 2) return undefined;
  return markup`<ul class="legend">${lines.map(({ name, faint }, i) => markup`<li class="${styleOf(i)}${faint ? " faint" : ""}">${name}</li>`)}</ul>`;
}

const styleOf = (index: number): string =>
  `line${index % COLORS}${Math.floor(index / COLORS) % 2 === 1 ? " dashed" : ""}`;

/** For those who do not see the picture: where each line ends. */
function describe(title: string, lines: readonly Line[], format: (value: number) => string): string {
  const ends = lines.flatMap(({ name, points }) => {
    const last = points.findLast(({ y }) => y !== null)?.y;
    return typeof last === "number" ? [`${name} ${format(last)}`] : [];
  });
  return `${title}; at the end: ${ends.join(", ")}`;
}

const round = (value: number): number => Number(value.toFixed(1));
