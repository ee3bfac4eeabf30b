// Programs whose results stay on the device. On an engine without one they stay in this program's memory, so that what is
// built for devices runs, and is tested, everywhere.

import type { DeviceProgram, DeviceTensor, DeviceTensors, Engine } from "./engine.ts";
import type { TensorData } from "../tensor.ts";

/**
 * @param stays names of the outputs that stay
 * @throws EarshotError INVALID_PROGRAM
 */
export async function loadOnDevice(
  engine: Engine,
  bytes: Uint8Array,
  stays: readonly string[],
): Promise<DeviceProgram> {
  if (engine.loadOnDevice) return engine.loadOnDevice(bytes, stays);
  const program = await engine.load(bytes);
  const { inputs, outputs } = program;
  return {
    inputs,
    outputs,
    run: async (feeds) => {
      const results = await program.run(inMemory(feeds));
      const held = (name: string, result: TensorData) =>
        stays.includes(name) ? new HeldTensor(result) : result;
      return Object.fromEntries(Object.entries(results).map(([name, result]) => [name, held(name, result)]));
    },
    close: () => program.close(),
  };
}

const inMemory = (feeds: DeviceTensors): Record<string, TensorData> =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, fed]) => [
      name,
      fed instanceof HeldTensor ? fed.held : (fed as TensorData),
    ]),
  );

class HeldTensor implements DeviceTensor {
  readonly type: TensorData["type"];
  readonly dims: readonly number[];
  readonly held: TensorData;

  constructor(held: TensorData) {
    this.held = held;
    this.type = held.type;
    this.dims = held.dims;
  }

  dispose(): void {
    // The garbage collector does it.
  }
}
