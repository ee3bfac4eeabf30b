// What a recording looks like: its energy over time and mel frequency, in 256 colors. For people; what the network is
// given may be other features.

import { computeFeatures, featureSettings, type Frames } from "../audio/index.ts";
import type { PalettePicture } from "./png.ts";

const FEATURES = featureSettings.parse({ kind: "log-mel", bins: 80, windowMs: 25, hopMs: 5 });
const COLORS = 256;
/** Energies below the first share of all look silent, those above the second look loudest. */
const [SILENT, LOUDEST] = [0.1, 0.998];

/** From dark blue over red to pale yellow, ever lighter, so that gray print and color-blind readers keep the order. */
const STOPS = [
  [8, 8, 24],
  [56, 20, 92],
  [142, 36, 104],
  [220, 78, 66],
  [250, 160, 54],
  [252, 246, 190],
] as const;

/** What is drawn darkest and what lightest. */
export interface ColorScale {
  readonly silent: number;
  readonly loudest: number;
}

export function colorScaleOf({ data }: Frames): ColorScale {
  const sorted = data.toSorted();
  const [silent, loudest] = [SILENT, LOUDEST].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  return { silent, loudest };
}

/** @param samples mono at 16 kHz */
export const spectrogram = (samples: Float32Array): PalettePicture => framesPicture(soundFrames(samples));

/** The energies [T, F] that a spectrogram shows. @param samples mono at 16 kHz */
export const soundFrames = (samples: Float32Array): Frames => computeFeatures(samples, FEATURES);

/** Any features [T, F], frame by frame from left to right, the last at the top. @param scale their own by default */
export function framesPicture(
  frames: Frames,
  { silent, loudest }: ColorScale = colorScaleOf(frames),
): PalettePicture {
  const { data, frames: length, size } = frames;
  const span = Math.max(loudest - silent, 1e-6);
  const pixels = new Uint8Array(data.length); // [F, T], the highest frequency first
  for (let t = 0; t < length; t++) {
    for (let f = 0; f < size; f++) {
      const share = Math.min(1, Math.max(0, (data[t * size + f] - silent) / span));
      pixels[(size - 1 - f) * length + t] = Math.round((COLORS - 1) * share);
    }
  }
  return { width: length, height: size, pixels, palette: PALETTE };
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
