// The machine that Node runs on: its cores and its memory.

import { availableParallelism } from "node:os";

/** Threads that can run at once. */
export const coreCount = (): number => availableParallelism();

/** The most memory that this process has held so far, with all its threads; undefined where nobody counts. */
export const peakMemoryBytes = (): number | undefined => process.resourceUsage().maxRSS * 1024;
