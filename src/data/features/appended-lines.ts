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
  await folder.append(file, textOf(line));
}

const textOf = (line: object): string => `\n${JSON.stringify(line)}`;

/** Writes lines that come while others are being written together. */
export class LineAppender {
  readonly #folder: Folder;
  readonly #file: string;
  #waiting = "";
  /** The write under way, and the one behind it of all that waits. */
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(folder: Folder, file: string) {
    this.#folder = folder;
    this.#file = file;
  }

  /** Once it is written. @throws EarshotError FILE_SYSTEM when it cannot be */
  append(line: object): Promise<void> {
    this.#waiting += textOf(line);
    return (this.#next ??= this.#write());
  }

  async #write(): Promise<void> {
    await this.#last.catch(() => undefined); // its own callers have the error
    const lines = this.#waiting;
    this.#waiting = "";
    this.#last = this.#next!;
    this.#next = undefined;
    await this.#folder.append(this.#file, lines);
  }
}
