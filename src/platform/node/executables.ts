// Programs on the PATH, run without a shell and with bounded time and output.

import { execFile, type ExecFileException } from "node:child_process";
import { once } from "node:events";
import type { ExecutableOptions, ExecutableOutput } from "../executables.ts";
import { nextTurn } from "./machine.ts";

const LIMITS = {
  encoding: "buffer",
  killSignal: "SIGKILL",
  maxBuffer: 2 ** 26, // bytes
} as const;
const USUAL_LIMIT_SECONDS = 60;

/**
 * Runs a program to its end.
 * @returns undefined where there is no such program on the PATH
 * @throws the signal's reason
 */
export async function runExecutable(
  name: string,
  parameters: readonly string[],
  { input = "", signal, limitSeconds = USUAL_LIMIT_SECONDS }: ExecutableOptions = {},
): Promise<ExecutableOutput | undefined> {
  signal?.throwIfAborted();
  let exit: ExecutableOutput | undefined;
  const limits = { ...LIMITS, timeout: 1000 * limitSeconds, signal };
  const child = execFile(name, parameters, limits, (error, stdout, stderr) => {
    const code = error === null ? 0 : error.code;
    if (code === "ENOENT") return;
    const ended =
      typeof code === "number"
        ? { exitCode: code }
        : { exitCode: undefined, endedBy: endOf(error!, limitSeconds) };
    exit = { stdout, stderr: stderr.toString("utf8").trim(), ...ended };
  });
  child.stdin?.on("error", () => undefined); // a program may end before it has read everything
  child.stdin?.end(input);
  await once(child, "close").catch(() => undefined);
  if (exit?.exitCode === undefined) await nextTurn(); // Ctrl-C ends both: ours is told of it a moment later
  signal?.throwIfAborted();
  return exit;
}

function endOf({ code, killed, signal }: ExecFileException, limitSeconds: number): string {
  if (killed) return `it ran longer than ${limitSeconds} s`;
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return "it wrote more than 64 MB";
  return signal ? `it was ended by ${signal}` : `it did not run (${code ?? "no reason is known"})`;
}
