// Where callbacks write: into the run's folder, or wherever on the platform a program asks them to.

import { basename, dirname, openFolder, type Folder } from "../../platform/index.ts";

export interface FolderFile {
  readonly folder: Folder;
  readonly name: string;
}

/** @param path in the folder, or of the platform where none is given */
export function fileAt(path: string, folder?: Folder): FolderFile {
  return folder ? { folder, name: path } : { folder: openFolder(dirname(path)), name: basename(path) };
}

export const folderAt = (directory: string | Folder): Folder =>
  typeof directory === "string" ? openFolder(directory) : directory;

/** Writes lines behind each other, in the order of the calls. */
export function lineWriter({ folder, name }: FolderFile): (line: string) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (line) => (last = last.then(() => folder.append(name, `${line}\n`)));
}
