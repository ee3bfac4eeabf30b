// A train step of one case on an engine, with the time that its programs take: on a device by the seams that it has itself.

import { openEngine } from "../../dist/engine/index.js";
import { emptySlots, TrainStep } from "../../dist/training/index.js";
import { DeviceStep } from "../../dist/training/step/device-step.js";
import { BLANK, CAP, LEARNING_RATE, MOMENTUM, V } from "../step-case.mjs";

/** @param architecture what the case was made of; a device builds its programs from it */
export async function openStep(engineName, { architecture, programs, weights }, options = {}) {
  const optimizer = { name: "nesterov", momentum: MOMENTUM };
  const copies = new Map(
    [...weights].map(([name, { dims, data }]) => [name, { type: "float32", dims, data: data.slice() }]),
  );
  const device = { architecture, frozen: [], intermediate: { heads: 0, weight: 0 } };
  const about = { gradientCap: CAP, seed: 1, threads: 0, symbols: V, blank: BLANK, engine: engineName };
  const plan = { programs, device, optimizer, ...about, ...options };
  const state = { weights: copies, slots: emptySlots(copies, plan.optimizer) };
  const times = { load: 0, run: {} };
  const engine = await openEngine(engineName);
  const onDevice = engine.loadOnDevice !== undefined;
  const step = onDevice
    ? await DeviceStep.open(plan, state, timed(engine, times))
    : await TrainStep.open(plan, state);
  let count = 0;
  const run = (batch, learningRate = LEARNING_RATE) =>
    step.step([batch], { step: count++, utterances: batch.B, learningRate });
  return { step, run, times, onDevice, close: () => step.close() };
}

/** The engine, whose clock runs while programs are loaded and run; what stays on the device is not waited for. */
function timed(engine, times) {
  const clocked = async (add, work) => {
    const start = performance.now();
    const result = await work();
    add(performance.now() - start);
    return result;
  };
  return {
    ...engine,
    loadOnDevice: async (bytes, stays) => {
      const program = await clocked(
        (ms) => (times.load += ms),
        () => engine.loadOnDevice(bytes, stays),
      );
      const kind = kindOf(program);
      const add = (ms) => (times.run[kind] = [...(times.run[kind] ?? []), ms]);
      const run = (feeds) => clocked(add, () => program.run(feeds));
      return { inputs: program.inputs, outputs: program.outputs, run, close: () => program.close() };
    },
  };
}

function kindOf({ inputs, outputs }) {
  if (outputs.includes("squares")) return "squares";
  if (inputs.includes("learning_rate")) return "update";
  if (inputs.some((name) => name.startsWith("gradient/"))) return "backward";
  return inputs.includes("frames") ? "forward" : "copy";
}
