// Text files whose path somebody gave.

import { readWholeFile } from "#platform-driver";

/** As UTF-8. @throws the error of the file system */
export async function readWholeText(path: string): Promise<string> {
  return new TextDecoder().decode(await readWholeFile(path));
}
