// Training's events as text: a line that is replaced while batches run, and one that stays for each epoch. It does not know
// what it is shown on.

import type { Warning } from "../errors.ts";
import { count, duration, percent } from "../figures.ts";
import type { OnEvent, TrainingEvent } from "./events.ts";

type EventOf<Type extends TrainingEvent["type"]> = Extract<TrainingEvent, { type: Type }>;

/** What an event can be shown on. */
export interface Display {
  readonly note: (text: string) => void;
  /** Replaces the moving line. */
  readonly progress: (text: string) => void;
  readonly warn: (warning: Warning) => void;
}

/** For a person. */
export function showTraining(output: Display): OnEvent {
  return (event) => {
    switch (event.type) {
      case "alphabet":
        return output.note(formatAlphabet(event));
      case "prepare":
        return output.progress(`preparing features ${event.done}/${event.total}`);
      case "start":
        output.note(formatStart(event));
        return event.augmentation === "none" ? undefined : output.note(formatAugmentation(event));
      case "memory":
        return output.note(`peak memory ${Math.round(event.peakBytes / 1e6)} MB, with the largest batch`);
      case "batch":
        return output.progress(formatBatch(event));
      case "epoch":
        return output.note(formatEpoch(event));
      case "layers":
      case "ranks":
      case "checkpoint":
        return undefined;
      case "warning":
        return output.warn(event);
      case "stop":
        // After Ctrl-C the command line shows how to continue instead.
        return event.reason === "interrupted" ? undefined : output.note(`stopped: ${event.reason}`);
      case "report":
        return output.progress(`evaluating for the report ${event.done}/${event.total}`);
      case "oldTestProgress":
        return output.progress(`recognizing the old test ${event.done}/${event.total}`);
      case "oldTest":
        return output.note(formatOldTest(event));
      case "done":
        return undefined;
    }
  };
}

const MOVING: ReadonlySet<TrainingEvent["type"]> = new Set(["prepare", "batch", "report", "oldTestProgress"]);

/** For a program: every event as an object, except those of single steps, which go to the moving line. */
export function logTraining(output: Display & { readonly object: (value: unknown) => void }): OnEvent {
  const show = showTraining(output);
  return (event) => {
    if (MOVING.has(event.type)) show(event);
    else output.object(event);
  };
}

function formatAlphabet({ symbols }: EventOf<"alphabet">): string {
  const counts = symbols.map(({ symbol, count }) => `${symbol === " " ? "space" : symbol} ${count}`);
  return `alphabet of ${symbols.length} symbols: ${counts.join("  ")}`;
}

function formatStart({
  utterances,
  seconds,
  devUtterances,
  parameters,
  delayMs,
  seed,
  step,
  inEpoch,
  replay,
  ranks,
}: EventOf<"start">): string {
  const resumed = step > 0 ? `continuing after step ${step}: ` : "";
  const audio = `${utterances} utterances (${duration(seconds)}), ${devUtterances} for dev`;
  const delay = delayMs === undefined ? "" : `; live text ${Math.round(delayMs)} ms behind the sound`;
  const weighted = inEpoch === undefined ? "" : `; ${inEpoch} in each epoch`;
  const replayed = replay ? `; ${replay.inEpoch} in each epoch from the replay of ${replay.of}` : "";
  return `${resumed}${audio}${weighted}${replayed}; ${parameters.toLocaleString("en-US")} parameters${delay}; seed ${seed}${ranks === undefined ? "" : `; ${ranks} ranks`}`;
}

/** How it is turned off is no news to a run that goes on. */
function formatAugmentation({ augmentation, step }: EventOf<"start">): string {
  return `augmentation: ${augmentation}${step > 0 ? "" : " (data.augmentation: none turns it off)"}`;
}

function formatOldTest({ split, utterances, leftOut, before, after }: EventOf<"oldTest">): string {
  const change = (kind: "wer" | "cer") =>
    `${kind.toUpperCase()} ${before ? `${percent(before[kind])} → ` : ""}${percent(after[kind])}`;
  const without = leftOut > 0 ? `, without ${leftOut} that could not be spelled or read` : "";
  return `old test (${split}, ${count(utterances, "utterance")}${without})  ${change("wer")}  ${change("cer")}`;
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
  average,
  best,
  seconds,
  waiting,
}: EventOf<"epoch">): string {
  const parts = [`epoch ${epoch}/${epochs}`, `loss ${trainLoss.toFixed(2)}`];
  if (devLoss !== undefined) parts.push(`dev loss ${devLoss.toFixed(2)}`);
  if (devWer !== undefined) parts.push(`WER ${percent(devWer)}`);
  if (devCer !== undefined) parts.push(`CER ${percent(devCer)}`);
  if (average?.devWer !== undefined) parts.push(`averaged WER ${percent(average.devWer)}`);
  parts.push(`${duration(seconds)}, waiting ${percent(waiting)}`);
  if (best) parts.push("best so far");
  return parts.join("  ");
}
