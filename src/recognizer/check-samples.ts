// Whether samples that a program gives are sound: programs in plain JavaScript may give anything.

import { HIGHEST_RATE_HZ, LOWEST_RATE_HZ, peakOf, type Frames } from "../audio/index.ts";
import { EarshotError } from "../errors.ts";

/**
 * The samples as they are stored here; an array of numbers is copied into them.
 * @throws INVALID_SAMPLES
 */
export function checkSamples(samples: unknown): Float32Array {
  const stored = asFloat32(samples);
  if (!stored.every(Number.isFinite)) throw notNumbers();
  return stored;
}

/** By what an array calls itself: one of another window, or of a test's own realm, is no instance of the class here. */
function asFloat32(samples: unknown): Float32Array {
  const kind = Object.prototype.toString.call(samples);
  if (kind === "[object Float32Array]") return samples as Float32Array;
  if (kind === "[object Float64Array]") return Float32Array.from(samples as Float64Array);
  if (Array.isArray(samples)) return ofNumbers(samples);
  throw invalidSamples(`The samples are ${kindOf(samples)} instead of a Float32Array.`);
}

/** Not of texts, or of a list for each channel, which JavaScript would take for numbers, or fail at. */
function ofNumbers(samples: readonly unknown[]): Float32Array {
  for (const sample of samples) if (typeof sample !== "number") throw notNumbers(); // holes, too
  return Float32Array.from(samples as readonly number[]);
}

/** @throws INVALID_SAMPLES where frames are no [T, F] with all their numbers */
export function checkFrames(given: unknown): Frames {
  const { data, frames, size }: Partial<Frames> = typeof given === "object" && given !== null ? given : {};
  const isWhole = Number.isInteger(frames) && Number.isInteger(size) && data?.length === frames! * size!;
  if (isWhole && Object.prototype.toString.call(data) === "[object Float32Array]") return given as Frames;
  throw invalidSamples(
    `The frames are ${kindOf(given)} instead of { data, frames: T, size: F }, data being a Float32Array of T · F.`,
    "Give what recognizer.model.prepare made, or samples.",
  );
}

const notNumbers = (): EarshotError => invalidSamples("Some of the samples are infinite or not numbers.");

/** @throws INVALID_SAMPLES */
export function checkRate(sampleRateHz: unknown): void {
  const isWhole = Number.isInteger(sampleRateHz);
  const rateHz = typeof sampleRateHz === "number" ? sampleRateHz : Number.NaN;
  if (isWhole && rateHz >= LOWEST_RATE_HZ && rateHz <= HIGHEST_RATE_HZ) return;
  if (typeof sampleRateHz === "string")
    throw invalidSamples(`The sample rate is the text "${sampleRateHz}" instead of a number.`);
  const limits = `a whole number from ${LOWEST_RATE_HZ} to ${HIGHEST_RATE_HZ}`;
  throw invalidSamples(`The sample rate is ${kindOf(sampleRateHz)} Hz instead of ${limits}.`);
}

/** No loudness of a sound, but a sign of integers. */
const INTEGER_PEAK = 256;

/**
 * Of a stream, whose peak is not known before its end: integers cannot be brought to the scale of floats by it.
 * @throws INVALID_SAMPLES
 */
export function checkScale(samples: Float32Array): void {
  const peak = peakOf(samples);
  if (peak <= INTEGER_PEAK) return;
  throw invalidSamples(
    `The samples reach ${Math.round(peak)} where full scale is 1.`,
    "Divide 16-bit integers by 32768 before you give them.",
  );
}

/** Of what is none of the kinds of sources, a bare array of samples for example. */
export function unknownSource(source: unknown): EarshotError {
  const isBare = Array.isArray(source) || ArrayBuffer.isView(source);
  return invalidSamples(
    isBare ? "Samples were given without their rate." : `The recording is ${kindOf(source)}.`,
    "Give the path of a recording, its bytes as a Uint8Array, or { samples, sampleRateHz } with mono samples in [-1, 1].",
  );
}

export function invalidSamples(
  problem: string,
  remedy = "Give mono samples in [-1, 1] and the rate at which they were taken.",
): EarshotError {
  return new EarshotError({ code: "INVALID_SAMPLES", where: "samples", problem, remedy });
}

function kindOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return `of type ${value.constructor?.name ?? "Object"}`;
}
