// Questions to a person at a terminal. Lines that are pasted answer the questions that follow.

import { createInterface, type Interface } from "node:readline";
import { interrupted, type Questions } from "./session.ts";

/** @returns undefined where nobody sits at a terminal */
export function questionsOnTerminal(): Questions | undefined {
  return process.stdin.isTTY && process.stderr.isTTY ? new TerminalQuestions() : undefined;
}

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (reason: unknown) => void;
}

class TerminalQuestions implements Questions {
  #reader?: Interface;
  readonly #lines: string[] = [];
  #waiting?: Waiting;

  ask(question: string): Promise<string> {
    this.#reader ??= this.#open();
    const line = this.#lines.shift();
    this.#reader.setPrompt(question);
    this.#reader.prompt();
    if (line === undefined) return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
    process.stderr.write(`${line}\n`);
    return Promise.resolve(line);
  }

  close(): void {
    this.#waiting = undefined;
    this.#reader?.close();
  }

  #open(): Interface {
    const reader = createInterface({ input: process.stdin, output: process.stderr });
    reader.on("line", (line) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting) waiting.resolve(line.trim());
      else this.#lines.push(line.trim());
    });
    reader.on("close", () => this.#waiting?.reject(interrupted("Nothing was made."))); // Ctrl-C, Ctrl-D
    return reader;
  }
}
