// Writing a file so that a reader, or a crash at any moment, meets the old one or the new one, never a part: it is
// written beside its place, forced to the disk, and renamed.

import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Content that does not fit into memory at once comes in pieces. */
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
    throw Object.assign(error as Error, { path }); // a failed write knows no path, a failed opening the part's
  }
}

/** Removes what killed processes left unfinished in a folder into which nobody else writes. */
export async function removeUnfinished(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => /^\..*\.\d+\.part$/.test(name));
  await Promise.all(names.map((name) => rm(join(directory, name), { force: true })));
}
