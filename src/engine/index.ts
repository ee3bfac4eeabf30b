// The door of the engine room. The driver behind `#engine-driver` is chosen by platform in package.json.

import { engines, preferred } from "#engine-driver";
import { AUTO, selectEngine, type Engine } from "./engine.ts";

export { AUTO, programClosed } from "./engine.ts";
export type { Engine, EngineOptions, Feeds, Program, TensorDeclaration } from "./engine.ts";

/** The names of all engines, whether or not this machine has them. */
export const engineNames: readonly [string, ...string[]] = [AUTO, ...Object.keys(engines)];

/**
 * Opens an engine by name. In Node "cpu", "wasm", "cuda", "webgpu", "coreml", "dml", and "auto" is "cpu" where it has a
 * binary; in a browser "wasm", which "auto" is there.
 * @throws EarshotError UNKNOWN_ENGINE, ENGINE_ABSENT
 */
export function openEngine(name = AUTO): Promise<Engine> {
  return selectEngine(engines, preferred, name);
}
