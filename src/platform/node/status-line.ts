// Lines on a terminal. Where the output is none (a pipe, a dumb terminal) only the lines that stay are written. All on
// stderr: stdout is for results.

import type { StatusLine } from "../status-line.ts";

const ESCAPE = "\u001B";
const ERASE_LINE = `\r${ESCAPE}[K`;
const COLOR = new RegExp(String.raw`(${ESCAPE}\[[0-9;]*m)`);

export const openStatusLine = (): StatusLine => new TerminalLine();

/** All colors stay: what ends one must not be lost. */
function firstCharacters(text: string, width: number): string {
  let left = width;
  return text
    .split(COLOR)
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const shown = part.slice(0, left);
      left -= shown.length;
      return shown;
    })
    .join("");
}

class TerminalLine implements StatusLine {
  readonly interactive = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  #shown = false;

  note(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }

  progress(text: string): void {
    if (!this.interactive) return;
    const width = (process.stderr.columns || 80) - 1; // some terminals say 0
    process.stderr.write(ERASE_LINE + firstCharacters(text, width));
    this.#shown = true;
  }

  write(text: string): void {
    this.clear();
    process.stdout.write(text);
  }

  clear(): void {
    if (this.#shown) process.stderr.write(ERASE_LINE);
    this.#shown = false;
  }
}
