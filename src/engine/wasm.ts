// ONNX Runtime as WebAssembly: it runs wherever JavaScript does, in Node as in a browser, several times slower than the
// native build. The runtime starts once in a process (or tab): the threads of the first program loaded hold for all.

import type { Engine } from "./engine.ts";
import { onnxEngine, type OnnxRuntime } from "./onnxruntime.ts";

/** @param cores how many threads "one per core" means here */
export function wasmEngine(runtime: OnnxRuntime, cores: number): Engine {
  runtime.env.logLevel = "fatal"; // errors come as exceptions
  return onnxEngine("wasm", runtime, ({ threads }) => {
    runtime.env.wasm.numThreads = threads || cores;
    return { executionProviders: ["wasm"] };
  });
}
