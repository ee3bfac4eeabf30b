// Programs under Open MPI's mpirun, for tests; whether it is there.

import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";

/** Why such a test cannot run here; undefined where it can. */
export const mpiAbsent: string | undefined = /Open MPI/.test(
  String(spawnSync("mpirun", ["--version"], { encoding: "utf8" }).stdout),
)
  ? undefined
  : "Open MPI is not installed";

export interface MpiOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** All ranks on this machine, however few cores it has. */
export const MPIRUN = ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"];

/** A command as so many ranks. */
export function startMpi(
  ranks: number,
  command: readonly string[],
): { readonly child: ChildProcessWithoutNullStreams; readonly outcome: Promise<MpiOutcome> } {
  const child = spawn("mpirun", [...MPIRUN, "-np", String(ranks), ...command], { stdio: "pipe" });
  const outcome = { exitCode: null as number | null, stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (outcome.stdout += String(data)));
  child.stderr.on("data", (data) => (outcome.stderr += String(data)));
  const ended = new Promise<MpiOutcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ ...outcome, exitCode }));
  });
  return { child, outcome: ended };
}
