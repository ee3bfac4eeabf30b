// The filter behind ResampleStream (resample.ts): Speex's windowed sinc at its best quality (10: 256 taps, aliasing below
// -120 dB), in WebAssembly. It gives each output sample as soon as it has the filter's half of the input after it.
// Knows nothing of where a recording ends.

/* oxlint-disable no-underscore-dangle -- the names of the C functions */
import type { SpeexResampler } from "@echogarden/speex-resampler-wasm/simd";
import { importPackage, wasmOptions } from "../platform/index.ts";

const QUALITY = 10;
const CHUNK = 16_384; // samples
const LENGTHS_BYTES = 8;
const BUFFER_BYTES = LENGTHS_BYTES + 2 * 4 * CHUNK;

/** A memo, not state: starting an instance takes longer than a second of speech, and each filter has its own state. */
let instance: Promise<SpeexResampler> | undefined;

function resampler(): Promise<SpeexResampler> {
  instance ??= instantiated().catch((error: unknown) => {
    instance = undefined; // the next call tries anew
    throw error;
  });
  return instance;
}

/** Recordings at 16 kHz do without. */
async function instantiated(): Promise<SpeexResampler> {
  const { default: instantiate } = await importPackage(() => import("@echogarden/speex-resampler-wasm/simd"));
  return instantiate(wasmOptions("@echogarden/speex-resampler-wasm/simd"));
}

/** Its memory is WebAssembly's, which is not garbage-collected: `close` frees it. */
export class SpeexFilter {
  readonly #speex: SpeexResampler;
  readonly #state: number;
  /** Samples offered and taken, room offered and filled; then the input, then the output. */
  readonly #buffers: number;

  private constructor(speex: SpeexResampler, state: number, buffers: number) {
    this.#speex = speex;
    this.#state = state;
    this.#buffers = buffers;
  }

  static async open(fromHz: number, toHz: number): Promise<SpeexFilter> {
    const speex = await resampler();
    const buffers = speex._malloc(BUFFER_BYTES);
    const state = speex._speex_resampler_init(1, fromHz, toHz, QUALITY, buffers);
    if (state === 0) {
      speex._free(buffers);
      throw new RangeError(`The resampler cannot convert ${fromHz} Hz to ${toHz} Hz.`);
    }
    speex._speex_resampler_skip_zeros(state);
    return new SpeexFilter(speex, state, buffers);
  }

  /** Takes all samples and gives the first of the output that they complete, `most` samples of it. */
  filter(samples: Float32Array, most: number): Float32Array {
    const output = new Float32Array(most);
    let written = 0;
    for (let read = 0; read < samples.length;) {
      const [taken, filled] = this.#step(samples.subarray(read, read + CHUNK));
      const wanted = Math.min(filled, most - written);
      output.set(this.#result(wanted), written);
      written += wanted;
      read += taken;
    }
    return output.subarray(0, written);
  }

  close(): void {
    this.#speex._speex_resampler_destroy(this.#state);
    this.#speex._free(this.#buffers);
  }

  /** How many samples it took, and how many it gave. */
  #step(chunk: Float32Array): Uint32Array {
    const { HEAPF32, HEAPU32 } = this.#speex;
    const lengths = this.#buffers;
    const input = lengths + LENGTHS_BYTES;
    HEAPF32.set(chunk, input / 4);
    HEAPU32.set([chunk.length, CHUNK], lengths / 4);
    const result = input + 4 * CHUNK;
    this.#speex._speex_resampler_process_float(this.#state, 0, input, lengths, result, lengths + 4);
    return this.#speex.HEAPU32.subarray(lengths / 4, lengths / 4 + 2);
  }

  #result(length: number): Float32Array {
    const start = (this.#buffers + LENGTHS_BYTES) / 4 + CHUNK;
    return this.#speex.HEAPF32.subarray(start, start + length);
  }
}
