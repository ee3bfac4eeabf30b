// Work that one process at a time does in a folder.

import type { EarshotError } from "../errors.ts";
import type { Folder } from "./folder.ts";

/** @param isHeld the error where the process of this name has the lock. @throws it, and what the work throws */
export async function withLock<Result>(
  folder: Folder,
  name: string,
  work: () => Promise<Result>,
  isHeld: (owner: string) => EarshotError,
): Promise<Result> {
  const lock = await folder.lock(name);
  if ("heldBy" in lock) throw isHeld(lock.heldBy);
  const result = await work().catch(async (error: unknown) => {
    await lock.release().catch(() => undefined); // the first failure is the one to report
    throw error;
  });
  await lock.release();
  return result;
}
