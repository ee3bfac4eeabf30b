// The frequency axis stretched by a factor, as a longer or shorter vocal tract does it (Jaitly & Hinton 2013, "Vocal tract
// length perturbation improves speech recognition"): each filter takes the energy of the place that its peak is warped
// to. Filters stand close, so that place is interpolated between the two beside it, on frames that are there already.

import {
  edgesOf,
  featureSize,
  type FeatureSettings,
  peaksHz,
  staticSize,
} from "../features/feature-settings.ts";
import type { Frames } from "../features/frames.ts";

/** Share of the band below which the warp is a plain product: 4800 of 8000 Hz in the paper. */
const PROPORTIONAL_SHARE = 0.6;

/**
 * Frames [T, F] of log filter energies, before normalization, whose filter at f holds what stood at `factor` · f: above
 * 1, formants move down, as with a longer vocal tract. The end of the band stays where it is. Deltas are warped alike.
 * @param settings of the kind log-mel or linear: the place of a formant cannot be moved in cepstral coefficients
 */
export function warpFrequencies(
  { data, frames, size }: Frames,
  settings: FeatureSettings,
  factor: number,
): Frames {
  const places = warpedPlaces(settings, factor);
  const width = staticSize(settings);
  const output = data.slice(); // the energy of the linear kind stays
  for (let row = 0; row < frames * size; row += width) {
    for (let bin = 0; bin < places.length; bin++) {
      const below = Math.floor(places[bin]);
      const above = Math.min(below + 1, places.length - 1);
      const share = places[bin] - below;
      output[row + bin] = (1 - share) * data[row + below] + share * data[row + above];
    }
  }
  return { data: output, frames, size: featureSize(settings) };
}

/** [bins] Where each filter's energy is taken from, in filters from the first. */
function warpedPlaces(settings: FeatureSettings, factor: number): Float64Array {
  const { edgeAt } = edgesOf(settings);
  return Float64Array.from(peaksHz(settings), (peak) => {
    const place = edgeAt(warp(peak, factor, settings.highestHz)) - 1; // the first filter has its peak at edge 1
    return Math.min(Math.max(place, 0), settings.bins - 1);
  });
}

/** α f up to the knee, then straight to the end of the band, which stays (the paper's equation, with S / 2 = `endHz`). */
function warp(hertz: number, factor: number, endHz: number): number {
  const kneeHz = (PROPORTIONAL_SHARE * endHz * Math.min(factor, 1)) / factor;
  if (hertz <= kneeHz) return factor * hertz;
  return endHz - ((endHz - factor * kneeHz) / (endHz - kneeHz)) * (endHz - hertz);
}
