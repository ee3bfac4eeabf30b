// The door of the engine room. The driver behind `#engine-driver` is chosen by platform in package.json.

import { engines } from "#engine-driver";
import { selectEngine, type Engine } from "./engine.ts";

export type { Engine, EngineOptions, Feeds, Program, TensorData, TypedData } from "./engine.ts";

/** Opens an engine by name: "cpu" everywhere. @throws EarshotError UNKNOWN_ENGINE */
export function openEngine(name = "cpu"): Promise<Engine> {
  return selectEngine(engines, name);
}
