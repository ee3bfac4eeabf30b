// Curves for TensorBoard, as event files that `tensorboard --logdir` shows: losses, rates, norms, activity of layers.
// A resumed run begins a file of its own, as TensorBoard expects.

import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TrainingEvent } from "../events.ts";
import type { Callback } from "./callback.ts";
import { encodeEvent, type BoardEvent } from "./tensor-board/event.ts";
import { tfRecord } from "./tensor-board/record.ts";

const FILE_VERSION = "brain.Event:2"; // the first whose readers heed a session's start

/** @param now milliseconds since 1970, which TensorBoard shows beside each point */
export function tensorBoard(directory: string, now: () => number = Date.now): Callback {
  let path = "";
  const write = (step: number, content: BoardEvent["content"]) =>
    appendFileSync(path, tfRecord(encodeEvent({ wallTime: now() / 1000, step, content })));
  return {
    name: "TensorBoard",
    event(event) {
      if (event.type === "start") {
        mkdirSync(directory, { recursive: true });
        path = join(directory, `events.out.tfevents.${Math.floor(now() / 1000)}.${process.pid}.earshot`);
        write(0, { fileVersion: FILE_VERSION });
        write(event.step + 1, { sessionStart: true });
      }
      if ("step" in event) {
        const scalars = scalarsOf(event);
        if (Object.keys(scalars).length > 0) write(event.step, { scalars });
      }
    },
  };
}

function scalarsOf(event: TrainingEvent): Record<string, number> {
  if (event.type === "batch") {
    const { loss, gradientNorm, learningRate } = event;
    return { "batch/loss": loss, "batch/gradientNorm": gradientNorm, "batch/learningRate": learningRate };
  }
  if (event.type === "epoch") {
    const { trainLoss, devLoss, devWer, devCer } = event;
    return named("epoch", { trainLoss, devLoss, devWer, devCer });
  }
  if (event.type !== "layers") return {};
  const layers = event.layers.map(({ name, ...figures }) => named(`layers/${name}`, figures));
  return Object.assign({}, ...layers) as Record<string, number>;
}

/** Those that are known, as `group/name`. */
function named(group: string, figures: object): Record<string, number> {
  const known = Object.entries(figures).filter((entry): entry is [string, number] =>
    Number.isFinite(entry[1]),
  );
  return Object.fromEntries(known.map(([name, value]) => [`${group}/${name}`, value]));
}
