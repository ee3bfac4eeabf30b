// Curves for TensorBoard, as event files that `tensorboard --logdir` shows: losses, rates, norms, activity of layers.
// A resumed run begins a file of its own, as TensorBoard expects.

import type { Folder } from "../../platform/index.ts";
import type { TrainingEvent } from "../events.ts";
import type { Callback } from "./callback.ts";
import { folderAt } from "./files.ts";
import { encodeEvent, type BoardEvent } from "./tensor-board/event.ts";
import { tfRecord } from "./tensor-board/record.ts";

const FILE_VERSION = "brain.Event:2"; // the first whose readers know of a session's start

/** @param now milliseconds since 1970, which TensorBoard shows beside each point */
export function tensorBoard(directory: string | Folder, now: () => number = Date.now): Callback {
  const folder = folderAt(directory);
  let name = "";
  let last: Promise<void> = Promise.resolve();
  const write = (step: number, content: BoardEvent["content"]) => {
    const file = name;
    const record = tfRecord(encodeEvent({ wallTime: now() / 1000, step, content }));
    return (last = last.then(() => folder.append(file, record)));
  };
  return {
    name: "TensorBoard",
    event(event) {
      if (event.type === "start") {
        name = fileName(now());
        void write(0, { fileVersion: FILE_VERSION });
        return write(event.step + 1, { sessionStart: true });
      }
      const scalars = scalarsOf(event);
      if ("step" in event && Object.keys(scalars).length > 0) return write(event.step, { scalars });
      return undefined;
    },
  };
}

/** Sorted by time; the milliseconds set apart what begins in one second. */
const fileName = (ms: number) => `events.out.tfevents.${Math.floor(ms / 1000)}.${ms % 1000}.earshot`;

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
