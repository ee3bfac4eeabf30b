// A table whose first row names its columns, as CSV and TSV have it. It does not know how cells are separated.

import type { MalformedRow, ManifestFields, ManifestRow, ManifestRows } from "./format.ts";

export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** @param malformed what could not be cut into cells. */
export function nameCells(table: readonly TableRow[], malformed: readonly MalformedRow[] = []): ManifestRows {
  const [header, ...body] = table;
  const columns = header?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const places = new Map(columns.map((name, place) => [name, place]));
  const rows: ManifestRow[] = [];
  const uneven: MalformedRow[] = [];
  for (const { line, cells } of body) {
    if (cells.length === columns.length) rows.push({ line, fields: new NamedCells(places, cells) });
    else {
      const came = cells.length === 1 ? "1 column" : `${cells.length} columns`;
      uneven.push({ line, reason: `${came} where the header has ${columns.length}` });
    }
  }
  return { columns, rows, malformed: [...malformed, ...uneven] };
}

/** The cells of a row by the names of their columns; a map for each of a million rows would take more than the rows themselves. */
class NamedCells implements ManifestFields {
  readonly #places: ReadonlyMap<string, number>;
  readonly #cells: readonly string[];

  constructor(places: ReadonlyMap<string, number>, cells: readonly string[]) {
    this.#places = places;
    this.#cells = cells;
  }

  get(name: string): string | undefined {
    const place = this.#places.get(name);
    return place === undefined ? undefined : this.#cells[place];
  }

  has(name: string): boolean {
    return this.#places.has(name);
  }
}
