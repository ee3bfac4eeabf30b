// A file to which lines are only ever appended (JSON Lines), so that a crash costs no more than the line that was being written:
// whoever reads them ignores one that is not whole. It does not know what the lines mean.

import type { Folder } from "../../platform/index.ts";

/** Its lines; none where there is no file that can be read. */
export async function appendedLines(folder: Folder, file: string): Promise<string[]> {
  const bytes = await folder.read(file).catch(() => undefined);
  return new TextDecoder().decode(bytes).split("\n");
}

/** @throws EarshotError FILE_SYSTEM when it cannot be written down */
export async function appendLine(folder: Folder, file: string, line: object): Promise<void> {
  // The line break leads, so that a line cut off by a crash spoils only itself.
  await folder.append(file, `\n${JSON.stringify(line)}`);
}
