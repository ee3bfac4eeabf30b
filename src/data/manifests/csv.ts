// Comma-separated values (RFC 4180), Earshot's own format and that of Mozilla's DeepSpeech.
// Any text that no other format recognizes is read as one, so that its header can be named in the error. package.json
// picks the build of the library for the platform.

import { CsvError, parse } from "#data-csv-parse";
import type { MalformedRow, ManifestFormat } from "./format.ts";
import { fieldsOverLines } from "./line-breaks.ts";
import { nameCells, type TableRow } from "./table.ts";

export const csvFormat: ManifestFormat = {
  recognizes: () => true,
  /** A stray quote would swallow the rows after it: the lines are then read one by one, quotes within as they stand. */
  read(text) {
    const whole = cutIntoRows(text);
    if (whole !== undefined) return { ...nameCells(whole), overLines: fieldsOverLines(whole) };
    const table: TableRow[] = [];
    const malformed: MalformedRow[] = [];
    for (const [index, content] of text.split("\n").entries()) {
      if (content === "") continue;
      const line = index + 1;
      const cells = cutLine(content);
      if (cells === undefined) malformed.push({ line, reason: "a quote that is not closed" });
      else table.push({ line, cells });
    }
    return nameCells(table, malformed);
  },
  remedy: "Give one row for each recording below the header path,transcript,speaker,split.",
};

/** Every row of a table, or undefined when its quotes do not match. */
function cutIntoRows(text: string): TableRow[] | undefined {
  try {
    const rows = parse(text, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** A cell and what ends it: in quotes, with what may follow them, or without. */
const CELL = /(?:"([^"]*(?:""[^"]*)*)"(?!")([^,]*)|(?!")([^,]*))(,|$)/y;

/** Undefined when a cell begins with a quote that nothing closes. */
function cutLine(line: string): string[] | undefined {
  const cells: string[] = [];
  for (let at = 0; ; at = CELL.lastIndex) {
    CELL.lastIndex = at;
    const found = CELL.exec(line);
    if (found === null) return undefined;
    const [cell, quoted, rest, plain, end] = found;
    const asItStands = cell.slice(0, cell.length - end.length);
    cells.push(plain ?? (rest === "" ? quoted.replaceAll('""', '"') : asItStands));
    if (end === "") return cells;
  }
}
