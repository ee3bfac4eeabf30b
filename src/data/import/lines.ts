// Corpora with their transcripts in lines of text: each line is a recording, or is listed with why it is none.

import { mapConcurrently } from "../concurrency.ts";
import type { CorpusFolder } from "./folder.ts";
import type { CorpusRow, CorpusRows } from "./importer.ts";

/** What a line says of a recording, or why it cannot be used. */
export type ParsedLine = Omit<CorpusRow, "where"> | string;

/** Lines that are not blank, without outer white space. @param encoding as for `readText` */
export async function readLines(
  folder: CorpusFolder,
  path: string,
  parse: (line: string) => ParsedLine,
  encoding?: string,
): Promise<CorpusRows> {
  const lines = (await folder.readText(path, encoding)).split(/\r\n?|\n/).map((line, index) => {
    return { line: line.trim(), where: `${path}:${index + 1}` };
  });
  return sortOut(
    lines.filter(({ line }) => line !== "").map(({ line, where }) => ({ parsed: parse(line), where })),
  );
}

export function sortOut(
  items: readonly { readonly parsed: ParsedLine; readonly where: string }[],
): CorpusRows {
  const rows: CorpusRow[] = [];
  const malformed: string[] = [];
  for (const { parsed, where } of items) {
    if (typeof parsed === "string") malformed.push(`${where} (${parsed})`);
    else rows.push({ ...parsed, where });
  }
  return { rows, malformed };
}

/** Files read at a time. */
const READERS = 16;

/** The rows of several lists, in the order of the lists. */
export async function readEach<List>(
  lists: readonly List[],
  read: (list: List) => Promise<CorpusRows>,
): Promise<CorpusRows> {
  const parts = await mapConcurrently(lists, READERS, read);
  return {
    rows: parts.flatMap(({ rows }) => rows),
    malformed: parts.flatMap(({ malformed }) => malformed),
    warnings: parts.flatMap(({ warnings = [] }) => warnings),
  };
}
