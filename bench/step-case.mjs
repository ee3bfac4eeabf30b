// The batch, the network and the dropout masks that a train step is measured on: the same numbers for us and the peers.

import { writeFile } from "node:fs/promises";

export const FULL = { frameCount: 400, B: 16, L: 60 };
/** Gradients are compared on little: of the full batch's millions of rectified units, some lie on the kink. */
export const LITTLE = { frameCount: 32, B: 2, L: 6 };
export const [F, V] = [81, 29];
export const BLANK = V - 1;
export const [CAP, LEARNING_RATE, MOMENTUM] = [100, 1e-5, 0.99];
const [CONTEXT, STRIDE, CEILING, DROPOUT] = [9, 2, 20, 13 / 256];

/** One batch with its weights and dropout masks, in memory for us and in a file for the peers. */
export async function makeCase(width, { frameCount, B, L }, path) {
  const T = frameCount / STRIDE;
  const { initializeWeights, resolveArchitecture } = await import("../dist/network/index.js");
  const { trainingPrograms } = await import("../dist/training/index.js");
  const { writeSafetensors } = await import("../dist/model/index.js");
  const { RandomStream } = await import("../dist/random.js");
  const network = { name: "deep-speech", width, context: CONTEXT, stride: STRIDE, dropout: DROPOUT };
  const architecture = resolveArchitecture(
    { ...network, ceiling: CEILING },
    { features: F, symbols: V },
    "bench",
  );
  const weights = initializeWeights(architecture, 1);
  const programs = trainingPrograms(architecture, BLANK);
  const random = new RandomStream(1, "bench step");
  const lengths = Array.from({ length: B }, (_, b) => frameCount - 4 * (b % 4)); // some padding, as in batches
  const frames = new Float32Array(frameCount * B * F).map((_, i) =>
    Math.floor(i / F / B) < lengths[Math.floor(i / F) % B] ? 0.3 * random.normal() : 0,
  );
  const labels = lengths.map(() => Int32Array.from({ length: L }, () => random.integer(V - 1)));
  const keep = programs.masks.map(({ name, units, rate }) => [
    name,
    { dims: [T, B, units], data: new Uint8Array(T * B * units).map(() => Number(random.uniform() >= rate)) },
  ]);
  const parameters = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  const sizes = { frameCount, B, L, T };
  const setting = { ...sizes, weights, programs, lengths, frames, labels, keep, parameters, path };
  await writeFile(path, writeSafetensors(tensorsOf(setting, await stepMaskOf(setting))));
  return setting;
}

export async function stepMaskOf({ lengths, T }) {
  const { stepMask } = await import("../dist/network/index.js");
  return stepMask(stepsOf(lengths), T);
}

export const stepsOf = (lengths) => lengths.map((length) => Math.ceil(length / STRIDE));

function tensorsOf({ frameCount, B, L, T, weights, lengths, frames, labels, keep }, mask) {
  const integers = (values) => ({ dims: [values.length], data: BigInt64Array.from(values, BigInt) });
  const numbers = [CONTEXT, STRIDE, DROPOUT, CEILING, CAP, LEARNING_RATE, MOMENTUM];
  return new Map([
    ["frames", { dims: [frameCount, B, F], data: frames }],
    ["mask", { dims: [T, B, 1], data: mask }],
    [
      "labels",
      {
        dims: [B, L],
        data: BigInt64Array.from(
          labels.flatMap((row) => [...row]),
          BigInt,
        ),
      },
    ],
    ["steps", integers(stepsOf(lengths))],
    ["labelLengths", integers(labels.map(({ length }) => length))],
    ["numbers", { dims: [numbers.length], data: Float32Array.from(numbers) }],
    ...[...weights].map(([name, weight]) => [`w/${name}`, weight]),
    ...keep,
  ]);
}
