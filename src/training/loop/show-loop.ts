// Prints the training loop with the callbacks that run at each of its events. Nothing is written twice: the real loop runs
// on a dry run, whose parts and whose one callback note what the loop calls.

import type { Callback, LoopEvent } from "../callbacks/callback.ts";
import { dryRun, type Notes } from "./dry-run.ts";
import { fit } from "./loop.ts";

/** A line of the loop: an event at which callbacks run, or what is done between events. */
interface Line {
  readonly depth: number;
  readonly text: string;
  readonly event?: LoopEvent | "event";
}

/** The lines of the loop, for `showTrainingLoop`. */
export interface LoopTrace {
  readonly lines: readonly Line[];
}

const EVENTS: Readonly<Record<LoopEvent, true>> = {
  fitStart: true,
  epochStart: true,
  batchStart: true,
  batchEnd: true,
  batchFailed: true,
  devEnd: true,
  epochEnd: true,
  fitEnd: true,
};

/** Follows the loop through one epoch of one batch. */
export async function traceTrainingLoop(): Promise<LoopTrace> {
  const lines = await linesOf();
  const failing = await linesOf(new Error("a step that fails"));
  const last = failing.length - 1; // `batchFailed`; the lines before it are those of the loop without a fault
  const all = [...lines.slice(0, last + 1), failing[last], ...lines.slice(last + 1)];
  return { lines: [...all, { depth: 0, text: "event", event: "event" }] };
}

/** @param fault of the step */
async function linesOf(fault?: Error): Promise<readonly Line[]> {
  const lines: Line[] = [];
  let depth = 0;
  const notes: Notes = {
    does: (text) => void lines.push({ depth, text }),
    repeats: (text) => void lines.push({ depth: depth++, text }),
    end: () => void depth--,
  };
  const run = { ...dryRun(notes, fault), callbacks: [notingCallback(notes, lines, () => depth)] };
  await fit(run).catch((error: unknown) => {
    if (error !== fault) throw error;
  });
  return lines;
}

function notingCallback({ repeats, end }: Notes, lines: Line[], depthNow: () => number): Callback {
  const note = (event: LoopEvent) => {
    if (event === "epochStart") repeats("for each epoch");
    if (event === "fitEnd") end(); // of the epochs
    lines.push({ depth: depthNow(), text: event, event });
  };
  const names = Object.keys(EVENTS) as LoopEvent[];
  return { name: "notes", ...Object.fromEntries(names.map((name) => [name, () => note(name)])) };
}

const WIDTH = 18; // of the column of events

/** A line for each part of the loop; at each event, the names of its callbacks in the order in which they run. */
export function showTrainingLoop({ lines }: LoopTrace, callbacks: readonly Callback[]): string {
  const shown = lines.map(({ depth, text, event }) => {
    const indented = `${"  ".repeat(depth)}${text}`;
    if (event === undefined) return indented;
    const names = callbacks.filter((callback) => callback[event]).map(({ name }) => name);
    return `${indented.padEnd(WIDTH)}${names.join(", ")}`.trimEnd();
  });
  return `${shown.join("\n")}\n`;
}
