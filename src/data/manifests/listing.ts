// What of a manifest cannot be used, in one message.

import type { Warning } from "../../errors.ts";
import { inBrief } from "../../figures.ts";

/** One warning for all rows that cannot be used, each named by its line and why; none when there are none. */
export function malformedRows(where: string, rows: readonly string[]): Warning[] {
  if (rows.length === 0) return [];
  const count = rows.length === 1 ? "1 malformed row" : `${rows.length} malformed rows`;
  return [{ code: "MALFORMED_ROWS", message: `${where}: ${count} left out: ${inBrief(rows)}.` }];
}
