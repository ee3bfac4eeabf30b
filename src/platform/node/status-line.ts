// Lines for a person who watches a terminal: lasting ones, and one that is replaced as work goes on. Where nobody
// watches (a pipe, a dumb terminal) only the lasting lines remain. All on stderr: stdout is for results.

const ERASE_LINE = "\r\u001B[K";

export class StatusLine {
  /** Whether a person watches. */
  readonly interactive = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  #shown = false;

  /** A lasting line. */
  note(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }

  /** Replaces the moving line. */
  progress(text: string): void {
    if (!this.interactive) return;
    const width = (process.stderr.columns || 80) - 1; // some terminals say 0
    process.stderr.write(ERASE_LINE + text.slice(0, width));
    this.#shown = true;
  }

  /** A result, on stdout. */
  write(text: string): void {
    this.clear();
    process.stdout.write(text);
  }

  clear(): void {
    if (this.#shown) process.stderr.write(ERASE_LINE);
    this.#shown = false;
  }
}
