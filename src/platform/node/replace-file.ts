// Writing a file so that a reader, or a crash at any moment, meets the old one or the new one, never a part: it is
// written beside its place, forced to the disk, and renamed.

import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { EarshotError } from "../../errors.ts";
import { isSystemError, systemFault } from "../system-fault.ts";

/**
 * Content that does not fit into memory at once comes in pieces.
 * @throws EarshotError FILE_SYSTEM, with the fault itself as its cause
 */
export async function replaceFile(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    const file = await open(beside, "w");
    try {
      for await (const piece of content instanceof Uint8Array ? [content] : content)
        await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined); // the first failure is the one to tell
    throw faultOf(error, path, beside);
  }
}

/**
 * Before long work whose result goes to `path`.
 * @throws EarshotError FILE_SYSTEM as `replaceFile` would, when nothing can be written there
 */
export async function checkReplaceable(path: string): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) {
    throw folderFault(path);
  }
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    await (await open(beside, "w")).close();
    await rm(beside);
  } catch (error) {
    throw faultOf(error, path, beside);
  }
}

/** Removes what killed processes left unfinished in a folder into which nobody else writes. */
export async function removeUnfinished(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => /^\..*\.\d+\.part$/.test(name));
  await Promise.all(names.map((name) => rm(join(directory, name), { force: true })));
}

/** A failed write knows no path, a failed opening the part's; what failed elsewhere, as reading the content, keeps its own. */
function faultOf(error: unknown, path: string, beside: string): unknown {
  if (!isSystemError(error)) return error;
  if (error.syscall === "rename" && error.code === "EISDIR") return folderFault(path);
  return systemFault(error, error.path === beside ? path : (error.path ?? path));
}

function folderFault(path: string): EarshotError {
  const problem = "It is a folder, and a file is to be written.";
  return new EarshotError({ code: "FILE_SYSTEM", where: path, problem, remedy: "Give the path of a file." });
}
