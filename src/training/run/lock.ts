// The lock of a run's folder, so that one process at a time trains into it.

import { EarshotError } from "../../errors.ts";
import type { Folder } from "../../platform/index.ts";
import { RUN_FILES } from "./file-names.ts";

/** Does the work while no other process trains into the folder. @throws EarshotError RUN_BUSY */
export async function withRunLock<Result>(folder: Folder, work: () => Promise<Result>): Promise<Result> {
  const lock = await folder.lock(RUN_FILES.lock);
  if ("heldBy" in lock) throw runBusy(folder.path, lock.heldBy);
  const result = await work().catch(async (error: unknown) => {
    await lock.release().catch(() => undefined); // the first failure is the one to report
    throw error;
  });
  await lock.release();
  return result;
}

function runBusy(directory: string, owner: string): EarshotError {
  return new EarshotError({
    code: "RUN_BUSY",
    where: directory,
    problem: `Another process (${owner}) trains into this folder.`,
    remedy: "Wait for it, or give another --out; if there is no such process, delete run.lock there.",
  });
}
