// The file of API keys of `earshot serve`, which only ever grows by a line.

import { appendFile, readFile } from "node:fs/promises";
import { isMissing } from "../../../platform/index.ts";
import type { Keys } from "../../server/index.ts";
import { readGiven } from "../decoding.ts";
import { usageFault, type Session } from "../session.ts";

const readText = (path: string): Promise<string> => readFile(path, "utf8");

/** @throws EarshotError FILE_SYSTEM, INVALID_KEYS */
export async function readKeys(path: string | undefined): Promise<Keys | undefined> {
  if (path === undefined) return undefined;
  const { Keys } = await import("../../server/index.ts");
  return Keys.of(await readGiven(path, "a file of keys", readText), path);
}

/**
 * Shows a new key and keeps its hash.
 * @throws EarshotError USAGE for what is no name, and for one that is there; INVALID_KEYS of a file that is none of keys
 */
export async function addKey(path: string | undefined, name: string, { output }: Session): Promise<void> {
  if (path === undefined) throw usageFault("--make-key needs --keys FILE.", "Say which file keeps its hash.");
  if (!/^[\w.@-]{1,100}$/.test(name))
    throw usageFault(`"${name}" is no name of a key.`, "Take letters, digits, and . _ - @.");
  const { Keys, makeKey } = await import("../../server/index.ts");
  const before = await readText(path).catch((error: unknown) => {
    if (isMissing(error)) return "";
    throw error;
  });
  if (before.trim() !== "" && Keys.of(before, path).has(name))
    throw usageFault(
      `${path} has a key of the name "${name}".`,
      "Take another name, or take its line out of the file.",
    );
  const { key, line } = makeKey(name);
  const lineBreak = before === "" || before.endsWith("\n") ? "" : "\n";
  await appendFile(path, lineBreak + line, { mode: 0o600 });
  if (output.json) output.object({ name, key });
  else output.write(`${key}\n`);
}
