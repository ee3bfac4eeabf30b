// Samples to frames of log filter energies: log-mel, or Deep Speech's linearly spaced filters and energy (section 5).
// Chunked equals whole, bit for bit, since each frame is computed from its own window alone.
// Knows nothing of what follows: cepstrum, deltas and normalization.

import { bankOf, type FeatureSettings, fftSizeOf, samplesOf } from "./feature-settings.ts";
import { applyFilterBank, type FilterBank } from "./filter-bank.ts";
import type { Frames } from "./frames.ts";
import { Logarithms } from "./logarithms.ts";
import { PowerSpectrum } from "./power-spectrum.ts";
import { POWER_FLOOR } from "./silent-frames.ts";

/** The stage of FeatureStream (features.ts) that computes each frame from its window: natural logarithms. */
export class SpectralStream {
  readonly size: number;
  readonly #settings: FeatureSettings;
  readonly #window: number; // samples
  readonly #hop: number;
  readonly #bank: FilterBank;
  readonly #spectrum: PowerSpectrum;
  readonly #energies: Logarithms; // [size]
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
    this.#window = samplesOf(settings.windowMs);
    this.#hop = samplesOf(settings.hopMs);
    this.#bank = bankOf(settings);
    this.#spectrum = spectrumOf(settings);
    this.#energies = new Logarithms(this.size);
  }

  /** The frames that these samples complete. */
  push(samples: Float32Array): Frames {
    const signal = this.#follow(samples);
    const frames = this.#analyze(signal);
    this.#pending = signal.slice(frames.frames * this.#hop);
    this.#hasFrames ||= frames.frames > 0;
    return frames;
  }

  /** Ends the recording: one frame filled up with zeros when it was shorter than a window, else none. */
  finish(): Frames {
    const isShort = !this.#hasFrames && this.#pending.length > 0;
    const last = new Float32Array(isShort ? this.#window : 0);
    if (isShort) last.set(this.#pending);
    this.#pending = new Float32Array(0);
    this.#previous = 0;
    this.#hasFrames = false;
    return this.#analyze(last);
  }

  #analyze(signal: Float32Array): Frames {
    const { size } = this;
    const window = this.#window;
    const frames = Math.max(0, Math.floor((signal.length - window) / this.#hop) + 1);
    const data = new Float32Array(frames * size);
    const floor = Math.log(this.#floor);
    for (let t = 0, start = 0; t < frames; t++, start += this.#hop) {
      if (isMostlyZero(signal, start, window)) data.fill(floor, t * size, (t + 1) * size);
      else this.#frame(signal, start, data, t * size);
    }
    return { data, frames, size };
  }

  #frame(signal: Float32Array, start: number, data: Float32Array, at: number): void {
    const { bins, kind } = this.#settings;
    const energies = this.#energies;
    this.#spectrum.compute(signal, start);
    applyFilterBank(this.#bank, this.#spectrum.power, energies.values);
    if (kind === "linear") energies.values[bins] = energyOf(signal, start, this.#window);
    energies.write(data, at, this.#floor);
  }

  /** What was pending and these samples after it, with pre-emphasis. */
  #follow(samples: Float32Array): Float32Array {
    const pending = this.#pending;
    const a = this.#settings.preEmphasis;
    if (a === 0 && pending.length === 0) return samples;
    const signal = new Float32Array(pending.length + samples.length);
    signal.set(pending);
    if (a === 0) signal.set(samples, pending.length);
    else this.#emphasize(samples, signal.subarray(pending.length));
    return signal;
  }

  #emphasize(samples: Float32Array, output: Float32Array): void {
    const a = this.#settings.preEmphasis;
    let previous = this.#previous;
    for (let n = 0; n < samples.length; n++) {
      output[n] = samples[n] - a * previous;
      previous = samples[n];
    }
    this.#previous = previous;
  }
}

/** Kept, since to make one takes as long as many frames; nothing in it outlives the frame that it computes. */
const SPECTRA = new Map<string, PowerSpectrum>();

function spectrumOf({ window, windowMs }: FeatureSettings): PowerSpectrum {
  const key = `${window} ${windowMs}`;
  const known = SPECTRA.get(key);
  if (known) return known;
  const made = new PowerSpectrum(fftSizeOf({ windowMs }), taper(window, samplesOf(windowMs)));
  SPECTRA.set(key, made);
  return made;
}

/** Whether zeros in a row are half of it: the rest would be a sound cut off, and mostly the noise of the cut. */
function isMostlyZero(signal: Float32Array, start: number, length: number): boolean {
  const middle = start + (length >> 1); // such a row reaches it
  let first = middle;
  let end = middle;
  while (first > start && signal[first - 1] === 0) first--;
  while (end < start + length && signal[end] === 0) end++;
  return 2 * (end - first) >= length;
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
