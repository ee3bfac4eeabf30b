// The lock of the folder: one `earshot new` at a time, from looking at what is there to the table in the end.

import { EarshotError } from "../../../errors.ts";
import { openFolder, withLock } from "../../../platform/index.ts";
import { NEW_FILES } from "./plan.ts";

/** A folder that the work leaves empty is gone. @throws EarshotError FOLDER_IN_USE, and what the work throws */
export async function withFolderAlone<Result>(out: string, work: () => Promise<Result>): Promise<Result> {
  const folder = openFolder(out);
  try {
    return await withLock(folder, NEW_FILES.lock, work, (owner) => inUse(out, owner));
  } finally {
    await folder.removeIfEmpty();
  }
}

const inUse = (out: string, owner: string): EarshotError =>
  new EarshotError({
    code: "FOLDER_IN_USE",
    where: out,
    problem: `Another earshot new (process ${owner}) works in this folder.`,
    remedy: `Wait for it, or give another --out; if there is no such process, delete ${NEW_FILES.lock} there.`,
  });
