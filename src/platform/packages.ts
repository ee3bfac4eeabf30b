// Options of packages that differ between platforms.

/** Of a WebAssembly module that Emscripten made. */
export interface WasmOptions {
  /** The place of its .wasm file. @param folder where the module itself lies */
  readonly locateFile?: (name: string, folder: string) => string;
}
