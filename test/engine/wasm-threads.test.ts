// WebAssembly's runtime starts once in a process, so its threads have a process (a file of tests) of their own.

import { expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import { recurrence } from "./contract.ts";

it('the engine "wasm" computes the same on two threads as the engine "cpu", within 1e-5', async () => {
  const { bytes, feeds } = recurrence();
  const run = async (name: string): Promise<Float32Array> => {
    const program = await (await openEngine(name)).load(bytes, { threads: 2 });
    const results = await program.run(feeds);
    await program.close();
    return results[program.outputs[0]].data as Float32Array;
  };
  const [expected, came] = [await run("cpu"), await run("wasm")];
  const errors = expected.map((value, i) => Math.abs(value - came[i]) / Math.max(1, Math.abs(value)));
  expect(Math.max(...errors)).toBeLessThan(1e-5);
});
