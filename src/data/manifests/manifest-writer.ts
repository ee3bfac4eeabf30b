// Writes Earshot's own manifest: path,transcript,speaker,split, and source where a row has one; paths relative to the
// manifest's folder, rows in the order in which they are given. What is written here `readManifests` reads back as it was.

import { basename, dirname, openFolder, relative, resolve, type Folder } from "../../platform/index.ts";
import type { Utterance } from "./manifest.ts";

export const MANIFEST_HEADER = "path,transcript,speaker,split\n";

export type WrittenRow = Pick<Utterance, "path" | "transcript" | "speaker" | "split" | "source">;

/** @param rows with paths that are absolute, or relative to the working folder. */
export async function writeManifest(path: string, rows: readonly WrittenRow[]): Promise<void> {
  const folder = openFolder(dirname(path));
  try {
    await putManifest(folder, basename(path), rows);
  } catch (error) {
    await folder.removeIfEmpty();
    throw error;
  }
}

/** The same into a folder of whatever platform. */
export async function putManifest(folder: Folder, name: string, rows: readonly WrittenRow[]): Promise<void> {
  await folder.replace(name, inPieces(resolve(folder.path), rows));
}

const ROWS_OF_A_PIECE = 10_000;

/** @param folder the absolute path of the manifest's folder */
async function* inPieces(folder: string, rows: readonly WrittenRow[]): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const hasSources = rows.some(({ source }) => source !== undefined);
  yield encoder.encode(hasSources ? MANIFEST_HEADER.replace("\n", ",source\n") : MANIFEST_HEADER);
  for (let at = 0; at < rows.length; at += ROWS_OF_A_PIECE) {
    const lines = rows.slice(at, at + ROWS_OF_A_PIECE).map((row) => {
      const cells = { ...row, path: relative(folder, resolve(row.path)) };
      return manifestLine(hasSources ? { ...cells, source: row.source ?? "" } : cells);
    });
    yield encoder.encode(lines.join(""));
  }
}

/** @param row with the path as it is written */
export const manifestLine = ({ path, transcript, speaker, split, source }: WrittenRow): string =>
  `${[path, transcript, speaker, split, ...(source === undefined ? [] : [source])].map(quoteCell).join(",")}\n`;

/** RFC 4180. */
const quoteCell = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
