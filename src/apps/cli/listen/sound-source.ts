// Sound as it comes: 16-bit PCM, mono, from a program that records or from stdin, until it ends or the signal says so.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { EarshotError } from "../../../errors.ts";
import type { RecorderCall } from "./recorders.ts";

/** How long a recorder may take to end when it is asked to. */
const ENDING_MS = 1_000;

/** What a recorder writes; what it has written when the signal comes is still given. @throws RECORDER_FAILED behind its last sound */
export async function* recordedSound(
  { name, command, args, env }: RecorderCall,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    windowsHide: true,
  });
  const said = lastLineOf(child.stderr);
  const ended = once(child, "close").catch((error: unknown) => [error]) as Promise<readonly unknown[]>;
  const stop = (): void => endRecorder(child);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  let bytes = 0;
  try {
    for await (const piece of child.stdout as AsyncIterable<Buffer>) {
      bytes += piece.length;
      yield piece;
    }
    const [how] = await ended;
    await new Promise((resolve) => setTimeout(resolve, 20)); // Ctrl-C is for both: its own may be told later
    if (!signal.aborted && (how !== 0 || bytes === 0)) throw recorderFailed(name, how, said());
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function endRecorder(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  const end = setTimeout(() => child.kill("SIGKILL"), ENDING_MS);
  child.once("close", () => clearTimeout(end));
}

/** What comes on stdin. */
export async function* standardInputSound(signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const { stdin } = process;
  const stop = (): void => void stdin.destroy();
  if (signal.aborted) return;
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const piece of stdin as AsyncIterable<Buffer>) yield piece;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Keeps little of what a program says. */
function lastLineOf(stderr: Readable): () => string | undefined {
  let end = "";
  stderr.on("data", (piece: Buffer) => (end = (end + piece.toString()).slice(-2_000)));
  return () =>
    end
      .split(/[\r\n]+/)
      .findLast((line) => line.trim() !== "")
      ?.trim();
}

/** @param how its exit code, null where a signal ended it, or why it did not start */
function recorderFailed(name: string, how: unknown, said: string | undefined): EarshotError {
  const ending =
    how === 0
      ? "ended without any sound"
      : how instanceof Error
        ? `did not start: ${how.message}`
        : `ended ${how === null ? "by a signal" : `with exit code ${String(how)}`}`;
  return new EarshotError({
    code: "RECORDER_FAILED",
    where: name,
    problem: `The recorder ${ending}${said === undefined ? "." : `: ${said}`}`,
    remedy:
      "Check the microphone, name another with --device, or another program with --recorder; or pipe 16-bit PCM into: earshot listen -",
  });
}
