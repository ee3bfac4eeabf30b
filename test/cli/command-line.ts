// Runs the command line in this process, which takes a tenth of the time; or the built one as a child process, the way a
// user does, where signals, streams or the exit code are what is tested.

import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Output } from "../../src/apps/cli/output.ts";
import { runProgram } from "../../src/apps/cli/program.ts";
import { interrupted, type Session } from "../../src/apps/cli/session.ts";

const main = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function start(folder: string, ...argv: readonly string[]): ChildProcessWithoutNullStreams {
  if (!existsSync(main)) throw new Error("There is no build: run `npm run build` first.");
  return spawn(process.execPath, [main, ...argv], { cwd: folder });
}

export function finish(child: ChildProcessWithoutNullStreams): Promise<Run> {
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs `earshot <argv>` in this process. */
export function earshot(folder: string, ...argv: readonly string[]): Promise<Run> {
  return runHere(folder, argv, new AbortController().signal, () => undefined);
}

/** Runs it and presses Ctrl-C, as it were, when the progress line first shows this. */
export function earshotUntil(shown: RegExp, folder: string, ...argv: readonly string[]): Promise<Run> {
  const controller = new AbortController();
  return runHere(folder, argv, controller.signal, (progress) => {
    if (shown.test(progress)) controller.abort(interrupted("Run the command again."));
  });
}

/** Runs it at a terminal, as it were, where a person gives these answers one after the other. */
export async function earshotAnswering(
  answers: readonly string[],
  folder: string,
  ...argv: readonly string[]
): Promise<Run & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const questions = {
    ask: (question: string) => Promise.resolve(answers[asked.push(question) - 1]),
    close: () => undefined,
  };
  const { signal } = new AbortController();
  return { ...(await runHere(folder, argv, signal, () => undefined, questions)), asked };
}

const home = process.cwd();
let running = 0;

/** This process goes to the folder for that; commands that run at once are in one folder. */
async function runHere(
  folder: string,
  argv: readonly string[],
  signal: AbortSignal,
  progress: (text: string) => void,
  questions?: Session["questions"],
): Promise<Run> {
  if (running++ === 0) process.chdir(folder);
  let [stdout, stderr] = ["", ""];
  const output = new Output(argv.includes("--json"), {
    interactive: false,
    write: (text) => void (stdout += text),
    note: (text) => void (stderr += `${text}\n`),
    progress,
    clear: () => undefined,
  });
  const session: Session = { output, signal, questions, exitCode: 0 };
  await runProgram(argv, session);
  if (--running === 0) process.chdir(home);
  return { code: session.exitCode, stdout, stderr };
}

/** The objects of JSON Lines; throws unless every line is one. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
