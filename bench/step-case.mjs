// The batch, the network and the dropout masks that a train step is measured on: the same numbers for us and the peers.

import { writeFile } from "node:fs/promises";

export const FULL = { frameCount: 400, B: 16, L: 60 };
/** Gradients are compared on little: of the full batch's millions of rectified units, some lie on the kink. */
export const LITTLE = { frameCount: 32, B: 2, L: 6 };
export const [F, V] = [81, 29];
export const BLANK = V - 1;
export const [CAP, LEARNING_RATE, MOMENTUM] = [100, 1e-5, 0.99];
const SHARED = { context: 9, stride: 2, ceiling: 20, dropout: 13 / 256 };
/** What the networks with peers are told; others have their defaults. Frames before a step and after it are context. */
const SETTINGS = {
  "deep-speech": SHARED,
  "deep-speech-forward": { ...SHARED, lookAhead: 4 },
  transformer: { heads: 4, halvings: 2, layers: 6, dropout: SHARED.dropout },
};

/**
 * One batch with its weights and dropout masks, in memory for us and in a file for the peers.
 * @param network its name, its width and, if it has one, its cell
 * @param path of the peers' file, which is not written without it
 */
export async function makeCase(network, { frameCount, B, L, features = F }, path) {
  const { initializeWeights, resolveArchitecture } = await import("../dist/network/index.js");
  const { trainingPrograms } = await import("../dist/training/index.js");
  const { writeSafetensors } = await import("../dist/model/index.js");
  const { RandomStream } = await import("../dist/random.js");
  const settings = { ...SETTINGS[network.name], ...network };
  const architecture = resolveArchitecture(settings, { features, symbols: V }, "bench");
  const weights = initializeWeights(architecture, 1);
  const programs = trainingPrograms(architecture, BLANK);
  const T = Math.ceil(frameCount / programs.stride);
  const random = new RandomStream(1, "bench step");
  const lengths = Array.from({ length: B }, (_, b) => frameCount - 4 * (b % 4)); // some padding, as in batches
  const frames = new Float32Array(frameCount * B * features).map((_, i) =>
    Math.floor(i / features / B) < lengths[Math.floor(i / features) % B] ? 0.3 * random.normal() : 0,
  );
  const labels = lengths.map(() => Int32Array.from({ length: L }, () => random.integer(V - 1)));
  const keep = programs.masks.map(({ name, shape: [steps, , units], rate }) => {
    const dims = steps === 1 ? [1, B, 1] : [T, B, units];
    const size = dims.reduce((product, length) => product * length);
    return [name, { dims, data: new Uint8Array(size).map(() => Number(random.uniform() >= rate)) }];
  });
  const parameters = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  const sizes = { frameCount, B, L, T, features, settings };
  const setting = {
    ...sizes,
    architecture,
    weights,
    programs,
    lengths,
    frames,
    labels,
    keep,
    parameters,
    path,
  };
  if (path) await writeFile(path, writeSafetensors(tensorsOf(setting, await stepMaskOf(setting))));
  return setting;
}

export async function stepMaskOf(setting) {
  const { stepMask } = await import("../dist/network/index.js");
  return stepMask(stepsOf(setting), setting.T);
}

export const stepsOf = ({ lengths, programs }) =>
  lengths.map((length) => Math.ceil(length / programs.stride));

function tensorsOf(setting, mask) {
  const { frameCount, B, L, T, features, weights, frames, labels, keep, settings } = setting;
  const integers = (values) => ({ dims: [values.length], data: BigInt64Array.from(values, BigInt) });
  const { context = 0, lookAhead = context, stride = 1, dropout = 0, ceiling = 0 } = settings;
  const { heads = 1 } = settings;
  const numbers = [context, lookAhead, stride, dropout, ceiling, CAP, LEARNING_RATE, MOMENTUM, heads];
  const entries = [
    ["frames", { dims: [frameCount, B, features], data: frames }],
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
    ["steps", integers(stepsOf(setting))],
    ["labelLengths", integers(labels.map(({ length }) => length))],
    ["numbers", { dims: [numbers.length], data: Float32Array.from(numbers) }],
    ...[...weights].map(([name, weight]) => [`w/${name}`, weight]),
    ...keep,
  ];
  return new Map(entries.map(([name, { dims, data }]) => [name, { type: typeOf(data), dims, data }]));
}

const TYPES = new Map([
  [Float32Array, "float32"],
  [Uint8Array, "uint8"],
  [BigInt64Array, "int64"],
]);
const typeOf = (data) => TYPES.get(data.constructor);
