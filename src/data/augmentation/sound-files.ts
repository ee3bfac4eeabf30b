// Which recordings of noise or of rooms the settings name: all below a folder, or those of a CSV list with a column path.
// Only their names are looked at.

import { EarshotError } from "../../errors.ts";
import { dirname, fileFacts, readWholeText, resolve } from "../../platform/index.ts";
import { csvFormat } from "../manifests/csv.ts";
import { findRecordings } from "../manifests/folder.ts";

/** Absolute paths, each once. @throws EarshotError `SOUNDS_NOT_FOUND`, `NO_SOUNDS`, `NO_RECORDINGS` */
export async function findSounds(places: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const place of places) {
    const entry = await fileFacts(place);
    if (entry === undefined) throw soundsNotFound(place);
    if (entry.kind === "folder")
      found.push(...(await findRecordings(place)).map((path) => resolve(place, path)));
    else found.push(...(await readList(place)));
  }
  return [...new Set(found)];
}

async function readList(list: string): Promise<string[]> {
  const { columns, rows } = csvFormat.read(await readWholeText(list));
  const paths = rows
    .map(({ fields }) => String(fields.get("path") ?? "").trim())
    .filter((path) => path !== "");
  if (paths.length === 0) throw noPaths(list, columns);
  return paths.map((path) => resolve(dirname(list), path));
}

const KINDS = "Give a folder of recordings, or a CSV list of them with a column path";

function soundsNotFound(place: string): EarshotError {
  return new EarshotError({
    code: "SOUNDS_NOT_FOUND",
    where: place,
    problem: "There is no such folder or list of recordings for augmentation.",
    remedy: `${KINDS}; paths in settings are relative to the working folder.`,
  });
}

function noPaths(list: string, columns: readonly string[]): EarshotError {
  const problem = columns.includes("path")
    ? "The list names no recording in its column path."
    : `The list has no column path; it has: ${columns.slice(0, 12).join(", ")}.`;
  return new EarshotError({ code: "NO_SOUNDS", where: list, problem, remedy: `${KINDS}.` });
}
