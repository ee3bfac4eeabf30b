// Runs the built command line as a child process, the way a user does.

import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

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

/** Runs `earshot <argv>` in a folder. */
export function earshot(folder: string, ...argv: readonly string[]): Promise<Run> {
  return finish(start(folder, ...argv));
}

/** The objects of JSON Lines; throws unless every line is one. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
