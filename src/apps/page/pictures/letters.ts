// The rows of a model as curves: for each symbol the stretches where it is likely enough to be drawn.

import type { Emission, RecordingParts } from "../earshot.ts";

/** What a model says of a recording at each step. */
export interface Rows {
  readonly recording: RecordingParts<readonly Emission[]>;
  /** V, the length of a row. */
  readonly size: number;
  /** By their index in a row; the blank is none of them. */
  readonly symbols: readonly string[];
  readonly blank: number;
}

export interface LetterCurve {
  readonly symbol: string;
  /** Of the first of `probabilities`, from the beginning of the recording. */
  readonly startMs: number;
  readonly stepMs: number;
  /** 0 to 1. */
  readonly probabilities: readonly number[];
  readonly peak: number;
  /** When it is likeliest. */
  readonly peakMs: number;
}

/** Below, a curve is not seen. */
const LEAST = 0.02;
/** The least peak that is worth a letter. */
export const LEAST_PEAK = 0.08;

/** All curves with a visible peak, by their beginning; of an ensemble those of its first model. */
export function letterCurves({ recording, symbols, size, blank }: Rows): LetterCurve[] {
  const curves: LetterCurve[] = [];
  for (const { startMs, part } of recording.parts) {
    if (part.length === 0) continue;
    const [{ rows, stepMs }] = part;
    for (let symbol = 0; symbol < size; symbol++)
      if (symbol !== blank)
        curves.push(...curvesOf(rows, { size, symbol, text: symbols[symbol], startMs, stepMs }));
  }
  return curves.toSorted((a, b) => a.startMs - b.startMs);
}

interface CurveOf {
  readonly size: number;
  readonly symbol: number;
  readonly text: string;
  readonly startMs: number;
  readonly stepMs: number;
}

/** @param rows log-probabilities [T, V] */
function curvesOf(rows: Float32Array, { size, symbol, text, startMs, stepMs }: CurveOf): LetterCurve[] {
  const curves: LetterCurve[] = [];
  let open: number[] = [];
  const steps = rows.length / size;
  for (let step = 0; step <= steps; step++) {
    const probability = step < steps ? Math.exp(rows[step * size + symbol]) : 0;
    if (probability >= LEAST) open.push(probability);
    else if (open.length > 0) {
      const peak = Math.max(...open);
      const first = startMs + (step - open.length) * stepMs;
      const peakMs = first + open.indexOf(peak) * stepMs;
      if (peak >= LEAST_PEAK)
        curves.push({ symbol: text, startMs: first, stepMs, probabilities: open, peak, peakMs });
      open = [];
    }
  }
  return curves;
}
