// Resampling by the Speex windowed sinc at its best quality, and the speed perturbation that training builds on it
// (Ko et al. 2015, "Audio augmentation for speech recognition"). A stream first: a whole recording is a stream fed once.
// Output is aligned in time with the input: no delay at the start, nothing lost at the end.

import { EarshotError } from "../errors.ts";
import { joinBlocks } from "../tensor.ts";
import { SpeexFilter } from "./speex-filter.ts";

/** The rate of all samples inside Earshot. */
export const SAMPLE_RATE_HZ = 16_000;

/** Rates beyond these are mistakes, not recordings. */
export const LOWEST_RATE_HZ = 1_000;
export const HIGHEST_RATE_HZ = 768_000;

const SILENCE = new Float32Array(4096);

/**
 * Samples at one rate become samples at another as they come: n of them round(n * toHz / fromHz) in all. Every chunking
 * gives the same bits, since an output sample is computed from its own stretch of the input alone.
 */
export class ResampleStream {
  readonly #fromHz: number;
  readonly #toHz: number;
  /** None where the rates are equal, or after the end. */
  #filter: SpeexFilter | undefined;
  #taken = 0;
  #given = 0;

  private constructor(fromHz: number, toHz: number, filter: SpeexFilter | undefined) {
    this.#fromHz = fromHz;
    this.#toHz = toHz;
    this.#filter = filter;
  }

  /** Both rates are positive integers. `finish` or `close` frees the filter. */
  static async open(fromHz: number, toHz: number): Promise<ResampleStream> {
    const filter = fromHz === toHz ? undefined : await SpeexFilter.open(fromHz, toHz);
    return new ResampleStream(fromHz, toHz, filter);
  }

  /** The output that needs nothing later: it follows some milliseconds behind the input. */
  push(samples: Float32Array): Float32Array {
    if (this.#fromHz === this.#toHz) return samples;
    this.#taken += samples.length;
    return this.#filtered(samples);
  }

  /** Ends the recording: the rest, as if silence followed, for the filter's last half needs what comes after the end. */
  finish(): Float32Array {
    const blocks: Float32Array[] = [];
    while (this.#given < this.#length()) blocks.push(this.#filtered(SILENCE));
    this.close();
    return joinBlocks(blocks);
  }

  /** Frees what a stream that will not be finished holds. */
  close(): void {
    this.#filter?.close();
    this.#filter = undefined;
  }

  /** How long the output of all input so far is, once its end has come. */
  #length(): number {
    return Math.round((this.#taken * this.#toHz) / this.#fromHz);
  }

  #filtered(samples: Float32Array): Float32Array {
    if (!this.#filter) throw new RangeError("The resampler has been closed.");
    const output = this.#filter.filter(samples, this.#length() - this.#given);
    this.#given += output.length;
    return output;
  }
}

/** `samples` at `fromHz` as round(n * toHz / fromHz) samples at `toHz`; both rates are positive integers. */
export async function resample(samples: Float32Array, fromHz: number, toHz: number): Promise<Float32Array> {
  if (fromHz === toHz) return samples;
  const stream = await ResampleStream.open(fromHz, toHz);
  try {
    return joinBlocks([stream.push(samples), stream.finish()]);
  } finally {
    stream.close();
  }
}

/** The finest step of a speed factor. */
const SPEED_STEPS = 10_000;

/**
 * Plays `samples` faster by `factor` (1.1: a tenth faster and higher, round(n / 1.1) samples).
 * @throws INVALID_SPEED unless the factor lies in 0.25 to 4.
 */
export async function changeSpeed(samples: Float32Array, factor: number): Promise<Float32Array> {
  if (!(factor >= 0.25 && factor <= 4)) {
    throw new EarshotError({
      code: "INVALID_SPEED",
      problem: `A speed factor of ${factor} was asked for; it must lie between 0.25 and 4.`,
      remedy: "Use factors near 1; 0.9, 1.0 and 1.1 are usual.",
    });
  }
  return resample(samples, Math.round(factor * SPEED_STEPS), SPEED_STEPS);
}
