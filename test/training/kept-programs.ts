// An engine whose programs are loaded once for all runs of a test, for `vi.mock`: loading was half of the time of two hundred
// runs.

import { createHash } from "node:crypto";
import type { Engine, Program } from "../../src/engine/index.ts";

type EngineRoom = typeof import("../../src/engine/index.ts");

export async function keptPrograms(original: () => Promise<EngineRoom>): Promise<EngineRoom> {
  const real = await original();
  const loaded = new Map<string, Promise<Program>>();
  const openEngine = async (name?: string): Promise<Engine> => {
    const engine = await real.openEngine(name);
    const load: Engine["load"] = async (bytes, options) => {
      const key = createHash("sha256")
        .update(bytes)
        .update(JSON.stringify(options) ?? "")
        .digest("hex");
      if (!loaded.has(key)) loaded.set(key, engine.load(bytes, options));
      const program = await loaded.get(key)!;
      const { inputs, outputs, declared } = program;
      return { inputs, outputs, declared, run: (feeds) => program.run(feeds), close: async () => undefined };
    };
    return { ...engine, load };
  };
  return { ...real, openEngine };
}
