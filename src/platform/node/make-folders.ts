// Folders made one by one. Node's own recursive `mkdir` never returns where the system refuses a folder whose parent exists
// as if the parent did not (/proc does).

import { mkdir, readdir, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "./path.ts";

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

/** Does the work. Where it fails, no empty folder stays at the path, below it or around it that was not there before. */
export async function leavingNoEmptyFolders<Result>(
  path: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const outermost = await outermostMissing(resolve(path));
  try {
    return await work();
  } catch (error) {
    if (outermost !== undefined) await removeEmptyFolders(outermost);
    throw error;
  }
}

async function outermostMissing(path: string): Promise<string | undefined> {
  if ((await stat(path).catch(() => undefined)) !== undefined) return undefined;
  const parent = dirname(path);
  return (parent === path ? undefined : await outermostMissing(parent)) ?? path;
}

/** What cannot be removed stays: the failure before is the one to report. */
async function removeEmptyFolders(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeEmptyFolders(join(folder, entry.name));
  await rmdir(folder).catch(() => undefined);
}
