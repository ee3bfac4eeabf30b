// Samples to feature frames: log-mel, or Deep Speech's linearly spaced log filter banks and energy (section 5).
// A stream first: a whole recording is a stream fed once, and every chunking gives the same bits, since each frame is
// computed from its own window alone. Knows nothing of files and of normalization.

import FFT from "fft.js";
import { z } from "../settings.ts";
import { buildFilterBank, type FilterBank } from "./filter-bank.ts";
import { SAMPLE_RATE_HZ } from "./resample.ts";

/** Feature frames, row after row. */
export interface Frames {
  /** [T, F] */
  readonly data: Float32Array;
  /** T */
  readonly frames: number;
  /** F */
  readonly size: number;
}

const NYQUIST_HZ = SAMPLE_RATE_HZ / 2;

export const featureSettings = z
  .strictObject({
    kind: z
      .enum(["log-mel", "linear"])
      .default("log-mel")
      .describe(
        "log-mel: filters spaced in mel (HTK); linear: spaced in hertz, and the frame's energy (Deep Speech).",
      ),
    bins: z.int().min(1).max(512).default(80).describe("Number of filters; Deep Speech used 80 and 160."),
    windowMs: z.number().min(1).max(500).default(20).describe("Length of a frame in ms (Deep Speech: 20)."),
    hopMs: z
      .number()
      .min(1)
      .max(500)
      .default(10)
      .describe("From the start of one frame to the next in ms (Deep Speech: 10)."),
    window: z.enum(["hann", "hamming"]).default("hann").describe("Taper of each frame."),
    preEmphasis: z
      .number()
      .min(0)
      .lt(1)
      .default(0)
      .describe("a in y[n] = x[n] - a x[n - 1]; 0 is off, 0.97 is usual."),
    lowestHz: z.number().min(0).max(NYQUIST_HZ).default(0).describe("Where the first filter begins, in Hz."),
    highestHz: z
      .number()
      .min(0)
      .max(NYQUIST_HZ)
      .default(NYQUIST_HZ)
      .describe("Where the last filter ends, in Hz."),
    normalization: z
      .enum(["utterance", "global", "none"])
      .default("utterance")
      .describe("Mean 0 and deviation 1 per bin: over the utterance, over the training set, or not at all."),
  })
  .superRefine((settings, context) => {
    if (context.issues.length > 0) return; // single values are out of range already
    if (settings.hopMs > settings.windowMs) {
      context.addIssue({ code: "custom", path: ["hopMs"], message: "hopMs must not exceed windowMs" });
    }
    const empty = emptyFilter(settings);
    if (empty >= 0) {
      const message = `filter ${empty + 1} of ${settings.bins} covers no line of the spectrum: use fewer bins, a wider band or a longer window`;
      context.addIssue({ code: "custom", path: ["bins"], message });
    }
  });

export type FeatureSettings = z.output<typeof featureSettings>;

/** F: the bins, and one more for the energy of the linear kind. */
export function featureSize(settings: Pick<FeatureSettings, "kind" | "bins">): number {
  return settings.kind === "linear" ? settings.bins + 1 : settings.bins;
}

/**
 * The smallest power that is told apart, about that of rounding to 16 bits: digital silence looks like the
 * quietest recording, not like an outlier that would rule the statistics.
 */
const POWER_FLOOR = 1e-8;

/**
 * Turns samples into frames as they come. Frame t covers the samples [t * hop, t * hop + window): no padding at
 * the edges, so n samples give floor((n - window) / hop) + 1 frames; only a recording shorter than one window is
 * filled up with zeros, to one frame. Values are natural logarithms of filtered power, floored at 1e-8.
 */
export class FeatureStream {
  readonly size: number;
  readonly #settings: FeatureSettings;
  readonly #window: Float64Array;
  readonly #hop: number;
  readonly #bank: FilterBank;
  readonly #fft: FFT;
  readonly #input: number[];
  readonly #spectrum: number[];
  /** Samples from the next frame's start on, after pre-emphasis. */
  #pending = new Float32Array(0);
  #previous = 0;
  #hasFrames = false;

  constructor(settings: FeatureSettings) {
    this.#settings = settings;
    this.size = featureSize(settings);
    this.#window = taper(settings.window, samplesOf(settings.windowMs));
    this.#hop = samplesOf(settings.hopMs);
    this.#bank = bankOf(settings);
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
    this.#filter(output);
    if (this.#settings.kind === "linear") output[this.size - 1] = logarithm(energy);
  }

  #filter(output: Float32Array): void {
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

/** The frames of a whole recording, before normalization. */
export function computeFeatures(samples: Float32Array, settings: FeatureSettings): Frames {
  const stream = new FeatureStream(settings);
  const frames = stream.push(samples);
  return frames.frames > 0 ? frames : stream.finish();
}

function logarithm(power: number): number {
  return Math.log(Math.max(power, POWER_FLOOR));
}

function samplesOf(milliseconds: number): number {
  return Math.round((milliseconds * SAMPLE_RATE_HZ) / 1000);
}

/** The next power of two: 512 for 20 ms. */
function fftSizeOf(settings: Pick<FeatureSettings, "windowMs">): number {
  return 2 ** Math.ceil(Math.log2(samplesOf(settings.windowMs)));
}

type BankSettings = Pick<FeatureSettings, "kind" | "bins" | "windowMs" | "lowestHz" | "highestHz">;

function bankOf(settings: BankSettings): FilterBank {
  const { kind, bins, lowestHz, highestHz } = settings;
  const scale = kind === "log-mel" ? "mel" : "hertz";
  return buildFilterBank({
    scale,
    bins,
    lowestHz,
    highestHz,
    fftSize: fftSizeOf(settings),
    sampleRateHz: SAMPLE_RATE_HZ,
  });
}

/** The first filter without any spectrum line under it, or -1. */
function emptyFilter(settings: BankSettings): number {
  if (settings.highestHz <= settings.lowestHz) return 0;
  const { offset } = bankOf(settings);
  return offset.findIndex((start, bin) => bin < settings.bins && start === offset[bin + 1]);
}

/** Periodic windows, as is usual in spectral analysis. */
function taper(kind: FeatureSettings["window"], length: number): Float64Array {
  const base = kind === "hann" ? 0.5 : 0.54;
  return Float64Array.from({ length }, (_, n) => base - (1 - base) * Math.cos((2 * Math.PI * n) / length));
}
