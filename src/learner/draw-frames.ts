// Feature frames as a picture of characters: time to the right, frequency upward, darker is more. For a glance at what
// the network is given; for looking closely there is `earshot data preview`.

import type { Frames } from "../audio/index.ts";

const SHADES = " ░▒▓█";

/** At most `rows` lines of at most `columns` characters: means over rectangles, shaded by rank, so that extremes hide nothing. */
export function drawFrames({ data, frames, size }: Frames, columns = 72, rows = 8): string {
  const [width, height] = [Math.min(columns, frames), Math.min(rows, size)];
  const cells = Array.from({ length: width * height }, (_, cell) => {
    const [row, column] = [Math.floor(cell / width), cell % width];
    const bins = span(height - 1 - row, height, size); // high frequencies on top
    return mean(data, size, span(column, width, frames), bins);
  });
  const sorted = cells.toSorted((a, b) => a - b);
  const shade = (value: number) =>
    SHADES[Math.min(SHADES.length - 1, Math.floor((SHADES.length * sorted.indexOf(value)) / sorted.length))];
  const text = cells.map(shade).join("");
  return Array.from({ length: height }, (_, row) => text.slice(row * width, (row + 1) * width)).join("\n");
}

type Span = readonly [from: number, to: number];

/** The part that a cell has of an extent; at least one. */
const span = (cell: number, cells: number, extent: number): Span => [
  Math.floor((cell * extent) / cells),
  Math.floor(((cell + 1) * extent) / cells),
];

function mean(data: Float32Array, size: number, [t0, t1]: Span, [f0, f1]: Span): number {
  let sum = 0;
  for (let t = t0; t < t1; t++) for (let f = f0; f < f1; f++) sum += data[t * size + f];
  return sum / ((t1 - t0) * (f1 - f0));
}
