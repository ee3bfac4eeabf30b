// A manifest lists recordings and what is said in them. This file finds the format of its text by its content and turns it
// into utterances; what is malformed is reported with its line and the rest goes on. A new format is a new file in
// manifests/ and an entry here. It does not read files and does not know what a transcript may contain.

import { EarshotError, type Warning } from "../../errors.ts";
import { inBrief } from "../../figures.ts";
import { csvFormat } from "./csv.ts";
import { findColumns, rowFault, splitNamed, type Columns } from "./fields.ts";
import type { MalformedRow, Manifest, ManifestFormat, ManifestRow, Utterance } from "./format.ts";
import { jsonLinesFormat } from "./json-lines.ts";
import { lineBreaks } from "./line-breaks.ts";
import { malformedRows } from "./listing.ts";
import { tsvFormat } from "./tsv.ts";

export type { Manifest, Utterance } from "./format.ts";

/** In the order in which they are asked; the last takes anything. */
const FORMATS: readonly ManifestFormat[] = [jsonLinesFormat, tsvFormat, csvFormat];

/** What utterances were read from: their recordings, and the files that say what is in these. */
export function filesOf(utterances: readonly Utterance[]): Set<string> {
  return new Set(utterances.flatMap(({ path, where }) => [path, where.replace(/:\d+$/, "")]));
}

/**
 * Reads a manifest from its text.
 * @param where names the manifest in messages; without a column of splits, its file name gives the split.
 * @param resolvePath makes a path of the manifest absolute.
 * @throws EarshotError `MANIFEST_COLUMNS` when a required column is missing, `EMPTY_MANIFEST` when no row is usable.
 */
export function parseManifest(text: string, where: string, resolvePath: (path: string) => string): Manifest {
  const lines = text.replace(/^\ufeff/, "").replaceAll(/\r\n?/g, "\n");
  const firstLine = /^.*\S.*$/m.exec(lines)?.[0] ?? "";
  const { read, remedy } = FORMATS.find((format) => format.recognizes(firstLine)) ?? csvFormat;
  const { columns, rows, malformed, overLines = [] } = read(lines);
  if (columns.length === 0) throw emptyManifest(where, malformed, remedy);
  const names = findColumns(columns, where, remedy);
  const sorted = sortRows(rows, names);
  const leftOut = { malformed: [...malformed, ...sorted.malformed], parts: sorted.parts };
  if (sorted.whole.length === 0) throw emptyManifest(where, [...leftOut.malformed, ...leftOut.parts], remedy);
  const split = splitNamed(where.replace(/^.*[/\\]/, "")) ?? "train";
  const origin = { where, split, resolvePath, sharing: sharedTexts() };
  return {
    utterances: sorted.whole.map((row) => utteranceOf(row, names, origin)),
    warnings: [
      ...malformedRows(where, inOrder(leftOut.malformed)),
      ...recordingParts(where, leftOut.parts),
      ...lineBreaks(where, overLines),
    ],
  };
}

/**
 * Rows that mean a whole recording, and the others. A recording of which one row takes a part from later on is a long
 * one: its first part, which may have no offset, is not the whole either.
 */
function sortRows(rows: readonly ManifestRow[], names: Columns) {
  const { path, offset = "" } = names;
  const offsetOf = ({ fields }: ManifestRow): number => {
    const seconds = fields.get(offset);
    return typeof seconds === "object" ? 0 : Number(seconds) || 0;
  };
  const cut = new Set(rows.filter((row) => offsetOf(row) > 0).map(({ fields }) => fields.get(path)));
  const whole: ManifestRow[] = [];
  const malformed: MalformedRow[] = [];
  const parts: MalformedRow[] = [];
  for (const row of rows) {
    const { line, fields } = row;
    const fault = rowFault(fields, names);
    if (fault !== undefined) malformed.push({ line, reason: fault });
    else if (cut.has(fields.get(path))) parts.push({ line, reason: `from ${offsetOf(row)} s` });
    else whole.push(row);
  }
  return { whole, malformed, parts };
}

interface Origin {
  readonly where: string;
  /** Of rows that do not say. */
  readonly split: string;
  readonly resolvePath: (path: string) => string;
  /** A text that comes again and again, once. */
  readonly sharing: (text: string) => string;
}

function sharedTexts(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    if (!known.has(text)) known.set(text, text);
    return known.get(text)!;
  };
}

function utteranceOf({ line, fields }: ManifestRow, names: Columns, origin: Origin): Utterance {
  const field = (name: keyof Columns): string => String(fields.get(names[name] ?? "") ?? "").trim();
  const source = field("source");
  return {
    path: origin.resolvePath(field("path")),
    transcript: field("transcript"),
    speaker: origin.sharing(field("speaker")),
    split: origin.sharing(field("split") || origin.split),
    ...(source !== "" && { source: origin.sharing(source) }),
    where: `${origin.where}:${line}`,
  };
}

// ── What is left out ────────────────────────────────────────────────────────────────────────────────────────────

function emptyManifest(where: string, leftOut: readonly MalformedRow[], remedy: string): EarshotError {
  const problem =
    leftOut.length > 0 ? `No usable row: ${inBrief(inOrder(leftOut))}.` : "The manifest has no rows.";
  return new EarshotError({ code: "EMPTY_MANIFEST", where, problem, remedy });
}

function recordingParts(where: string, rows: readonly MalformedRow[]): Warning[] {
  if (rows.length === 0) return [];
  const count = rows.length === 1 ? "1 row left out that takes" : `${rows.length} rows left out that take`;
  const message =
    `${where}: ${count} a part of a recording: ${inBrief(inOrder(rows))}. ` +
    "Cut the parts into files of their own, for example: ffmpeg -i long.wav -ss 3.5 -t 2 part.wav";
  return [{ code: "RECORDING_PARTS", message }];
}

function inOrder(rows: readonly MalformedRow[]): string[] {
  return rows.toSorted((a, b) => a.line - b.line).map(({ line, reason }) => `line ${line} (${reason})`);
}
