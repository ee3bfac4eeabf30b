// Recordings of clients on the disk, for as long as they are worked on. None outlives the process: what it still has when it
// exits is removed then, and what one left behind that was killed, when the next one starts.

import { rmSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

const open = new Set<string>();
/** Behind it comes the id of the process: machines that share a folder know their own. */
const PREFIX = `earshot-serve-${hostname()
  .replaceAll(/[^\w.]/g, "_")
  .slice(0, 60)}-`;

/** @param work is given the path of a file that has these parts, in order */
export async function withRecording<Result>(
  parts: readonly Uint8Array[],
  work: (path: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  open.add(folder);
  try {
    const path = join(folder, "recording");
    await writeFile(path, parts);
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
    open.delete(folder);
  }
}

let isTidy = false;

/** To be called before the first recording; later calls do nothing. */
export async function removeLeftRecordings(): Promise<void> {
  if (isTidy) return;
  isTidy = true;
  process.on("exit", () => open.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
  const names = await readdir(tmpdir()).catch(() => []);
  const left = names.filter((name) => name.startsWith(PREFIX) && !isAlive(name.slice(PREFIX.length)));
  await Promise.allSettled(left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })));
}

/** @param rest of a folder's name. In containers ids repeat: our own is that of a process that died. */
function isAlive(rest: string): boolean {
  const id = Number.parseInt(rest, 10);
  if (!(id > 0) || id === process.pid) return false;
  try {
    return process.kill(id, 0); // signal 0 only asks
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
