// The machine that Node runs on: its cores, its memory and its events.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Threads that can run at once. */
export const coreCount = (): number => availableParallelism();

/** Worth keeping in memory of small files that are read again and again: the system does so itself. */
export const rereadBytes = (): number => 0;

/** The most memory that this process has held so far, with all its threads; undefined where the platform does not count it. */
export const peakMemoryBytes = (): number | undefined =>
  linuxPeakBytes() ?? process.resourceUsage().maxRSS * 1024;

/** What Linux calls maxRSS begins with that of the process that started this one; VmHWM does not. */
function linuxPeakBytes(): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined; // another system
  }
}

/** Lets events that wait be handled, such as Ctrl-C: long work calls it between its parts. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
