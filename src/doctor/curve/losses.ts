// A curve in few numbers, of epochs where there are three and else of stretches of steps: single batches differ too
// much, above all while they come sorted by length.

import { median } from "../../quantiles.ts";
import type { CurveEvidence } from "./evidence.ts";

export interface Losses {
  /** Of epochs, or of stretches of steps. */
  readonly values: readonly number[];
  readonly first: number;
  readonly last: number;
  /** Largest less smallest, as a share of the median. */
  readonly spread: number;
  readonly steps: number;
  /** 0 when the values are of stretches. */
  readonly epochs: number;
}

const LEAST_EPOCHS = 3;
const STRETCHES = 8;
const LEAST_STEPS = 10;

export function lossesOf({ epochs = [], steps = [] }: CurveEvidence): Losses | undefined {
  const finite = steps.filter(({ loss }) => Number.isFinite(loss)).map(({ loss }) => loss);
  const ofEpochs = epochs.map(({ trainLoss }) => trainLoss).filter(Number.isFinite);
  if (ofEpochs.length >= LEAST_EPOCHS) return summary(ofEpochs, epochs.at(-1)!.step, ofEpochs.length);
  // A list of losses alone is of epochs or of steps: nobody knows, so each counts for itself until there are many.
  if (epochs.length > 0 || finite.length < LEAST_STEPS) return undefined;
  const size = Math.max(1, finite.length / STRETCHES);
  const stretches = Array.from({ length: Math.min(STRETCHES, finite.length) }, (_, i) =>
    median(
      finite.slice(Math.floor(i * size), Math.max(Math.floor(i * size) + 1, Math.floor((i + 1) * size))),
    ),
  );
  return summary(stretches, finite.length, 0);
}

function summary(values: readonly number[], steps: number, epochs: number): Losses {
  const spread = (Math.max(...values) - Math.min(...values)) / Math.abs(median(values));
  return { values, first: values[0], last: values.at(-1)!, spread, steps, epochs };
}

const BARS = "▁▂▃▄▅▆▇█";

/** The curve as one line of bars, from 0 to its highest. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values.filter(Number.isFinite));
  return values
    .map((value) => (Number.isFinite(value) ? BARS[Math.min(7, Math.floor((8 * value) / highest))] : "×"))
    .join("");
}
