// A table whose first row names its columns, as CSV and TSV have it. It does not know how cells are separated.

import type { MalformedRow, ManifestRow, ManifestRows } from "./format.ts";

export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** @param malformed what could not be cut into cells. */
export function nameCells(table: readonly TableRow[], malformed: readonly MalformedRow[] = []): ManifestRows {
  const [header, ...body] = table;
  const columns = header?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const rows: ManifestRow[] = [];
  const uneven: MalformedRow[] = [];
  for (const { line, cells } of body) {
    if (cells.length === columns.length) rows.push({ line, fields: new Map(cells.map(named(columns))) });
    else {
      const came = cells.length === 1 ? "1 column" : `${cells.length} columns`;
      uneven.push({ line, reason: `${came} where the header has ${columns.length}` });
    }
  }
  return { columns, rows, malformed: [...malformed, ...uneven] };
}

const named =
  (columns: readonly string[]) =>
  (cell: string, index: number): [string, string] => [columns[index], cell];
