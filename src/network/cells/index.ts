// The table of cells: a cell is a file in this folder and a row here.

import type { CellSettings, RecurrentCell } from "./cell.ts";
import { clippedCell } from "./clipped.ts";
import { gruCell } from "./gru.ts";
import { lstmCell } from "./lstm.ts";

export type { CellSettings, RecurrentCell } from "./cell.ts";
export { plainCell } from "./clipped.ts";

const cells = {
  clipped: clippedCell,
  gru: gruCell,
  lstm: lstmCell,
} satisfies Record<string, (settings: CellSettings) => RecurrentCell>;

export type CellName = keyof typeof cells;
export const cellNames = Object.keys(cells) as CellName[];

export const createCell = (name: CellName, settings: CellSettings): RecurrentCell => cells[name](settings);
