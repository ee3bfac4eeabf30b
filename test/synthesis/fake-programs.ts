// Programs that stand in for speech synthesizers: scripts in a folder of their own, alone on the PATH.

import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @param scripts by the name of the program, for sh. @returns what takes them away again */
export async function putOnPath(scripts: Record<string, string>): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-programs-"));
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}`);
    await chmod(join(folder, name), 0o755);
  }
  const before = process.env.PATH;
  process.env.PATH = folder;
  return async () => {
    process.env.PATH = before;
    await rm(folder, { recursive: true });
  };
}
