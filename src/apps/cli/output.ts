// Everything that the command line writes: results on stdout (text, or JSON Lines with --json), all else on stderr.
// A progress line exists only on a terminal, and color only where nobody asked for none (no-color.org).

import { writeSync } from "node:fs";
import { styleText } from "node:util";
import type { EarshotError, Warning } from "../../errors.ts";
import { openStatusLine, type StatusLine } from "../../platform/index.ts";

export class Output {
  /** Whether stdout carries JSON Lines. */
  readonly json: boolean;
  readonly #status: StatusLine;
  readonly #colored: boolean;

  /** @param status the terminal, or what stands in for it */
  constructor(json: boolean, status: StatusLine = openStatusLine()) {
    this.json = json;
    this.#status = status;
    this.#colored = this.#status.interactive && !process.env.NO_COLOR;
  }

  /** Whether a person watches the progress line. */
  get interactive(): boolean {
    return this.#status.interactive;
  }

  /** A result, as it is. */
  write(text: string): void {
    this.#status.write(text);
  }

  /** A result as one line of JSON. */
  object(value: unknown): void {
    this.write(`${JSON.stringify(value)}\n`);
  }

  /** A line for the person who watches. */
  note(text: string): void {
    this.#status.note(text);
  }

  warn({ code, message }: Warning, where?: string): void {
    this.note(
      `${this.#paint("yellow", `warning: ${code}`)}  ${where === undefined ? "" : `${where}: `}${message}`,
    );
  }

  /** An error that ends the command. */
  fail(error: EarshotError): void {
    if (this.json) this.object({ error });
    else if (error.code === "INTERRUPTED")
      this.note(error.message); // whoever pressed Ctrl-C knows what happened
    else this.complain(error);
  }

  /** An error of one item among others: code and place, then what is wrong, then the way out. */
  complain({ code, where, problem, remedy }: EarshotError): void {
    const place = where === undefined ? "" : `  ${where}`;
    this.note(`${this.#paint("red", `error: ${code}`)}${place}\n  ${problem}\n  ${remedy}`);
  }

  /** Replaces the progress line; without a terminal, nothing. */
  progress(text: string): void {
    this.#status.progress(text);
  }

  clearProgress(): void {
    this.#status.clear();
  }

  /** Text that matters less, where there are colors. */
  dim(text: string): string {
    return this.#paint("dim", text);
  }

  #paint(color: "red" | "yellow" | "dim", text: string): string {
    return this.#colored ? styleText(color, text) : text;
  }
}

/** `earshot … | head` closes our stdout: there is nobody left to write for. A full disk under it is a failure. */
export function endOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit();
  try {
    writeSync(
      2,
      `error: FILE_SYSTEM  output\n  It cannot be written: ${error.message}.\n  Make room for it.\n`,
    );
  } catch {
    // stderr is what failed: the exit code has to say it
  }
  process.exit(3);
}
