// Samples to frames of log filter energies: log-mel, or Deep Speech's linearly spaced filters and energy (section 5).
// Chunked equals whole, bit for bit, since each frame is computed from its own window alone.
// Knows nothing of what follows: cepstrum, deltas and normalization.

import { bankOf, type FeatureSettings, fftSizeOf, samplesOf } from "./feature-settings.ts";
import { applyFilterBank, type FilterBank } from "./filter-bank.ts";
import type { Frames } from "./frames.ts";
import { PowerSpectrum } from "./power-spectrum.ts";
import { POWER_FLOOR } from "./silent-frames.ts";

/** The stage of FeatureStream (features.ts) that computes each frame from its window: natural logarithms. */
export class SpectralStream {
  readonly size: number;
  readonly #settings: FeatureSettings;
  readonly #window: Float64Array;
  readonly #hop: number;
  readonly #bank: FilterBank;
  readonly #spectrum: PowerSpectrum;
  readonly #energies: Float64Array; // [bins]
  readonly #floor: number;
  /** Samples from the next frame's start on, after pre-emphasis. */
  #pending = new Float32Array(0);
  #previous = 0;
  #hasFrames = false;

  /** @param floor the least power, that of silent frames; without one, 0, their logs are −∞ */
  constructor(settings: FeatureSettings, floor = POWER_FLOOR) {
    this.#settings = settings;
    this.#floor = floor;
    this.size = settings.kind === "linear" ? settings.bins + 1 : settings.bins;
    this.#window = taper(settings.window, samplesOf(settings.windowMs));
    this.#hop = samplesOf(settings.hopMs);
    this.#bank = bankOf(settings);
    this.#spectrum = new PowerSpectrum(fftSizeOf(settings));
    this.#energies = new Float64Array(settings.bins);
  }

  /** The frames that these samples complete. */
  push(samples: Float32Array): Frames {
    const signal = new Float32Array(this.#pending.length + samples.length);
    signal.set(this.#pending);
    this.#emphasize(samples, signal.subarray(this.#pending.length));
    const frames = this.#analyze(signal);
    this.#pending = signal.subarray(frames.frames * this.#hop);
    this.#hasFrames ||= frames.frames > 0;
    return frames;
  }

  /** Ends the recording: one frame filled up with zeros when it was shorter than a window, else none. */
  finish(): Frames {
    const isShort = !this.#hasFrames && this.#pending.length > 0;
    const last = new Float32Array(isShort ? this.#window.length : 0);
    if (isShort) last.set(this.#pending);
    this.#pending = new Float32Array(0);
    this.#previous = 0;
    this.#hasFrames = false;
    return this.#analyze(last);
  }

  #analyze(signal: Float32Array): Frames {
    const { size } = this;
    const isLinear = this.#settings.kind === "linear";
    const frames = Math.max(0, Math.floor((signal.length - this.#window.length) / this.#hop) + 1);
    const data = new Float32Array(frames * size);
    for (let t = 0; t < frames; t++) {
      const start = t * this.#hop;
      if (isMostlyZero(signal.subarray(start, start + this.#window.length))) {
        data.fill(this.#logarithm(0), t * size, (t + 1) * size);
        continue;
      }
      this.#taper(signal, start);
      this.#spectrum.compute();
      this.#filter(data, t * size);
      if (isLinear) data[(t + 1) * size - 1] = this.#logarithm(energyOf(signal, start, this.#window.length));
    }
    return { data, frames, size };
  }

  #emphasize(samples: Float32Array, output: Float32Array): void {
    const a = this.#settings.preEmphasis;
    if (a === 0) return output.set(samples);
    let previous = this.#previous;
    for (let n = 0; n < samples.length; n++) {
      output[n] = samples[n] - a * previous;
      previous = samples[n];
    }
    this.#previous = previous;
  }

  #taper(signal: Float32Array, start: number): void {
    const window = this.#window;
    const tapered = this.#spectrum.signal;
    for (let n = 0; n < window.length; n++) tapered[n] = signal[start + n] * window[n];
  }

  #filter(data: Float32Array, at: number): void {
    const energies = this.#energies;
    applyFilterBank(this.#bank, this.#spectrum.power, energies);
    for (let bin = 0; bin < energies.length; bin++) data[at + bin] = this.#logarithm(energies[bin]);
  }

  #logarithm(power: number): number {
    return Math.log(Math.max(power, this.#floor));
  }
}

/** Whether zeros in a row are half of it: the rest would be a sound cut off, and mostly the noise of the cut. */
function isMostlyZero(samples: Float32Array): boolean {
  const half = samples.length >> 1; // such a row reaches the middle
  let start = half;
  let end = half;
  while (start > 0 && samples[start - 1] === 0) start--;
  while (end < samples.length && samples[end] === 0) end++;
  return 2 * (end - start) >= samples.length;
}

/** Of a frame without its window. */
function energyOf(signal: Float32Array, start: number, length: number): number {
  let energy = 0;
  for (let n = start; n < start + length; n++) energy += signal[n] * signal[n];
  return energy;
}

/** Periodic windows, as is usual in spectral analysis. */
export function taper(kind: FeatureSettings["window"], length: number): Float64Array {
  const base = kind === "hann" ? 0.5 : 0.54;
  return Float64Array.from({ length }, (_, n) => base - (1 - base) * Math.cos((2 * Math.PI * n) / length));
}
