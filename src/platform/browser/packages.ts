// Packages need nothing special here: a bundler for browsers resolves their imports and places their files.

import type { WasmOptions } from "../packages.ts";

export function importPackage<Module extends object>(load: () => Promise<Module>): Promise<Module> {
  return load();
}

export function wasmOptions(_specifier: string): WasmOptions {
  return {};
}
