// Samples belong in [-1, 1]. Numbers far beyond are of another scale: 16-bit integers stored as floats, for example.

import type { Warning } from "../errors.ts";

/** Peaks above this are numbers of another scale, not a little overshoot. */
const OVERLOAD = 2;

export interface FittedSamples {
  readonly samples: Float32Array;
  /** OVERLOADED_AUDIO, where they were not as they should be. */
  readonly warning?: Warning;
}

/** Divided by their peak where that is far too large. */
export function fitFullScale(samples: Float32Array): FittedSamples {
  const peak = peakOf(samples);
  if (peak <= OVERLOAD) return { samples };
  const message = `The samples reach ${peak.toPrecision(4)} where full scale is 1; they were divided by that peak.`;
  return { samples: samples.map((sample) => sample / peak), warning: { code: "OVERLOADED_AUDIO", message } };
}

/** The largest absolute value. By an index: the first recording comes before the loop is compiled, when an iterator costs five times as much. */
export function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (let n = 0; n < samples.length; n++) peak = Math.max(peak, Math.abs(samples[n]));
  return peak;
}
