// Comma-separated values (RFC 4180), Earshot's own format and that of Mozilla's DeepSpeech.
// Any text that no other format recognizes is read as one, so that its header can be named in the error.

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

/** Every row of a table, or undefined when its quotes do not match. Lines without anything are none. */
function cutIntoRows(text: string): TableRow[] | undefined {
  const table: TableRow[] = [];
  let cells: string[] = [];
  let line = 1;
  for (let at = 0; at < text.length || cells.length > 0;) {
    const end = endOfCell(text, at);
    if (end === undefined) return undefined;
    const cell = text.slice(at, end);
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    line += cell.split("\n").length - 1;
    if (text[end] !== ",") {
      if (cells.length > 1 || cell !== "") table.push({ line, cells });
      cells = [];
      line++;
    }
    at = end + 1;
  }
  return table;
}

/** Where the comma or the line break behind a cell is; undefined when a quote is not closed, or stands amid other text. */
function endOfCell(text: string, start: number): number | undefined {
  if (text[start] === '"') {
    const end = closingQuote(text, start) + 1;
    return end > 0 && [",", "\n", undefined].includes(text[end]) ? end : undefined;
  }
  ENDS.lastIndex = start;
  const end = ENDS.exec(text)?.index ?? text.length;
  return text[end] === '"' ? undefined : end;
}

/** Two quotes in a row are one that belongs to the text. @returns -1 where there is none */
function closingQuote(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

const ENDS = /[",\n]/g;

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
