// Programs on the PATH, run without a shell and with bounded time and output.

import { execFile } from "node:child_process";
import { once } from "node:events";
import type { ExecutableOptions, ExecutableOutput } from "../executables.ts";
import { nextTurn } from "./machine.ts";

const LIMITS = {
  encoding: "buffer",
  timeout: 60_000, // ms
  killSignal: "SIGKILL",
  maxBuffer: 2 ** 26, // bytes
} as const;

/**
 * Runs a program to its end.
 * @returns undefined where there is no such program on the PATH
 * @throws the signal's reason
 */
export async function runExecutable(
  name: string,
  parameters: readonly string[],
  { input = "", signal }: ExecutableOptions = {},
): Promise<ExecutableOutput | undefined> {
  signal?.throwIfAborted();
  let exit: ExecutableOutput | undefined;
  const child = execFile(name, parameters, { ...LIMITS, signal }, (error, stdout, stderr) => {
    const code = error === null ? 0 : error.code;
    if (code === "ENOENT") return;
    const exitCode = typeof code === "number" ? code : undefined;
    exit = { stdout, stderr: stderr.toString("utf8").trim(), exitCode };
  });
  child.stdin?.on("error", () => undefined); // a program may end before it has read everything
  child.stdin?.end(input);
  await once(child, "close").catch(() => undefined);
  if (exit?.exitCode === undefined) await nextTurn(); // Ctrl-C ends both: ours is told of it a moment later
  signal?.throwIfAborted();
  return exit;
}
