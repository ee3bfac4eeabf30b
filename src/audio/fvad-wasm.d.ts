// The part of @echogarden/fvad-wasm that voice-activity.ts uses (the package ships no types).
declare module "@echogarden/fvad-wasm" {
  export interface VoiceModule {
    readonly HEAP16: Int16Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
    _fvad_new(): number;
    _fvad_reset(state: number): void;
    _fvad_free(state: number): void;
    /** 0 when the mode, 0 to 3, is valid. */
    _fvad_set_mode(state: number, mode: number): number;
    /** 0 when the rate is valid. */
    _fvad_set_sample_rate(state: number, rateHz: number): number;
    /** 1 is voice, 0 is none, -1 a frame of another length than 10, 20 or 30 ms. */
    _fvad_process(state: number, frame: number, length: number): number;
  }
  export default function instantiate(options: {
    locateFile?: (name: string, folder: string) => string;
  }): Promise<VoiceModule>;
}
