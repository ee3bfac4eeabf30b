// The lock of a run's folder, so that one process at a time trains into it.

import { EarshotError } from "../../errors.ts";
import { withLock, type Folder } from "../../platform/index.ts";
import { RUN_FILES } from "./file-names.ts";

/** Does the work while no other process trains into the folder. @throws EarshotError RUN_BUSY */
export const withRunLock = <Result>(folder: Folder, work: () => Promise<Result>): Promise<Result> =>
  withLock(folder, RUN_FILES.lock, work, (owner) => runBusy(folder.path, owner));

function runBusy(directory: string, owner: string): EarshotError {
  return new EarshotError({
    code: "RUN_BUSY",
    where: directory,
    problem: `Another process (${owner}) trains into this folder.`,
    remedy: "Wait for it, or give another --out; if there is no such process, delete run.lock there.",
  });
}
