// Whether a device computes what the processor does: losses, norms and weights after some steps of one batch, and the curve
// of a small network that learns ten batches by heart.   node bench/gpu/equal.mjs [ENGINE]

import { argv } from "node:process";
import { F, makeCase, V } from "../step-case.mjs";
import { RandomStream } from "../../dist/random.js";
import { openStep } from "./open.mjs";

const [engine = "webgpu"] = argv.slice(2);
for (const cell of ["clipped", "gru"]) {
  const setting = await makeCase({ name: "deep-speech", width: 128, cell }, { frameCount: 62, B: 4, L: 8 });
  await compare(`${cell}, width 128, 5 steps`, setting, Array(5).fill(batchOf(setting)), 1e-4);
}
const small = await makeCase({ name: "deep-speech", width: 64 }, { frameCount: 62, B: 8, L: 4 });
const batches = Array.from({ length: 10 }, (_, i) => noise(small, i));
await compare("a curve of 60 steps, width 64", small, Array.from({ length: 60 }, (_, i) => batches[i % 10]), 2e-3, { optimizer: { name: "adamw", beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.01 } }); // prettier-ignore

function batchOf({ frames, frameCount: T, B, lengths, labels }) {
  return { frames, T, B, F, lengths, labels };
}

/** Labels that can be heard: each shifts a band of the frames. */
function noise({ frameCount: T, B, lengths, labels }, seed) {
  const random = new RandomStream(seed, "bench gpu");
  const spoken = labels.map((row) => row.map(() => random.integer(V - 1)));
  const frames = new Float32Array(T * B * F);
  for (let t = 0; t < T; t++)
    for (let b = 0; b < B; b++) {
      const label = spoken[b][Math.min(spoken[b].length - 1, Math.floor((t / T) * spoken[b].length))];
      for (let f = 0; f < F; f++)
        if (t < lengths[b]) frames[(t * B + b) * F + f] = 0.3 * random.normal() + (f === label ? 2 : 0);
    }
  return { frames, T, B, F, lengths, labels: spoken };
}

async function compare(title, setting, batches, learningRate, options) {
  const opened = [];
  for (const name of ["cpu", engine]) opened.push(await openStep(name, setting, options));
  const [cpu, device] = opened;
  let [lossError, normError] = [0, 0];
  const curve = [];
  for (const batch of batches) {
    const [expected, came] = [await cpu.run(batch, learningRate), await device.run(batch, learningRate)];
    lossError = Math.max(lossError, relative(came.losses, expected.losses));
    normError = Math.max(normError, relative([came.gradientNorm], [expected.gradientNorm]));
    curve.push([mean(expected.losses), mean(came.losses)].map((loss) => Number(loss.toPrecision(6))));
  }
  const [weights, same] = [(await cpu.step.readState()).weights, (await device.step.readState()).weights];
  const before = setting.weights;
  const moved = [...weights].map(([name, { data }]) => {
    const change = (after) => after.map((x, i) => x - before.get(name).data[i]);
    return relative(change(same.get(name).data), change(data));
  });
  const shown = curve.filter((_, i) => i % Math.ceil(curve.length / 6) === 0 || i === curve.length - 1);
  console.log(JSON.stringify({ part: "equal", title, engine, lossError, normError, weightChangeError: Math.max(...moved), curve: shown })); // prettier-ignore
  for (const one of opened) await one.close();
}

/** The largest difference, as a share of the largest number. */
function relative(came, expected) {
  let [largest, error] = [1e-30, 0];
  expected.forEach((x, i) => {
    largest = Math.max(largest, Math.abs(x));
    error = Math.max(error, Math.abs(x - came[i]));
  });
  return error / largest;
}

function mean(values) {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
