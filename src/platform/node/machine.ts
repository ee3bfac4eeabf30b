// The machine that Node runs on: its cores, its memory and its events.

import { availableParallelism } from "node:os";

/** Threads that can run at once. */
export const coreCount = (): number => availableParallelism();

/** The most memory that this process has held so far, with all its threads; undefined where the platform does not count it. */
export const peakMemoryBytes = (): number | undefined => process.resourceUsage().maxRSS * 1024;

/** Lets events that wait be handled, such as Ctrl-C: long work calls it between its parts. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
