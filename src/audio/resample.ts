// Resampling by the Speex windowed sinc at its best quality (10: 256 taps, aliasing below -120 dB), and the speed
// perturbation that training builds on it (Ko et al. 2015, "Audio augmentation for speech recognition").
// Output is aligned in time with the input: no delay at the start, nothing lost at the end.

/* oxlint-disable no-underscore-dangle -- the names of the C functions */
import instantiate, { type SpeexResampler } from "@echogarden/speex-resampler-wasm/simd";
import { EarshotError } from "../errors.ts";

/** The rate of all samples inside Earshot. */
export const SAMPLE_RATE_HZ = 16_000;

const QUALITY = 10;
const CHUNK = 16_384; // samples
const LENGTHS_BYTES = 8;
const BUFFER_BYTES = LENGTHS_BYTES + 2 * 4 * CHUNK;

/** `samples` at `fromHz` as round(n * toHz / fromHz) samples at `toHz`; both rates are positive integers. */
export async function resample(samples: Float32Array, fromHz: number, toHz: number): Promise<Float32Array> {
  if (fromHz === toHz) return samples;
  const speex = await resampler();
  const buffers = speex._malloc(BUFFER_BYTES);
  const state = speex._speex_resampler_init(1, fromHz, toHz, QUALITY, buffers);
  try {
    if (state === 0) throw new RangeError(`The resampler cannot convert ${fromHz} Hz to ${toHz} Hz.`);
    speex._speex_resampler_skip_zeros(state);
    const output = new Float32Array(Math.round((samples.length * toHz) / fromHz));
    pump(speex, state, buffers, samples, output);
    return output;
  } finally {
    if (state !== 0) speex._speex_resampler_destroy(state);
    speex._free(buffers);
  }
}

/** A memo, not state: starting an instance takes longer than a second of speech, and each call has its own state. */
let instance: Promise<SpeexResampler> | undefined;

function resampler(): Promise<SpeexResampler> {
  instance ??= instantiate().catch((error: unknown) => {
    instance = undefined; // the next call tries anew
    throw error;
  });
  return instance;
}

/** Feeds all samples, then silence, until the output is full: the filter's last half needs what comes after the end. */
function pump(
  speex: SpeexResampler,
  state: number,
  buffers: number,
  samples: Float32Array,
  output: Float32Array,
): void {
  const lengths = buffers; // samples offered and taken, room offered and filled
  const input = lengths + LENGTHS_BYTES;
  const result = input + 4 * CHUNK;
  const silence = new Float32Array(CHUNK);
  let read = 0;
  for (let written = 0; written < output.length;) {
    const chunk = read < samples.length ? samples.subarray(read, read + CHUNK) : silence;
    speex.HEAPF32.set(chunk, input / 4);
    speex.HEAPU32.set([chunk.length, CHUNK], lengths / 4);
    speex._speex_resampler_process_float(state, 0, input, lengths, result, lengths + 4);
    const [taken, filled] = speex.HEAPU32.subarray(lengths / 4, lengths / 4 + 2);
    const wanted = Math.min(filled, output.length - written);
    output.set(speex.HEAPF32.subarray(result / 4, result / 4 + wanted), written);
    written += wanted;
    read += taken;
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
