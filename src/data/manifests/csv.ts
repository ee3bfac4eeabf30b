// Comma-separated values (RFC 4180), Earshot's own format and that of Mozilla's DeepSpeech.
// Any text that no other format recognizes is read as one, so that its header can be named in the error.

import { CsvError, parse } from "csv-parse/sync";
import type { MalformedRow, ManifestFormat } from "./format.ts";
import { nameCells, type TableRow } from "./table.ts";

export const csv: ManifestFormat = {
  recognizes: () => true,
  /** A stray quote would swallow the rows after it: the lines are then read one by one, quotes within as they stand. */
  read(text) {
    const whole = cutIntoCells(text, "strict");
    if (whole !== undefined) return nameCells(whole);
    const table: TableRow[] = [];
    const malformed: MalformedRow[] = [];
    for (const [index, content] of text.split("\n").entries()) {
      const line = index + 1;
      const read = cutIntoCells(content, "relaxed");
      if (read === undefined) malformed.push({ line, reason: "a quote that is not closed" });
      else if (read.length > 0) table.push({ line, cells: read[0].cells });
    }
    return nameCells(table, malformed);
  },
  remedy: "Give one row for each recording below the header path,transcript,speaker,split.",
};

/** Every row of a table, or undefined when its quotes do not match. */
function cutIntoCells(text: string, quotes: "strict" | "relaxed"): TableRow[] | undefined {
  try {
    const rows = parse(text, {
      info: true,
      relax_column_count: true,
      relax_quotes: quotes === "relaxed",
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}
