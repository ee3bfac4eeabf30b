// Text files by their paths.

import { readWholeFile } from "#platform-driver";
import { decodeText } from "./text-bytes.ts";

/** UTF-8, or what a byte order mark says. @throws UNREADABLE_TEXT; the error of the file system */
export async function readWholeText(path: string): Promise<string> {
  return decodeText(await readWholeFile(path), path);
}
