// The engines of a browser: ONNX Runtime as WebAssembly, its build without a GPU, half as large. Where a
// page may not share memory between threads, the runtime computes on one.

import { coreCount } from "../../platform/index.ts";
import type { EnginePreferences, EngineTable } from "../engine.ts";
import type { OnnxRuntime } from "../onnxruntime.ts";
import { wasmEngine } from "../wasm.ts";

/** What the names open that leave a choice. */
export const preferences: EnginePreferences = { auto: ["wasm"], gpu: ["wasm"] };

export const engines: EngineTable = browserEngines(() => import("#engine-wasm-runtime"));

/** @param runtime loaded when an engine is asked for */
export function browserEngines(runtime: () => Promise<OnnxRuntime>): EngineTable {
  return { wasm: async () => wasmEngine(await runtime(), coreCount()) };
}
