// The part of @echogarden/speex-resampler-wasm that speex-filter.ts uses (the package ships no types).
declare module "@echogarden/speex-resampler-wasm/simd" {
  export interface SpeexResampler {
    readonly HEAPF32: Float32Array;
    readonly HEAPU32: Uint32Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
    _speex_resampler_init(
      channels: number,
      inRate: number,
      outRate: number,
      quality: number,
      error: number,
    ): number;
    _speex_resampler_destroy(state: number): void;
    _speex_resampler_skip_zeros(state: number): number;
    _speex_resampler_process_float(
      state: number,
      channel: number,
      input: number,
      inputLength: number,
      output: number,
      outputLength: number,
    ): number;
  }
  export default function instantiate(options: {
    locateFile?: (name: string, folder: string) => string;
  }): Promise<SpeexResampler>;
}
