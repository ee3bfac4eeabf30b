// What every command is given: where to write, when to stop, and the exit code it leaves behind.

import { EarshotError } from "../../errors.ts";
import { isRank } from "../../platform/index.ts";
import type { Output } from "./output.ts";

export const EXIT = { done: 0, findings: 1, usage: 2, failed: 3, interrupted: 130 } as const;

/** To a person at a terminal. */
export interface Questions {
  /** @returns the line without white space around it @throws EarshotError INTERRUPTED */
  ask(question: string): Promise<string>;
  close(): void;
}

export interface Session {
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** To the person at the terminal, where there is one. */
  readonly questions?: Questions;
  exitCode: number;
}

/** The first Ctrl-C asks the command to stop in good order; the second ends the process at once. */
export function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(interrupted("Run the command again."));
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  if (isRank()) process.on("SIGUSR2", interrupt); // which mpirun hands on to all ranks, as it does no Ctrl-C
  return controller.signal;
}

export function interrupted(remedy: string): EarshotError {
  return new EarshotError({ code: "INTERRUPTED", problem: "Interrupted.", remedy });
}

export function usageFault(problem: string, remedy: string): EarshotError {
  return new EarshotError({ code: "USAGE", problem, remedy });
}
