// Packages as a bundler for browsers leaves them: nothing is asked of `require`, and their files are where it says.

import type { WasmOptions } from "../packages.ts";

export function importPackage<Module extends object>(load: () => Promise<Module>): Promise<Module> {
  return load();
}

export function wasmOptions(_specifier: string): WasmOptions {
  return {};
}
