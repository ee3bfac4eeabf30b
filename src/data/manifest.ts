// A manifest is a CSV table of recordings: path, transcript and, when wanted, speaker and split (RFC 4180).
// This file turns its text into utterances; a malformed row is reported with its line and the rest goes on.
// It does not read files and does not know what a transcript may contain.

import { CsvError, parse } from "csv-parse/sync";
import { EarshotError, nearestName, type Warning } from "../errors.ts";

/** One recording and what is said in it. */
export interface Utterance {
  /** Absolute. */
  readonly path: string;
  /** As written in the manifest. */
  readonly transcript: string;
  /** Empty when the manifest does not say. */
  readonly speaker: string;
  /** `train` when the manifest does not say. */
  readonly split: string;
  /** The row: `manifest.csv:12`. */
  readonly where: string;
}

export interface Manifest {
  readonly utterances: Utterance[];
  /** At most one `MALFORMED_ROWS` for each manifest, which lists the lines left out. */
  readonly warnings: Warning[];
}

interface Row {
  /** 1-based; the last line of a row that spans several. */
  readonly line: number;
  readonly cells: readonly string[];
}

interface MalformedRow {
  readonly line: number;
  readonly reason: string;
}

const REQUIRED_COLUMNS = ["path", "transcript"];
const LISTED_ROWS = 20;

/**
 * Reads a manifest from its text.
 * @param where names the manifest in messages.
 * @param resolvePath makes a path of the manifest absolute.
 * @throws EarshotError `MANIFEST_COLUMNS` when a required column is missing, `EMPTY_MANIFEST` when no row is usable.
 */
export function parseManifest(text: string, where: string, resolvePath: (path: string) => string): Manifest {
  const { rows, malformed } = readRows(text);
  const header = rows.shift();
  if (header === undefined) throw emptyManifest(where, malformed);
  const columns = header.cells.map((name) => name.trim().toLowerCase());
  requireColumns(columns, where);
  const utterances: Utterance[] = [];
  for (const row of rows) {
    const reason = faultOf(row, columns);
    if (reason === undefined) utterances.push(utteranceOf(row, columns, where, resolvePath));
    else malformed.push({ line: row.line, reason });
  }
  if (utterances.length === 0) throw emptyManifest(where, malformed);
  return { utterances, warnings: malformed.length > 0 ? [malformedRows(where, malformed)] : [] };
}

/** A stray quote would swallow the rows after it: the lines are then read one by one, and quotes within as they stand. */
function readRows(text: string): { rows: Row[]; malformed: MalformedRow[] } {
  const lines = text.replaceAll(/\r\n?/g, "\n");
  const whole = readTable(lines, "strict");
  if (whole !== undefined) return { rows: whole, malformed: [] };
  const rows: Row[] = [];
  const malformed: MalformedRow[] = [];
  for (const [index, line] of lines.split("\n").entries()) {
    const read = readTable(line, "relaxed");
    if (read === undefined) malformed.push({ line: index + 1, reason: "a quote that is not closed" });
    else if (read.length > 0) rows.push({ line: index + 1, cells: read[0].cells });
  }
  return { rows, malformed };
}

/** Every row of a table, or undefined when its quotes do not match. */
function readTable(text: string, quotes: "strict" | "relaxed"): Row[] | undefined {
  try {
    const rows = parse(text, {
      bom: true,
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

function faultOf(row: Row, columns: readonly string[]): string | undefined {
  const { length } = row.cells;
  if (length !== columns.length) return `${length} columns where the header has ${columns.length}`;
  return row.cells[columns.indexOf("path")].trim() === "" ? "no path" : undefined;
}

function utteranceOf(
  row: Row,
  columns: readonly string[],
  where: string,
  resolvePath: (path: string) => string,
): Utterance {
  const cell = (column: string): string => row.cells[columns.indexOf(column)]?.trim() ?? "";
  return {
    path: resolvePath(cell("path")),
    transcript: cell("transcript"),
    speaker: cell("speaker"),
    split: cell("split") || "train",
    where: `${where}:${row.line}`,
  };
}

function requireColumns(columns: readonly string[], where: string): void {
  const missing = REQUIRED_COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  throw new EarshotError({
    code: "MANIFEST_COLUMNS",
    where: `${where}:1`,
    problem: `The header lacks ${missing.map((name) => `"${name}"`).join(" and ")}; it has: ${columns.join(", ")}.`,
    remedy: remedyFor(missing, columns),
  });
}

function remedyFor(missing: readonly string[], columns: readonly string[]): string {
  if (columns.length === 1 && /[;\t|]/.test(columns[0])) return "Separate the columns by commas.";
  const renames = missing.flatMap((name) => {
    const near = nearestName(name, columns);
    return near === undefined ? [] : [`Did you mean "${name}" by "${near}"?`];
  });
  if (renames.length > 0) return renames.join(" ");
  return "Name the columns in the first line: path,transcript and, if wanted, speaker and split.";
}

function emptyManifest(where: string, malformed: readonly MalformedRow[]): EarshotError {
  return new EarshotError({
    code: "EMPTY_MANIFEST",
    where,
    problem: malformed.length > 0 ? `No usable row: ${listRows(malformed)}.` : "The manifest has no rows.",
    remedy: "Give one row for each recording below the header path,transcript,speaker,split.",
  });
}

function malformedRows(where: string, malformed: readonly MalformedRow[]): Warning {
  const rows = malformed.length === 1 ? "1 malformed row" : `${malformed.length} malformed rows`;
  return { code: "MALFORMED_ROWS", message: `${where}: ${rows} left out: ${listRows(malformed)}.` };
}

function listRows(malformed: readonly MalformedRow[]): string {
  const sorted = malformed.toSorted((a, b) => a.line - b.line);
  const listed = sorted.slice(0, LISTED_ROWS).map(({ line, reason }) => `line ${line} (${reason})`);
  const more = malformed.length > LISTED_ROWS ? ` and ${malformed.length - LISTED_ROWS} more` : "";
  return listed.join(", ") + more;
}
