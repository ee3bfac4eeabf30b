// Folders made one by one. Node's own recursive `mkdir` never returns where the system refuses a folder whose parent exists
// as if the parent did not (/proc does).

import { mkdir, stat } from "node:fs/promises";
import { dirname } from "./path.ts";

/**
 * A folder and those around it, as far as they are not there.
 * @returns the outermost that was made, if any
 * @throws the error of the file system
 */
export async function makeFolders(path: string): Promise<string | undefined> {
  if (await isFolder(path)) return undefined;
  const parent = dirname(path);
  const outermost = parent === path ? undefined : await makeFolders(parent);
  try {
    await mkdir(path);
  } catch (error) {
    if (!(await isFolder(path))) throw error; // else another process was faster
    return outermost;
  }
  return outermost ?? path;
}

const isFolder = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
};
