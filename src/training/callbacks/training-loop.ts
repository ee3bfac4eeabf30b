// The loop in words, with the callbacks that run at each of its moments.

import type { Callback, LoopEvent } from "./callback.ts";

const LOOP: readonly (readonly [depth: number, line: LoopEvent | { readonly does: string }])[] = [
  [0, "fitStart"],
  [0, { does: "for each epoch" }],
  [1, "epochStart"],
  [1, { does: "for each batch" }],
  [2, "batchStart"],
  [2, { does: "gradient of the loss, norm cap, update of the weights" }],
  [2, "batchEnd"],
  [2, "batchFailed"],
  [1, { does: "measure the dev split" }],
  [1, "devEnd"],
  [1, { does: "save the model if it is the best so far" }],
  [1, "epochEnd"],
  [1, { does: "save a checkpoint" }],
  [0, "fitEnd"],
];
const WIDTH = 18; // of the column of moments

/** A line for each part of the loop; at each moment, the names of its callbacks in the order in which they run. */
export function showTrainingLoop(callbacks: readonly Callback[]): string {
  const at = (moment: LoopEvent | "event") =>
    callbacks.filter((callback) => callback[moment]).map(({ name }) => name);
  const row = (depth: number, moment: LoopEvent | "event") =>
    `${`${"  ".repeat(depth)}${moment}`.padEnd(WIDTH)}${at(moment).join(", ")}`.trimEnd();
  const lines = LOOP.map(([depth, line]) =>
    typeof line === "string" ? row(depth, line) : `${"  ".repeat(depth)}${line.does}`,
  );
  return `${[...lines, row(0, "event")].join("\n")}\n`;
}
