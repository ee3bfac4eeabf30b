// What a package that is loaded must be told on one platform or the other.

/** Of a module that Emscripten made. */
export interface WasmOptions {
  /** The place of its .wasm file. @param folder where the module itself lies */
  readonly locateFile?: (name: string, folder: string) => string;
}
