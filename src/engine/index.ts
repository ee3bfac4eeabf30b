// The door of the engine room. The driver behind `#engine-driver` is chosen by platform in package.json.

import { engines, preferences } from "#engine-driver";
import { AUTO, GPU, selectEngine, type Engine } from "./engine.ts";

export { loadOnDevice } from "./device.ts";
export { AUTO, engineForLoops, GPU, programClosed } from "./engine.ts";
export type {
  DeviceProgram,
  DeviceTensor,
  DeviceTensors,
  Engine,
  EngineOptions,
  Feeds,
  Program,
  TensorDeclaration,
} from "./engine.ts";

/** The names of all engines, whether or not this machine has them. */
export const engineNames: readonly [string, ...string[]] = [AUTO, GPU, ...Object.keys(engines)];

/**
 * Opens an engine by name. In Node "cpu", "wasm", "cuda", "webgpu", "coreml", "dml", "auto", which is "cpu" where it has a
 * binary, and "gpu", which is "webgpu" where there is a GPU, else "auto"; in a browser "wasm", "webgpu", "auto", which
 * is "wasm", and "gpu", as in Node.
 * @throws EarshotError UNKNOWN_ENGINE, ENGINE_ABSENT
 */
export function openEngine(name = AUTO): Promise<Engine> {
  return selectEngine(engines, preferences, name);
}
