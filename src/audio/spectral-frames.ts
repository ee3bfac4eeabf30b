// Samples to frames of log filter energies: log-mel, their cepstrum, or Deep Speech's linearly spaced filters and energy
// (section 5). Chunked equals whole, bit for bit, since each frame is computed from its own window alone.
// Knows nothing of what follows: deltas and normalization.

import FFT from "fft.js";
import { cepstralTransform, transform } from "./cepstrum.ts";
import { bankOf, type FeatureSettings, fftSizeOf, samplesOf, staticSize } from "./feature-settings.ts";
import type { FilterBank } from "./filter-bank.ts";
import type { Frames } from "./frames.ts";

/**
 * The smallest power that is told apart, about that of rounding to 16 bits: digital silence looks like the
 * quietest recording, not like an outlier that would rule the statistics.
 */
export const POWER_FLOOR = 1e-8;

/** The stage of FeatureStream (features.ts) that computes each frame from its window: natural logarithms, floored. */
export class SpectralStream {
  readonly size: number;
  readonly #settings: FeatureSettings;
  readonly #window: Float64Array;
  readonly #hop: number;
  readonly #bank: FilterBank;
  readonly #cepstrum: Float64Array | undefined;
  readonly #logs: Float64Array;
  readonly #fft: FFT;
  readonly #input: number[];
  readonly #spectrum: number[];
  /** Samples from the next frame's start on, after pre-emphasis. */
  #pending = new Float32Array(0);
  #previous = 0;
  #hasFrames = false;

  constructor(settings: FeatureSettings) {
    this.#settings = settings;
    this.size = staticSize(settings);
    this.#window = taper(settings.window, samplesOf(settings.windowMs));
    this.#hop = samplesOf(settings.hopMs);
    this.#bank = bankOf(settings);
    this.#cepstrum = settings.kind === "mfcc" ? cepstralTransform(settings) : undefined;
    this.#logs = new Float64Array(settings.bins);
    this.#fft = new FFT(fftSizeOf(settings));
    this.#input = Array.from({ length: fftSizeOf(settings) }, () => 0);
    this.#spectrum = this.#fft.createComplexArray();
  }

  /** The frames that these samples complete. */
  push(samples: Float32Array): Frames {
    const signal = new Float32Array(this.#pending.length + samples.length);
    signal.set(this.#pending);
    this.#emphasize(samples, signal.subarray(this.#pending.length));
    const frames = this.#analyze(signal);
    this.#pending = signal.slice(frames.frames * this.#hop);
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
    const frames = Math.max(0, Math.floor((signal.length - this.#window.length) / this.#hop) + 1);
    const data = new Float32Array(frames * this.size);
    for (let t = 0; t < frames; t++) {
      const start = t * this.#hop;
      this.#frame(
        signal.subarray(start, start + this.#window.length),
        data.subarray(t * this.size, (t + 1) * this.size),
      );
    }
    return { data, frames, size: this.size };
  }

  #emphasize(samples: Float32Array, output: Float32Array): void {
    const a = this.#settings.preEmphasis;
    for (let n = 0; n < samples.length; n++) {
      output[n] = samples[n] - a * this.#previous;
      this.#previous = samples[n];
    }
  }

  #frame(signal: Float32Array, output: Float32Array): void {
    let energy = 0;
    for (let n = 0; n < signal.length; n++) {
      this.#input[n] = signal[n] * this.#window[n];
      energy += signal[n] * signal[n];
    }
    this.#fft.realTransform(this.#spectrum, this.#input);
    this.#filter(this.#cepstrum === undefined ? output : this.#logs);
    if (this.#cepstrum !== undefined) transform(this.#cepstrum, this.#logs, output);
    if (this.#settings.kind === "linear") output[this.size - 1] = logarithm(energy);
  }

  #filter(output: Float32Array | Float64Array): void {
    const { first, offset, weights } = this.#bank;
    const spectrum = this.#spectrum;
    for (let bin = 0; bin < first.length; bin++) {
      let power = 0;
      let at = 2 * first[bin];
      for (let w = offset[bin]; w < offset[bin + 1]; w++, at += 2) {
        power += weights[w] * (spectrum[at] * spectrum[at] + spectrum[at + 1] * spectrum[at + 1]);
      }
      output[bin] = logarithm(power);
    }
  }
}

function logarithm(power: number): number {
  return Math.log(Math.max(power, POWER_FLOOR));
}

/** Periodic windows, as is usual in spectral analysis. */
function taper(kind: FeatureSettings["window"], length: number): Float64Array {
  const base = kind === "hann" ? 0.5 : 0.54;
  return Float64Array.from({ length }, (_, n) => base - (1 - base) * Math.cos((2 * Math.PI * n) / length));
}
