// A corpus on disk as importers see it: names of files and the text in some of them. Knows nothing of any corpus.

import { decodeText, join, listFiles, readWholeFile } from "../../platform/index.ts";
import { hasAudioExtension, withoutAudioExtension } from "../audio-extensions.ts";

/** Slashes separate the parts of a path, on every system. */
export interface CorpusFolder {
  /** Every file below the folder, relative to it, sorted; hidden ones are passed over. */
  readonly paths: readonly string[];
  /** @param encoding what a file is in that is not UTF-8, for corpora that have both @throws UNREADABLE_TEXT */
  readText(path: string, encoding?: string): Promise<string>;
}

/** @throws the error of the file system */
export async function openCorpusFolder(root: string): Promise<CorpusFolder> {
  const paths = (await listFiles(root)).filter((path) => !isHidden(path));
  return {
    paths,
    readText: async (path, encoding) =>
      decodeText(await readWholeFile(join(root, path)), join(root, path), { encoding }),
  };
}

/** Some systems put a hidden file beside each other file, and an unpacking that was killed leaves a hidden folder. */
const isHidden = (path: string): boolean => path.startsWith(".") || path.includes("/.");

/** Files of this name, at any depth. */
export const filesNamed = (folder: CorpusFolder, name: string): string[] =>
  folder.paths.filter((path) => path === name || path.endsWith(`/${name}`));

/** `a/b/c.wav` → `a/b`; of `c.wav` it is empty. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Joins what is not empty. */
export const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join("/");

/** Recordings by their path without its ending: corpora name them so, and are passed on in several formats. */
export function recordingsByStem(folder: CorpusFolder): ReadonlyMap<string, string> {
  const recordings = folder.paths.filter(hasAudioExtension);
  return new Map(recordings.map((path) => [withoutAudioExtension(path), path]));
}
