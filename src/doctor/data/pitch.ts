// The pitch of a voice, by autocorrelation: the one measure of speech that nobody can change much, and that a wrong
// sample rate does. A rough estimate over the voiced windows of a whole recording; it is no pitch tracker.

import { SAMPLE_RATE_HZ } from "../../audio/index.ts";
import { median } from "../../quantiles.ts";

const DECIMATION = 4; // to 4 kHz: pitch needs no more
const RATE_HZ = SAMPLE_RATE_HZ / DECIMATION;
const WINDOW = RATE_HZ / 20; // 50 ms
const LOWEST_HZ = 40;
const HIGHEST_HZ = 800;
const MOST_WINDOWS = 12;
const VOICED = 0.6; // least correlation of a voiced window with itself, one period later
const AS_GOOD = 0.9; // an earlier peak of nearly the height is the period, the later ones its multiples
const LEAST_VOICED = 3;

/** The median over voiced windows, in Hz; undefined where nothing is voiced. @param samples mono at 16 kHz */
export function pitchHz(samples: Float32Array): number | undefined {
  const signal = decimate(samples);
  const starts = loudest(signal);
  const pitches = starts
    .map((start) => periodOf(signal.subarray(start, start + 2 * WINDOW)))
    .filter((lag) => lag > 0);
  return pitches.length < LEAST_VOICED ? undefined : RATE_HZ / median(pitches);
}

/** Sums of neighbors about their mean: a rough low-pass, and fewer samples. */
function decimate(samples: Float32Array): Float32Array {
  const signal = new Float32Array(Math.floor(samples.length / DECIMATION));
  for (let n = 0; n < signal.length; n++) {
    for (let i = 0; i < DECIMATION; i++) signal[n] += samples[DECIMATION * n + i];
  }
  const offset = signal.reduce((sum, value) => sum + value, 0) / Math.max(1, signal.length);
  return signal.map((value) => value - offset);
}

/** Where the loudest windows begin. */
function loudest(signal: Float32Array): number[] {
  const starts = Array.from({ length: Math.floor(signal.length / WINDOW) - 1 }, (_, i) => i * WINDOW);
  const energy = (start: number): number => {
    let sum = 0;
    for (let n = start; n < start + WINDOW; n++) sum += signal[n] * signal[n];
    return sum;
  };
  const ranked = starts
    .map((start) => ({ start, energy: energy(start) }))
    .toSorted((a, b) => b.energy - a.energy);
  return ranked.slice(0, Math.min(MOST_WINDOWS, Math.ceil(starts.length / 2))).map(({ start }) => start);
}

/** The lag of the first high peak of the normalized autocorrelation, in samples; 0 for a window without a voice. */
function periodOf(signal: Float32Array): number {
  const [shortest, longest] = [Math.ceil(RATE_HZ / HIGHEST_HZ), RATE_HZ / LOWEST_HZ];
  const correlations: number[] = [];
  for (let lag = 0; lag <= longest + 1; lag++) correlations.push(normalized(signal, lag));
  let highest = 0;
  for (let lag = shortest; lag <= longest; lag++)
    if (isPeak(correlations, lag)) highest = Math.max(highest, correlations[lag]);
  if (highest < VOICED) return 0;
  for (let lag = shortest; lag <= longest; lag++) {
    if (isPeak(correlations, lag) && correlations[lag] >= AS_GOOD * highest) return lag;
  }
  return 0;
}

const isPeak = (values: readonly number[], at: number): boolean =>
  values[at] >= values[at - 1] && values[at] >= values[at + 1];

function normalized(signal: Float32Array, lag: number): number {
  let [product, here, later] = [0, 0, 0];
  for (let n = 0; n < WINDOW; n++) {
    product += signal[n] * signal[n + lag];
    here += signal[n] * signal[n];
    later += signal[n + lag] * signal[n + lag];
  }
  return product / Math.max(1e-12, Math.sqrt(here * later));
}
