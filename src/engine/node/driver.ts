// The engines of Node: ONNX Runtime's native build with its execution providers by name, and its WebAssembly build for
// where there is no native one. `run` blocks the event loop while it computes: long work belongs in a worker.

import { add, Graph, writeOnnx } from "../../graph/index.ts";
import { coreCount } from "../../platform/index.ts";
import {
  absentEngine,
  type Engine,
  type EnginePreferences,
  type EngineTable,
  type Program,
} from "../engine.ts";
import {
  onnxDeviceEngine,
  onnxEngine,
  reason,
  type OnnxRuntime,
  type SessionOptions,
} from "../onnxruntime.ts";
import { wasmEngine } from "../wasm.ts";

/** The builds of ONNX Runtime, loaded when they are asked for: the native one may be missing for this platform. */
export interface Runtimes {
  readonly native: () => Promise<NativeRuntime>;
  readonly wasm: () => Promise<OnnxRuntime>;
}

type NativeRuntime = OnnxRuntime & Pick<typeof import("onnxruntime-node"), "listSupportedBackends">;

/** Execution providers beside the CPU, each with where it is found and what it needs. */
const PROVIDERS = {
  cuda:
    "It needs Linux x64 with CUDA 12 and cuDNN 9, and binaries that this downloads: " +
    "node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12",
  webgpu: "It needs a GPU with its driver (Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS)",
  coreml: "It needs macOS on Apple silicon",
  dml: "It needs Windows with a GPU for DirectX 12",
} as const;

/** Of the names that leave a choice the first that this machine has. */
export const preferences: EnginePreferences = { auto: ["cpu", "wasm"], gpu: ["webgpu", "cpu", "wasm"] };

export function nodeEngines(runtimes: Runtimes): EngineTable {
  const accelerators = Object.entries(PROVIDERS).map(([name, needs]) => [
    name,
    () => openAccelerator(name, needs, runtimes),
  ]);
  return {
    cpu: () => openCpu(runtimes),
    wasm: async () => wasmEngine(await runtimes.wasm(), coreCount()),
    ...Object.fromEntries(accelerators),
  };
}

export const engines: EngineTable = nodeEngines({
  native: () => import("onnxruntime-node"),
  wasm: () => import("#engine-wasm-runtime"),
});

async function openCpu(runtimes: Runtimes): Promise<Engine> {
  const runtime = await openNative("cpu", runtimes);
  return onnxEngine("cpu", runtime, nativeOptions("cpu"));
}

/** Opens where a program of one addition runs: only that proves binaries, driver and device. */
async function openAccelerator(name: string, needs: string, runtimes: Runtimes): Promise<Engine> {
  const runtime = await openNative(name, runtimes);
  const remedy = `${needs}; or use the engine "cpu".`;
  if (!runtime.listSupportedBackends().some((backend) => backend.name === name)) {
    throw absentEngine(name, "ONNX Runtime for this platform is built without it", remedy);
  }
  const open = name === "webgpu" ? onnxDeviceEngine : onnxEngine;
  const engine = open(name, runtime, nativeOptions(name));
  try {
    await tryAddition(await engine.load(additionProgram()));
  } catch (error) {
    const { cause = error } = error as Error; // the engine's own words speak of programs
    throw absentEngine(name, reason(cause), remedy, cause);
  }
  return engine;
}

async function openNative(name: string, runtimes: Runtimes): Promise<NativeRuntime> {
  try {
    const runtime = await runtimes.native();
    runtime.env.logLevel = "fatal"; // errors come as exceptions
    return runtime;
  } catch (cause) {
    const remedy = 'Use the engine "wasm", which runs on every platform, or "auto", which finds it.';
    throw absentEngine(name, `onnxruntime-node has no binary for it: ${reason(cause)}`, remedy, cause);
  }
}

const nativeOptions =
  (provider: string): SessionOptions =>
  ({ threads, spinning }) => ({
    executionProviders: [provider],
    intraOpNumThreads: threads,
    extra: {
      session: {
        intra_op: { allow_spinning: spinning ? "1" : "0" },
        force_spinning_stop: "1",
        set_denormal_as_zero: "1",
      },
    },
  });

async function tryAddition(program: Program): Promise<void> {
  try {
    await program.run({ x: { type: "float32", dims: [1], data: Float32Array.of(1) } });
  } finally {
    await program.close();
  }
}

function additionProgram(): Uint8Array {
  const graph = new Graph();
  const x = graph.input("x", "float32", ["N"]);
  graph.output(add(x, x));
  return writeOnnx(graph);
}
