// Fields of a table that go on over several lines. RFC 4180 allows them, and two stray quotes make one of all the rows
// between them: so they are used as they stand, and a warning says where they begin and end. It does not know how
// cells are separated.

import type { Warning } from "../../errors.ts";
import { inBrief } from "../../figures.ts";
import type { FieldOverLines } from "./format.ts";
import type { TableRow } from "./table.ts";

const NAMED = 5;
const SHOWN_CHARACTERS = 40;

/** @param table rows whose `line` is their last one; the first names the columns. */
export function fieldsOverLines(table: readonly TableRow[]): FieldOverLines[] {
  const names = table[0]?.cells ?? [];
  const broken = table.filter(({ cells }) => cells.some((cell) => cell.includes("\n")));
  return broken.flatMap(({ line, cells }) => {
    let lastLine = line;
    const found: FieldOverLines[] = [];
    for (const [index, cell] of [...cells.entries()].toReversed()) {
      if (!cell.includes("\n")) continue;
      const firstLine = lastLine - (cell.split("\n").length - 1);
      found.unshift({
        column: names[index]?.trim().toLowerCase().replaceAll(/\s+/g, " "),
        firstLine,
        lastLine,
        beginning: firstTextOf(cell),
      });
      lastLine = firstLine;
    }
    return found;
  });
}

/** The first line of a field that is not blank, shortened. */
function firstTextOf(cell: string): string {
  const text = /\S.*/.exec(cell)?.[0].trimEnd() ?? "";
  const shown = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS))
    .slice(0, SHOWN_CHARACTERS)
    .join("");
  return shown === cell ? shown : `${shown}…`;
}

/** One warning for all of them, the first few named; none when there are none. */
export function lineBreaks(where: string, fields: readonly FieldOverLines[]): Warning[] {
  if (fields.length === 0) return [];
  const count = fields.length === 1 ? "1 field goes" : `${fields.length} fields go`;
  const named = fields.map(({ column, firstLine, lastLine, beginning }) => {
    const name = column === undefined ? "" : `${column} `;
    return `lines ${firstLine} to ${lastLine} (${name}"${beginning}")`;
  });
  const message =
    `${where}: ${count} on over several lines, and what is on these lines is no row of its own: ` +
    `${inBrief(named, NAMED)}. ` +
    "Where rows were swallowed, take out the quotes at both ends, or close each on its own line.";
  return [{ code: "LINE_BREAK_IN_FIELD", message }];
}
