// Lines on a terminal. Where the output is none (a pipe, a dumb terminal) only the lines that stay are written. All on
// stderr: stdout is for results.

import type { StatusLine } from "../status-line.ts";

const ERASE_LINE = "\r\u001B[K";

export const openStatusLine = (): StatusLine => new TerminalLine();

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
    process.stderr.write(ERASE_LINE + text.slice(0, width));
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
