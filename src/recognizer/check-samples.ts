// Whether samples that a program gives are sound: programs in plain JavaScript may give anything.

import { EarshotError } from "../errors.ts";

/**
 * The samples as they are stored here; an array of numbers is copied into them.
 * @throws INVALID_SAMPLES
 */
export function checkSamples(samples: unknown): Float32Array {
  const stored = asFloat32(samples);
  if (!stored.every(Number.isFinite))
    throw invalidSamples("Some of the samples are infinite or not numbers.");
  return stored;
}

function asFloat32(samples: unknown): Float32Array {
  if (samples instanceof Float32Array) return samples;
  if (samples instanceof Float64Array || Array.isArray(samples)) return Float32Array.from(samples);
  throw invalidSamples(`The samples are ${kindOf(samples)} instead of a Float32Array.`);
}

/** @throws INVALID_SAMPLES */
export function checkRate(sampleRateHz: number): void {
  if (Number.isInteger(sampleRateHz) && sampleRateHz > 0) return;
  throw invalidSamples(`The sample rate is ${sampleRateHz} Hz.`);
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
