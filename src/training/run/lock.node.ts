// One process at a time trains into a folder: a file there holds its id. A killed process leaves that file behind, and
// the next one takes it over. Only processes of one machine see each other.

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EarshotError } from "../../errors.ts";

/** Does the work while no other process trains into the folder. @throws EarshotError RUN_BUSY */
export async function withRunLock<Result>(directory: string, work: () => Promise<Result>): Promise<Result> {
  const path = join(directory, "run.lock");
  const owner = await readFile(path, "utf8").catch(() => "");
  if (isOtherProcess(Number(owner))) throw runBusy(directory, owner);
  await rm(path, { force: true });
  await writeFile(path, `${process.pid}`, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EEXIST" ? runBusy(directory, "just begun") : error;
  });
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Our own id is a dead process's too: in a container that starts anew, ids repeat. */
function isOtherProcess(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0 || id === process.pid) return false;
  try {
    return process.kill(id, 0); // signal 0 only asks whether the process exists
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // EPERM: it exists, and is someone else's
  }
}

function runBusy(directory: string, owner: string): EarshotError {
  return new EarshotError({
    code: "RUN_BUSY",
    where: directory,
    problem: `Another process (${owner}) trains into this folder.`,
    remedy: "Wait for it, or give another --out; if there is no such process, delete run.lock there.",
  });
}
