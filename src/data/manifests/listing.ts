// How what was left out of a manifest is listed in one message.

import type { Warning } from "../../errors.ts";

const LISTED = 20;

/** The first few of a list, and how many more there are. */
export function inBrief(items: readonly string[]): string {
  const more = items.length > LISTED ? ` and ${items.length - LISTED} more` : "";
  return items.slice(0, LISTED).join(", ") + more;
}

/** One warning for all rows that cannot be used, each named by its line and why; none when there are none. */
export function malformedRows(where: string, rows: readonly string[]): Warning[] {
  if (rows.length === 0) return [];
  const count = rows.length === 1 ? "1 malformed row" : `${rows.length} malformed rows`;
  return [{ code: "MALFORMED_ROWS", message: `${where}: ${count} left out: ${inBrief(rows)}.` }];
}
