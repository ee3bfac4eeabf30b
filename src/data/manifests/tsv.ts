// Tab-separated values, as Mozilla's Common Voice has them: a line is a row and quotes are part of the text, unless
// they enclose a whole cell.

import type { ManifestFormat, ManifestRow } from "./format.ts";
import { nameCells } from "./table.ts";

export const tsvFormat: ManifestFormat = {
  recognizes: (firstLine) => firstLine.includes("\t") && !firstLine.includes(","),
  read(text) {
    const lines = text.split("\n").map((content, index) => ({ line: index + 1, content }));
    const table = nameCells(
      lines
        .filter(({ content }) => content !== "")
        .map(({ line, content }) => ({ line, cells: content.split("\t").map(unquote) })),
    );
    const isCommonVoice = table.columns.includes("client_id");
    return isCommonVoice ? { ...table, rows: table.rows.map(inClips) } : table;
  },
  remedy:
    "Give one row for each recording below the header path, transcript, speaker, split, separated by tabs.",
};

/** Quotes inside stand twice. No regular expression over the cell: a long one would overflow its stack. */
function unquote(cell: string): string {
  if (cell.length < 2 || !cell.startsWith('"') || !cell.endsWith('"')) return cell;
  const inner = cell.slice(1, -1);
  return inner.replaceAll('""', "").includes('"') ? cell : inner.replaceAll('""', '"');
}

/** Common Voice names its recordings without the folder that holds them, `clips` beside the table. */
function inClips(row: ManifestRow): ManifestRow {
  const { line, fields } = row;
  const path = String(fields.get("path") ?? "").trim();
  if (path === "" || /[/\\]/.test(path)) return row;
  const get = (name: string): unknown => (name === "path" ? `clips/${path}` : fields.get(name));
  return { line, fields: { get, has: (name) => fields.has(name) } };
}
