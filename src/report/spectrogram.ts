// What a recording looks like: its energy over time and mel frequency, in 256 colors. For people; what the network is
// given may be other features.

import { computeFeatures, featureSettings } from "../audio/index.ts";
import type { PalettePicture } from "./png.node.ts";

const FEATURES = featureSettings.parse({ kind: "log-mel", bins: 80, windowMs: 25, hopMs: 5 });
const COLORS = 256;
/** Energies below the first share of all look silent, those above the second look loudest. */
const [SILENT, LOUDEST] = [0.1, 0.998];

/** From dark blue over red to pale yellow, ever lighter: told apart in gray and by color-blind readers too. */
const STOPS = [
  [8, 8, 24],
  [56, 20, 92],
  [142, 36, 104],
  [220, 78, 66],
  [250, 160, 54],
  [252, 246, 190],
] as const;

/** @param samples mono at 16 kHz */
export function spectrogram(samples: Float32Array): PalettePicture {
  const { data, frames, size } = computeFeatures(samples, FEATURES); // [T, F]
  const sorted = data.toSorted();
  const [silent, loudest] = [SILENT, LOUDEST].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  const span = Math.max(loudest - silent, 1e-6);
  const pixels = new Uint8Array(data.length); // [F, T], the highest frequency first
  for (let t = 0; t < frames; t++) {
    for (let f = 0; f < size; f++) {
      const share = Math.min(1, Math.max(0, (data[t * size + f] - silent) / span));
      pixels[(size - 1 - f) * frames + t] = Math.round((COLORS - 1) * share);
    }
  }
  return { width: frames, height: size, pixels, palette: PALETTE };
}

const PALETTE = Array.from({ length: COLORS }, (_, i) => colorAt(i / (COLORS - 1)));

function colorAt(share: number): [red: number, green: number, blue: number] {
  const at = Math.min(STOPS.length - 2, Math.floor(share * (STOPS.length - 1)));
  const part = share * (STOPS.length - 1) - at;
  const mixed = STOPS[at].map((from, i) => Math.round(from + part * (STOPS[at + 1][i] - from)));
  return [mixed[0], mixed[1], mixed[2]];
}

/** Where a frequency lies in the picture, from 0 at the bottom to 1 at the top (mel as in HTK). */
export function heightOf(hertz: number): number {
  const mel = (frequency: number) => Math.log1p(frequency / 700);
  return mel(hertz) / mel(FEATURES.highestHz);
}
