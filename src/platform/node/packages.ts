// Packages in a program that a bundler made one file of. CommonJS packages in it call `require` for modules of Node, which
// an ES module lacks, and packages with a .wasm file do not find it beside the bundle: both are supplied here. So a bundler
// for Node needs no settings, except for the native onnxruntime-node. Outside a bundle there is nothing to do.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { WasmOptions } from "../packages.ts";

const isBundled = !/\/platform\/node\/packages\.[jt]s$/.test(new URL(import.meta.url).pathname);

const loading = new Set<object>();

/** @param load imports the package; the specifier stands in its source, so that bundlers see it */
export async function importPackage<Module extends object>(load: () => Promise<Module>): Promise<Module> {
  if (!isBundled || (loading.size === 0 && "require" in globalThis)) return load();
  Object.assign(globalThis, { require: createRequire(import.meta.url) });
  loading.add(load);
  try {
    return await load();
  } finally {
    loading.delete(load);
    if (loading.size === 0) Reflect.deleteProperty(globalThis, "require");
  }
}

/** Where a module that Emscripten made finds its .wasm file. @param specifier of that module */
export function wasmOptions(specifier: string): WasmOptions {
  if (!isBundled) return {};
  return {
    locateFile(name, folder) {
      const beside = join(folder, name);
      if (existsSync(beside)) return beside;
      return join(dirname(createRequire(import.meta.url).resolve(specifier)), name);
    },
  };
}
