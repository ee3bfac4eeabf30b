// The WER over α and β as a picture (SVG): a panel for each beam, a rectangle for each point as wide as its neighbors are
// far, finer grids over coarser ones, the best in a frame; of several penalties of unknown words the best for each point. Plain text that any browser shows.

import { percent } from "../figures.ts";
import type { Tuning, TuningGrid, TuningPoint } from "./tune.ts";

const [PANEL_WIDTH, PANEL_HEIGHT] = [560, 420];
const MARGIN = { left: 64, right: 104, top: 56, bottom: 52 };
const SCALE_WIDTH = 14;

/** Rectangles of the plane: α to the right, β upward. */
interface Cell {
  readonly point: TuningPoint;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

interface Plane {
  readonly x: (alpha: number) => number;
  readonly y: (beta: number) => number;
}

/** @param title what was tuned, and on what */
export function heatMap({ stages, best }: Tuning, title: string): string {
  const planes = stages.filter(({ grid }) => grid.alphas.length * grid.betas.length > 1);
  const drawn = planes.length > 0 ? planes : stages;
  const beams = [...new Set(stages.flatMap(({ grid }) => grid.beams))].toSorted((a, b) => a - b);
  const color = colorScale(stages.flatMap(({ points }) => points.map(({ wer }) => wer)));
  const width = MARGIN.left + PANEL_WIDTH + MARGIN.right;
  const height = MARGIN.top + PANEL_HEIGHT + MARGIN.bottom;
  const panels = beams.map((beam, i) => {
    const cells = drawn.flatMap(({ grid, points }) =>
      cellsOf(
        grid,
        points.filter((point) => point.beam === beam),
      ),
    );
    const name = beams.length > 1 ? `${title}, beam ${beam}` : title;
    return `<g transform="translate(0 ${i * height})">${panel(cells, best, color, name)}</g>`;
  });
  const size = `width="${width}" height="${beams.length * height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${width} ${beams.length * height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#ffffff"/>
${panels.join("\n")}
</svg>
`;
}

function cellsOf({ alphas, betas }: TuningGrid, points: readonly TuningPoint[]): Cell[] {
  const best = points.filter(
    (point) =>
      !points.some(
        (other) => other.alpha === point.alpha && other.beta === point.beta && other.wer < point.wer,
      ),
  );
  return best.map((point) => {
    const [left, right] = boundsOf(point.alpha, alphas);
    const [bottom, top] = boundsOf(point.beta, betas);
    return { point, left, right, bottom, top };
  });
}

/** The best may have been found where only the penalty was tried, beside a cell of the same α and β. */
const isSame = (a: TuningPoint, b: TuningPoint): boolean =>
  a.alpha === b.alpha && a.beta === b.beta && a.beam === b.beam;

/** Half-way to the neighbors; as far outward as inward at the ends. */
function boundsOf(value: number, values: readonly number[]): [from: number, to: number] {
  const below = Math.max(...values.filter((other) => other < value));
  const above = Math.min(...values.filter((other) => other > value));
  const down = Number.isFinite(below) ? (value - below) / 2 : undefined;
  const up = Number.isFinite(above) ? (above - value) / 2 : undefined;
  return [value - (down ?? up ?? 0.5), value + (up ?? down ?? 0.5)];
}

function panel(
  cells: readonly Cell[],
  best: TuningPoint,
  color: (wer: number) => string,
  title: string,
): string {
  const plane = planeOf(cells);
  return [
    text(MARGIN.left, 24, title, 'font-size="15"'),
    text(
      MARGIN.left,
      42,
      `best: α ${best.alpha}, β ${best.beta}: WER ${percent(best.wer)}`,
      'fill="#555555"',
    ),
    ...cells.map((cell) => rectangle(cell, plane, color(cell.point.wer))),
    ...cells
      .filter(({ point }) => isSame(point, best))
      .slice(-1)
      .map((cell) => frame(cell, plane)),
    ...axes(cells, plane),
    ...legend(
      cells.map(({ point }) => point.wer),
      color,
    ),
  ].join("\n");
}

function planeOf(cells: readonly Cell[]): Plane {
  const [left, right] = [Math.min(...cells.map((c) => c.left)), Math.max(...cells.map((c) => c.right))];
  const [bottom, top] = [Math.min(...cells.map((c) => c.bottom)), Math.max(...cells.map((c) => c.top))];
  return {
    x: (alpha) => MARGIN.left + (PANEL_WIDTH * (alpha - left)) / (right - left),
    y: (beta) => MARGIN.top + (PANEL_HEIGHT * (top - beta)) / (top - bottom),
  };
}

function corners({ left, right, bottom, top }: Cell, { x, y }: Plane): string {
  const [w, h] = [x(right) - x(left), y(bottom) - y(top)];
  return `x="${round(x(left))}" y="${round(y(top))}" width="${round(w)}" height="${round(h)}"`;
}

function rectangle(cell: Cell, plane: Plane, fill: string): string {
  const { alpha, beta, wer, cer } = cell.point;
  const [w, h] = [plane.x(cell.right) - plane.x(cell.left), plane.y(cell.bottom) - plane.y(cell.top)];
  const [x, y] = [plane.x((cell.left + cell.right) / 2), plane.y((cell.bottom + cell.top) / 2) + 4];
  const ink = isDark(fill) ? "#ffffff" : "#222222";
  const label = text(
    x,
    y,
    (100 * wer).toFixed(1),
    `text-anchor="middle" font-size="${w < 40 ? 9 : 11}" fill="${ink}"`,
  );
  const figures = `<title>α ${alpha}, β ${beta}: WER ${percent(wer)}, CER ${percent(cer)}</title>`;
  const shape = `<rect ${corners(cell, plane)} fill="${fill}" stroke="#ffffff" stroke-width="0.5">${figures}</rect>`;
  return w >= 22 && h >= 12 ? shape + label : shape;
}

const frame = (cell: Cell, plane: Plane): string =>
  `<rect ${corners(cell, plane)} fill="none" stroke="#d7301f" stroke-width="2.5"/>`;

/** Every value of the coarsest grid, and the names of the axes. */
function axes(cells: readonly Cell[], { x, y }: Plane): string[] {
  const widest = Math.max(...cells.map(({ left, right }) => right - left));
  const coarse = cells.filter(({ left, right }) => right - left > 0.99 * widest);
  const distinct = (values: readonly number[]) => [...new Set(values)];
  const baseline = MARGIN.top + PANEL_HEIGHT;
  return [
    ...distinct(coarse.map(({ point }) => point.alpha)).map((alpha) =>
      text(x(alpha), baseline + 18, String(alpha), 'text-anchor="middle"'),
    ),
    ...distinct(coarse.map(({ point }) => point.beta)).map((beta) =>
      text(MARGIN.left - 8, y(beta) + 4, String(beta), 'text-anchor="end"'),
    ),
    text(
      MARGIN.left + PANEL_WIDTH / 2,
      baseline + 40,
      "α, weight of the language model",
      'text-anchor="middle"',
    ),
    `<g transform="translate(18 ${MARGIN.top + PANEL_HEIGHT / 2}) rotate(-90)">${text(0, 0, "β, per word", 'text-anchor="middle"')}</g>`,
  ];
}

function legend(rates: readonly number[], color: (wer: number) => string): string[] {
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  const left = MARGIN.left + PANEL_WIDTH + 20;
  const bands = 40;
  const height = PANEL_HEIGHT / bands;
  const strips = Array.from({ length: bands }, (_, i) => {
    const wer = most - ((most - least) * i) / (bands - 1);
    const top = round(MARGIN.top + i * height);
    return `<rect x="${left}" y="${top}" width="${SCALE_WIDTH}" height="${round(height + 0.5)}" fill="${color(wer)}"/>`;
  });
  const label = (wer: number, y: number) => text(left + SCALE_WIDTH + 6, y, percent(wer));
  return [
    ...strips,
    label(most, MARGIN.top + 10),
    label(least, MARGIN.top + PANEL_HEIGHT),
    text(left, MARGIN.top - 8, "WER"),
  ];
}

/** Dark is good. The scale is logarithmic, since differences near the best matter most. Lightness rises evenly. */
function colorScale(rates: readonly number[]): (wer: number) => string {
  const logs = rates.map((wer) => Math.log(wer + 0.005));
  const [least, most] = [Math.min(...logs), Math.max(...logs)];
  return (wer) => {
    const place = most > least ? (Math.log(wer + 0.005) - least) / (most - least) : 0;
    return mix(STOPS, Math.min(1, Math.max(0, place)));
  };
}

/** From dark blue through green to pale yellow: distinct in gray, and to color-blind readers. */
const STOPS = [
  [38, 50, 110],
  [35, 110, 142],
  [64, 170, 140],
  [160, 213, 120],
  [250, 246, 190],
] as const;

function mix(stops: typeof STOPS, place: number): string {
  const at = Math.min(stops.length - 2, Math.floor(place * (stops.length - 1)));
  const part = place * (stops.length - 1) - at;
  const channels = stops[at].map((from, i) => Math.round(from + part * (stops[at + 1][i] - from)));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

function isDark(fill: string): boolean {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(fill.slice(at, at + 2), 16));
  return 0.3 * red + 0.6 * green + 0.1 * blue < 140;
}

function text(x: number, y: number, content: string, attributes = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped}</text>`;
}

const round = (value: number): number => Number(value.toFixed(2));
