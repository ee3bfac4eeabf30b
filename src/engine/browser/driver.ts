// The engines of a browser: ONNX Runtime as WebAssembly, its build without a GPU, and the one with, each loaded when it is asked
// for. Where a page may not share memory between threads, the runtime computes on one.

import { coreCount } from "../../platform/index.ts";
import type { EnginePreferences, EngineTable } from "../engine.ts";
import type { OnnxRuntime } from "../onnxruntime.ts";
import { wasmEngine } from "../wasm.ts";
import { openWebGpu } from "./webgpu.ts";

/** The builds of ONNX Runtime, loaded when an engine is asked for. */
export interface BrowserRuntimes {
  readonly wasm: () => Promise<OnnxRuntime>;
  readonly webgpu: () => Promise<OnnxRuntime>;
}

/** Of the names that leave a choice the first that this browser has. */
export const preferences: EnginePreferences = { auto: ["wasm"], gpu: ["webgpu", "wasm"] };

export const engines: EngineTable = browserEngines({
  wasm: () => import("#engine-wasm-runtime"),
  webgpu: () => import("#engine-webgpu-runtime"),
});

export function browserEngines(runtimes: BrowserRuntimes): EngineTable {
  return {
    wasm: async () => wasmEngine(await runtimes.wasm(), threads()),
    webgpu: () => openWebGpu(runtimes.webgpu),
  };
}

/** One where the page may not share memory (`crossOriginIsolated`). */
const threads = (): number =>
  (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated ? coreCount() : 1;
