// Reading a file whose path somebody gave: only what has an end. A device never ends, a named pipe may never begin, and
// neither could be interrupted; /dev/stdin and the pipes of a shell's `<(…)` stay.

import { readFile, stat } from "node:fs/promises";

const NOT_SUITABLE = "EINVAL"; // as the system itself says it

/** @throws the error of the file system, one with the code EINVAL when the path is no regular file. */
export async function readWholeFile(path: string): Promise<Uint8Array> {
  const found = await stat(path);
  const isPiped = found.isFIFO() && path.startsWith("/dev/");
  if (found.isFile() || isPiped) return readFile(path);
  throw Object.assign(new Error("it is not a regular file"), { code: NOT_SUITABLE, syscall: "read", path });
}

/** As UTF-8. */
export async function readWholeText(path: string): Promise<string> {
  return new TextDecoder().decode(await readWholeFile(path));
}
