#!/usr/bin/env node
// The command line's process: its arguments, streams and Ctrl-C for the program, and the exit code that it leaves.

import { endOnBrokenPipe, Output } from "./output.ts";
import { runProgram } from "./program.ts";
import { questionsOnTerminal } from "./questions.ts";
import { EXIT, abortOnInterrupt } from "./session.ts";
import type { Session } from "./session.ts";

async function main(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", endOnBrokenPipe);
  const output = new Output(argv.includes("--json"));
  const questions = questionsOnTerminal();
  const session: Session = { output, signal: abortOnInterrupt(), questions, exitCode: EXIT.done };
  await runProgram(argv, session);
  process.exitCode = session.exitCode;
}

void main(process.argv.slice(2));
