// Training's events for a person: a moving line while batches run, one lasting line for each epoch. Without a terminal
// only the lasting lines remain. Events themselves are training's; nothing here decides anything.

import type { TrainingEvent } from "../../training/index.ts";
import { duration, percent } from "./output.ts";
import type { Output } from "./output.ts";

type EventOf<Type extends TrainingEvent["type"]> = Extract<TrainingEvent, { type: Type }>;

/** What an event can be shown on. */
type Display = Pick<Output, "note" | "progress" | "warn">;

export function showTraining(output: Display): (event: TrainingEvent) => void {
  return (event) => {
    switch (event.type) {
      case "prepare":
        return output.progress(`preparing features ${event.done}/${event.total}`);
      case "start":
        return output.note(formatStart(event));
      case "memory":
        return output.note(`peak memory ${Math.round(event.peakBytes / 1e6)} MB, with the largest batch`);
      case "batch":
        return output.progress(formatBatch(event));
      case "epoch":
        return output.note(formatEpoch(event));
      case "checkpoint":
        return undefined;
      case "warning":
        return output.warn(event);
      case "stop":
        // Whoever pressed Ctrl-C is told how to continue instead.
        return event.reason === "interrupted" ? undefined : output.note(`stopped: ${event.reason}`);
      case "done":
        return undefined;
    }
  };
}

/** With --json: every event but the noise of single batches, which goes to the progress line. */
export function logTraining(output: Display & Pick<Output, "object">): (event: TrainingEvent) => void {
  const show = showTraining(output);
  return (event) => {
    if (event.type === "prepare" || event.type === "batch") show(event);
    else output.object(event);
  };
}

function formatStart({
  utterances,
  seconds,
  devUtterances,
  parameters,
  seed,
  step,
}: EventOf<"start">): string {
  const resumed = step > 0 ? `continuing after step ${step}: ` : "";
  const audio = `${utterances} utterances (${duration(seconds)}), ${devUtterances} for dev`;
  return `${resumed}${audio}; ${parameters.toLocaleString("en-US")} parameters; seed ${seed}`;
}

const BAR_CELLS = 20;

function formatBatch({
  epoch,
  epochs,
  batch,
  batches,
  loss,
  framesPerSecond,
  etaSeconds,
}: EventOf<"batch">): string {
  const filled = Math.round((BAR_CELLS * batch) / batches);
  const bar = "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
  const speed = Math.round(framesPerSecond).toLocaleString("en-US");
  return `epoch ${epoch}/${epochs} ${bar} loss ${loss.toFixed(2)}  ${speed} frames/s  ETA ${duration(etaSeconds)}`;
}

function formatEpoch({
  epoch,
  epochs,
  trainLoss,
  devLoss,
  devWer,
  devCer,
  best,
  seconds,
  waiting,
}: EventOf<"epoch">): string {
  const parts = [`epoch ${epoch}/${epochs}`, `loss ${trainLoss.toFixed(2)}`];
  if (devLoss !== undefined) parts.push(`dev loss ${devLoss.toFixed(2)}`);
  if (devWer !== undefined) parts.push(`WER ${percent(devWer)}`);
  if (devCer !== undefined) parts.push(`CER ${percent(devCer)}`);
  parts.push(`${duration(seconds)}, waiting ${percent(waiting)}`);
  if (best) parts.push("best so far");
  return parts.join("  ");
}
