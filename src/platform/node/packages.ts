// What a program needs that a bundler made one file of, with the packages in it: CommonJS among them asks for modules of
// Node by `require`, which an ES module lacks, and a package that brings a file finds none beside the bundle. Outside a
// bundle there is nothing to do. A bundler for Node needs no settings then but for the native onnxruntime-node.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { WasmOptions } from "../packages.ts";

const isBundled = !/\/platform\/node\/packages\.[jt]s$/.test(new URL(import.meta.url).pathname);

const loading = new Set<object>();

/** @param load imports the package, and what it says is bundled with the program */
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
