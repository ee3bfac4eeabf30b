// The paper's rejection of unlike noise (Hannun et al. 2014, section 4.1): average power in each frequency band, compared
// with that of real noisy recordings. Levels are made equal first, since noise is mixed at a ratio, not at its own level.

import { featureSettings, type Frames } from "../../audio/index.ts";

const BANDS = 16;
/** Bands of equal width in mel, 0 to 8 kHz; the paper does not say which it takes. */
export const BAND_SETTINGS = featureSettings.parse({ bins: BANDS, windowMs: 32, hopMs: 16 });

const DECIBELS = 10 / Math.LN10;

/** [BANDS] Mean power of each band over a recording in dB, less the mean of all bands. @param frames [T, BANDS] logarithms */
export function spectrumOf({ data, frames }: Frames): Float64Array {
  const powers = new Float64Array(BANDS);
  for (const [i, log] of data.entries()) powers[i % BANDS] += Math.exp(log) / frames;
  return centered(powers.map((power) => DECIBELS * Math.log(power)));
}

/** The mean of several spectra. */
export function typicalSpectrum(spectra: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(BANDS);
  for (const spectrum of spectra) spectrum.forEach((value, band) => (sum[band] += value / spectra.length));
  return sum;
}

/** In the band in which two spectra differ most, in dB. */
export function greatestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((worst, value, band) => Math.max(worst, Math.abs(value - b[band])), 0);
}

function centered(spectrum: Float64Array): Float64Array {
  const mean = spectrum.reduce((sum, value) => sum + value, 0) / spectrum.length;
  return spectrum.map((value) => value - mean);
}
