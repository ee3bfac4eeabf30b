import { describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import {
  layerValuesProgram,
  networkContract,
  outputSteps,
  resolveArchitecture,
  stepMask,
  type Architecture,
} from "../../src/network/index.ts";
import type { TensorData } from "../../src/tensor.ts";
import { difference, utterance, vividWeights, whole, type Rows } from "./run-network.ts";

const [F, V] = [5, 7];
const NETWORKS = [
  { name: "deep-speech", width: 6, context: 2 },
  { name: "deep-speech", width: 6, context: 1, cell: "gru", recurrentLayers: 2, selfConditioning: 1 },
  { name: "deep-speech-forward", width: 6, context: 3, lookAhead: 2 },
  { name: "deep-speech-streaming", width: 6, context: 2, lookAhead: 1, rowSteps: 2, recurrentLayers: 2 },
  { name: "deep-speech-2", width: 6, channels: 2, kernelFrames: 5, kernelBins: 4, recurrentLayers: 1 },
  { name: "deep-speech-2", width: 6, convolution: "1d", kernelFrames: 3, stride: 4, recurrentLayers: 1 },
  { name: "transformer", width: 8, layers: 2, heads: 2, channels: 2 },
];
const titled = NETWORKS.map((network) => [JSON.stringify(network), network] as const);

const architectureOf = (network: Record<string, unknown>) =>
  resolveArchitecture(network, { features: F, symbols: V }, "test");

async function openLayers(architecture: Architecture) {
  const { program: bytes, logits, layers } = layerValuesProgram(architecture, vividWeights(architecture));
  const program = await (await openEngine()).load(bytes, { threads: 1 });
  const run = (frames: Rows) => {
    const steps = outputSteps(architecture, frames.length);
    return program.run({
      frames: { type: "float32", dims: [frames.length, 1, F], data: Float32Array.from(frames.flat()) },
      mask: { type: "float32", dims: [steps, 1, 1], data: stepMask([steps], steps) },
    });
  };
  return { program, logits, layers, run };
}

/** One step a row, [·, units]. */
function rowsOf({ dims, data }: TensorData): Rows {
  const width = Number(dims[1]) * Number(dims[2]);
  return Array.from({ length: Number(dims[0]) }, (_, t) =>
    Array.from(data.subarray(t * width, (t + 1) * width) as Float32Array),
  );
}

describe("the program that gives the layers' values", () => {
  it.each(titled)("gives the logits of the inference program: %s", async (_, network) => {
    const architecture = architectureOf(network);
    const frames = utterance(13, F, 1);
    const { program, logits, layers, run } = await openLayers(architecture);
    const results = await run(frames);
    const [expected] = await whole(architecture, vividWeights(architecture), [frames]);
    expect(difference(rowsOf(results[logits]), expected)).toBeLessThan(1e-5);
    expect(layers.length).toBeGreaterThan(1);
    expect(new Set(layers.map(({ name }) => name)).size).toBe(layers.length);
    for (const { ceiling, values } of layers)
      if (ceiling !== undefined)
        expect((results[values].data as Float32Array).every((value) => value >= 0 && value <= ceiling)).toBe(
          true,
        );
    await program.close();
  });

  it("gives both directions of the paper's recurrence, and their sum", async () => {
    const { program, layers, run } = await openLayers(architectureOf(NETWORKS[0]));
    expect(layers.map(({ name, direction }) => [name, direction])).toEqual([
      ["h1", undefined],
      ["h2", undefined],
      ["h3", undefined],
      ["h4.forward", "forward"],
      ["h4.backward", "backward"],
      ["h4", undefined],
      ["h5", undefined],
    ]);
    const results = await run(utterance(9, F, 2));
    const [forward, backward, sum] = layers.slice(3, 6).map(({ values }) => rowsOf(results[values]).flat());
    sum.forEach((value, i) => expect(value).toBeCloseTo(forward[i] + backward[i], 5));
    await program.close();
  });

  it("gives a single direction once", async () => {
    const { program, layers } = await openLayers(architectureOf(NETWORKS[2]));
    expect(layers.map(({ name }) => name)).toEqual(["h1", "h2", "h3", "h4.forward", "h5"]);
    await program.close();
  });

  const FRONTS = new Map([
    ["deep-speech", "h3"],
    ["deep-speech-forward", "h3"],
    ["deep-speech-streaming", "h3"],
    ["deep-speech-2", "c2"],
  ]);
  it.each(titled.filter(([, { name }]) => FRONTS.has(name)))(
    "sees no frame outside the window before it recurs, and those at its edges: %s",
    async (_, network) => {
      const architecture = architectureOf(network);
      const { stride, context } = networkContract(architecture);
      const { program, layers, run } = await openLayers(architecture);
      const front = layers.find(({ name }) => name === FRONTS.get(network.name))!;
      const inside = async (frames: Rows) => {
        const results = await run(frames);
        const masks = rowsOf(results[front.mask]);
        return rowsOf(results[front.values]).filter((_row, t) => masks[t][0] === 1);
      };
      const frames = utterance(40, F, 3);
      const before = await inside(frames);
      const changedAt = 20;
      const after = await inside(
        frames.with(
          changedAt,
          frames[changedAt].map((value) => value + 5),
        ),
      );
      const changed = before.flatMap((row, step) =>
        row.join() === after[step].join() ? [] : [step * stride],
      );
      expect(changed.length).toBeGreaterThan(0);
      for (const frame of changed) {
        expect(frame).toBeGreaterThanOrEqual(changedAt - context!.after);
        expect(frame).toBeLessThanOrEqual(changedAt + context!.before);
      }
      const reached = [changedAt - context!.after, changedAt + context!.before].map((frame, i) =>
        i === 0 ? Math.ceil(frame / stride) * stride : Math.floor(frame / stride) * stride,
      );
      expect([Math.min(...changed), Math.max(...changed)]).toEqual(reached);
      await program.close();
    },
  );
});
