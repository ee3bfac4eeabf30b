// What each number of a frame is, for those who show frames.

import { peaksHz, staticSize, type FeatureSettings } from "./feature-settings.ts";

export interface FrameValue {
  /** A filter's log energy; the log energy of the whole frame; a cepstral coefficient. */
  readonly kind: "filter" | "energy" | "coefficient";
  /** Where the filter has its peak. */
  readonly hertz?: number;
  /** Of filters and coefficients, from 0. */
  readonly index: number;
  /** 0: the value itself, 1: its slope over time, 2: the slope of that. */
  readonly delta: number;
}

/** [F], in the order of a frame. */
export function frameValues(settings: FeatureSettings): FrameValue[] {
  const { kind, bins, deltas } = settings;
  const peaks = peaksHz(settings);
  const values = Array.from({ length: staticSize(settings) }, (_, index): Omit<FrameValue, "delta"> => {
    if (kind === "mfcc") return { kind: "coefficient", index };
    return index < bins ? { kind: "filter", index, hertz: peaks[index] } : { kind: "energy", index };
  });
  return Array.from({ length: 1 + deltas }, (_, delta) =>
    values.map((value) => ({ ...value, delta })),
  ).flat();
}
