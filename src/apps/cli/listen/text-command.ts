// A command that is run for each text, one at a time, in order. No shell sees it: it is split into arguments once, before anything
// is heard, and a text is always a part of one argument, whatever its characters.

import { spawn } from "node:child_process";
import { basename } from "node:path";
import type { FinalEvent } from "../../../recognizer/index.ts";
import type { Output } from "../output.ts";
import { usageFault } from "../session.ts";

const PLACEHOLDER = /\{(text|intent|slots)\}/g;
const SHELLS = /^(?:sh|bash|dash|ash|zsh|fish|ksh|cmd|powershell|pwsh)(?:\.exe)?$/i;

type Heard = Pick<FinalEvent, "text" | "intent" | "slots" | "confidence">;

export class TextCommand {
  readonly #words: readonly string[];
  readonly #output: Output;
  #last: Promise<void> = Promise.resolve();
  #failures = 0;

  /** @throws USAGE */
  constructor(command: string, output: Output) {
    this.#words = splitCommand(command);
    this.#output = output;
    checkWords(this.#words);
  }

  get failures(): number {
    return this.#failures;
  }

  /** When those before it have ended. */
  add(heard: Heard): void {
    this.#last = this.#last.then(() => this.#run(heard));
  }

  /** Until the last has ended. */
  async finish(): Promise<void> {
    await this.#last;
  }

  async #run(heard: Heard): Promise<void> {
    const values = { text: heard.text, intent: heard.intent ?? "", slots: JSON.stringify(heard.slots ?? {}) };
    const [program, ...args] = this.#words.map((word) =>
      word.replaceAll(PLACEHOLDER, (_, name: keyof typeof values) => values[name]),
    );
    const problem = await this.#started(program, args, {
      EARSHOT_TEXT: values.text,
      EARSHOT_INTENT: values.intent,
      EARSHOT_SLOTS: values.slots,
      EARSHOT_CONFIDENCE: String(heard.confidence ?? ""),
    });
    if (problem === undefined) return;
    this.#failures++;
    this.#output.warn({ code: "COMMAND_FAILED", message: `${program} ${problem} on "${heard.text}"` });
  }

  /** @returns what went wrong */
  #started(
    program: string,
    args: readonly string[],
    heard: Readonly<Record<string, string>>,
  ): Promise<string | undefined> {
    const output = this.#output;
    return new Promise((resolve) => {
      try {
        const child = spawn(program, args, {
          stdio: ["ignore", "pipe", "pipe"],
          env: { ...process.env, ...heard },
          windowsHide: true,
        });
        const note = (piece: Buffer): void => output.note(piece.toString().replace(/\n$/, ""));
        child.stderr.on("data", note);
        child.stdout.on("data", output.json ? note : (piece: Buffer) => output.write(piece.toString()));
        child.on("error", ({ message }) => resolve(`did not start (${message})`));
        child.on("close", (code, signal) =>
          resolve(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`),
        );
      } catch (error) {
        resolve(`did not start (${(error as Error).message})`); // such as a zero byte in an argument
      }
    });
  }
}

/** Words between white space; '…' is literal, in "…" a backslash makes a quote or a backslash literal. @throws USAGE */
export function splitCommand(command: string): string[] {
  const word = /(?:'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"])+/gs;
  if (command.replaceAll(word, "").trim() !== "")
    throw usageFault("The quotes of --exec are not closed.", `It was: ${command}`);
  return [...command.matchAll(word)].map(([quoted]) =>
    quoted.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"/gs, (_, literal?: string, escaped = "") =>
      literal === undefined ? (escaped as string).replaceAll(/\\(["\\])/g, "$1") : literal,
    ),
  );
}

/** What is heard chooses no program, and is no program of a shell. */
function checkWords([program, ...args]: readonly string[]): void {
  const holds = (word: string): boolean => word.search(PLACEHOLDER) >= 0;
  if (program === undefined || program === "")
    throw usageFault("--exec names no command.", "Such as: --exec 'notify-send {text}'");
  if (holds(program))
    throw usageFault(
      "--exec would run whatever program is heard.",
      "Name the program, and give the text to it: --exec 'notify-send {text}'",
    );
  const isCode = (arg: string, index: number): boolean =>
    /^(?:-\w*c\w*|\/c)$/i.test(args[index - 1]) && holds(arg);
  if (SHELLS.test(basename(program)) && args.some(isCode))
    throw usageFault(
      "--exec would let a shell run what is heard.",
      `Let it read the text from the environment: --exec '${program} -c "… \\"$EARSHOT_TEXT\\" …"'`,
    );
}
