// The table of cells: a cell is a file in this folder and a row here.

import type { CellSettings, RecurrentCell } from "./cell.ts";
import { clippedCell } from "./clipped.ts";
import { gruCell } from "./gru.ts";
import { lstmCell } from "./lstm.ts";
import { normalizedCell } from "./normalization.ts";

export { cellNormalizations, type CellSettings, type RecurrentCell } from "./cell.ts";
export { plainCell } from "./clipped.ts";

const cells = {
  clipped: clippedCell,
  gru: gruCell,
  lstm: lstmCell,
} satisfies Record<string, (settings: CellSettings) => RecurrentCell>;

export type CellName = keyof typeof cells;
export const cellNames = Object.keys(cells) as CellName[];

export function createCell(name: CellName, settings: CellSettings): RecurrentCell {
  const cell = cells[name](settings);
  return settings.cellNormalization === "none" ? cell : normalizedCell(cell);
}
