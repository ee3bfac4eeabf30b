// Sound as it comes: 16-bit PCM, mono, from a program that records or from stdin, until it ends or the signal says so.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { EarshotError } from "../../../errors.ts";
import type { RecorderCall } from "./recorders.ts";

/** How long a recorder may take to end when it is asked to. */
const ENDING_MS = 1_000;

/** A microphone gives sound without a pause, silence too; opening it may take seconds. */
const HANGING_MS = 10_000;

/**
 * What a recorder writes; what it has written when the signal comes is still given.
 * @param hangingMs how long it may give nothing
 * @throws RECORDER_FAILED behind its last sound
 */
export async function* recordedSound(
  { name, command, args, env }: RecorderCall,
  signal: AbortSignal,
  hangingMs = HANGING_MS,
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
    const pieces = (child.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    for (;;) {
      const next = await within(hangingMs, pieces.next());
      if (!next) throw recorderFailed(name, `gave no sound for ${hangingMs / 1000} s`, said());
      if (next.done === true) break;
      bytes += next.value.length;
      yield next.value;
    }
    const [how] = await ended;
    await new Promise((resolve) => setTimeout(resolve, 20)); // Ctrl-C is for both: its own may be told later
    if (!signal.aborted && (how !== 0 || bytes === 0)) throw recorderFailed(name, endingOf(how), said());
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

/** Undefined where it takes longer. */
async function within<Result>(ms: number, result: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, ms, undefined)));
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}

/** @param how its exit code, null where a signal ended it, or why it did not start */
function endingOf(how: unknown): string {
  if (how === 0) return "ended without any sound";
  if (how instanceof Error) return `did not start: ${how.message}`;
  return `ended ${how === null ? "by a signal" : `with exit code ${String(how)}`}`;
}

function recorderFailed(name: string, what: string, said: string | undefined): EarshotError {
  return new EarshotError({
    code: "RECORDER_FAILED",
    where: name,
    problem: `The recorder ${what}${said === undefined ? "." : `: ${said}`}`,
    remedy:
      "Check the microphone, name another with --device, or another program with --recorder; or pipe 16-bit PCM into: earshot listen -",
  });
}
