// A folder with recordings and a manifest, dropped or chosen, becomes the lesson's corpus: its files are copied into the page's storage, since a
// browser forgets a folder when the tab is closed.

import { loadEarshot, type Folder } from "../earshot.ts";
import { PageFailure } from "../page-failure.ts";
import type { LessonFolder } from "./lesson.ts";
import { LESSON_PATHS } from "./lesson-store.ts";

/** A tab can learn from so much. */
const MOST_MEGABYTES = 500;
const FEWEST_LEARNED = 2;
const MANIFEST = /\.(csv|tsv|jsonl|json)$/i;

/** @throws PageFailure with what is missing, and what the library says of the manifest */
export async function importFolder(
  files: readonly File[],
  onProgress: (share: number) => void,
): Promise<LessonFolder> {
  if (files.length === 0) throw new PageFailure("folderIsEmpty");
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_MEGABYTES * 1e6)
    throw new PageFailure("folderTooLarge", { megabytes: Math.round(bytes / 1e6), most: MOST_MEGABYTES });
  const folder = (await loadEarshot()).openFolder(LESSON_PATHS.imported);
  await folder.destroy();
  try {
    return await copyAndRead(files, folder, onProgress);
  } catch (error) {
    await folder.destroy(); // nobody would ever see what was copied
    throw error;
  }
}

async function copyAndRead(
  files: readonly File[],
  folder: Folder,
  onProgress: (share: number) => void,
): Promise<LessonFolder> {
  for (const [i, file] of files.entries()) {
    await folder.replace(pathOf(file), new Uint8Array(await file.arrayBuffer()));
    onProgress((i + 1) / files.length);
  }
  const manifest = files
    .map(pathOf)
    .filter((path) => MANIFEST.test(path))
    .toSorted((a, b) => a.split("/").length - b.split("/").length)[0];
  const path = manifest === undefined ? LESSON_PATHS.imported : `${LESSON_PATHS.imported}/${manifest}`;
  const { readManifests } = await (await loadEarshot()).loadTraining();
  const { utterances } = await readManifests([path]);
  const name = files[0].webkitRelativePath.split("/")[0] || "folder";
  const [{ path: watched, transcript: word }] = utterances;
  return {
    manifest: path,
    folder: name,
    utterances: utterances.length,
    learned: learnedOf(utterances, new Set(files.map(pathOf))),
    texts: [...new Set(utterances.map(({ transcript }) => transcript))],
    watched: { path: watched, word },
  };
}

/** How many. @throws PageFailure where recordings are missing, or hardly any are there to learn from */
function learnedOf(
  utterances: readonly { readonly path: string; readonly split: string }[],
  files: ReadonlySet<string>,
): number {
  const names = utterances.map(({ path }) => path.replace(`${LESSON_PATHS.imported}/`, ""));
  const missing = names.filter((name) => !files.has(name));
  if (missing.length > 0) throw new PageFailure("folderLacks", { count: missing.length, first: missing[0] });
  const learned = utterances.filter(({ split }) => split === "train").length;
  if (learned < FEWEST_LEARNED) throw new PageFailure("folderTeachesNothing", { learned });
  return learned;
}

/** Below the folder that was chosen. */
const pathOf = ({ webkitRelativePath, name }: File): string =>
  webkitRelativePath.split("/").slice(1).join("/") || name;
