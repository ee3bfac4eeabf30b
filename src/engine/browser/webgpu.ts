// A browser's GPU (W3C WebGPU) by ONNX Runtime's build for it. That build waits for the GPU by JavaScript Promise Integration,
// which not every browser with WebGPU has: it is half as large as the one that does without.

import { absentEngine, type Engine } from "../engine.ts";
import { onnxDeviceEngine, type OnnxRuntime } from "../onnxruntime.ts";

/** What is asked here of the platform. */
interface Platform {
  readonly navigator?: { readonly gpu?: { requestAdapter(options: object): Promise<object | null> } };
  readonly WebAssembly: { readonly Suspending?: unknown };
}

const REMEDY =
  'Use the engine "wasm", which runs in every browser, or a current browser on a machine with a GPU.';

/** @param runtime loaded where there is a GPU @throws EarshotError ENGINE_ABSENT */
export async function openWebGpu(runtime: () => Promise<OnnxRuntime>): Promise<Engine> {
  const { navigator, WebAssembly } = globalThis as unknown as Platform;
  const absent = (why: string) => absentEngine("webgpu", why, REMEDY);
  if (!navigator?.gpu) throw absent("the browser gives this page no WebGPU");
  if (!WebAssembly.Suspending) throw absent("the browser has no JavaScript Promise Integration");
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) throw absent("the browser finds no GPU that it uses");
  const opened = await runtime();
  opened.env.logLevel = "fatal"; // errors come as exceptions
  opened.env.wasm.numThreads = 1; // what the GPU does not do is little
  return loadingInTurn(onnxDeviceEngine("webgpu", opened, () => ({ executionProviders: ["webgpu"] })));
}

/** The runtime opens one session after another. */
function loadingInTurn({ load, loadOnDevice, ...engine }: Engine): Engine {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    ...engine,
    load: (program, options) => inTurn(() => load(program, options)),
    ...(loadOnDevice && {
      loadOnDevice: (program, stays) => inTurn(() => loadOnDevice(program, stays)),
    }),
  };
}
