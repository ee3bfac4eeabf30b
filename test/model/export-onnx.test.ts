// An exported model gives what the library gives: frames in, samples in, and chunk by chunk; each kind of features, on sound,
// silence, and what is shorter than a window.

import { describe, expect, it } from "vitest";
import {
  computeFeatures,
  featureSettings,
  featureSize,
  framesToMeasure,
  measureStatistics,
  needsStatistics,
  SAMPLE_RATE_HZ,
} from "../../src/audio/index.ts";
import type { Frames } from "../../src/audio/index.ts";
import { openEngine } from "../../src/engine/index.ts";
import { Graph, writeOnnx } from "../../src/graph/index.ts";
import { frontEnd } from "../../src/model/export/front-end/front-end.ts";
import { exportOnnx, normalizedFrames, OnnxModel, TrainedModel } from "../../src/model/index.ts";
import type { AcousticModel, ExportOptions, ModelFile } from "../../src/model/index.ts";
import {
  initializeWeights,
  networkContract,
  networkSettings,
  resolveArchitecture,
} from "../../src/network/index.ts";
import { RandomStream } from "../../src/random.ts";
import { listSettings, z } from "../../src/settings.ts";
import type { TensorData } from "../../src/tensor.ts";
import { fromHalf, toHalf } from "../../src/tensor.ts";
import { sweep } from "../recognizer/wave-file.ts";
import { forwardModel, untrainedModel } from "./small-model.ts";

const threads = { threads: 1 };

const noise = (seconds: number, seed = 1): Float32Array => {
  const random = new RandomStream(seed, "noise");
  return Float32Array.from({ length: seconds * SAMPLE_RATE_HZ }, () => 0.1 * random.normal());
};

/** Sound between stretches where no signal was written, each of its own length. */
function withSilence(): Float32Array {
  const samples = new Float32Array(1.2 * SAMPLE_RATE_HZ);
  samples.set(sweep(0.3), 0.1 * SAMPLE_RATE_HZ);
  samples.set(noise(0.25, 3), 0.65 * SAMPLE_RATE_HZ);
  return samples;
}

const recordings: Record<string, Float32Array> = {
  sound: sweep(0.8),
  noise: noise(0.5),
  "sound between silences": withSilence(),
  "what is shorter than a window": sweep(0.01),
};

function modelWith(changes: object): ModelFile {
  const base = untrainedModel();
  const features = featureSettings.parse({ bins: 12, ...changes });
  const architecture = resolveArchitecture(
    { name: "deep-speech", width: 8, context: 1 },
    { features: featureSize(features), symbols: base.alphabet.size },
    "test",
  );
  const measured = [sweep(1), noise(1)].map((samples) =>
    framesToMeasure(computeFeatures(samples, features), features),
  );
  const statistics = needsStatistics(features) ? { statistics: measureStatistics(measured) } : {};
  return { ...base, features, architecture, weights: initializeWeights(architecture, 1), ...statistics };
}

const SMALL = { width: 8, context: 1, layers: 2, heads: 2, channels: 3 };
const described = listSettings(z.strictObject({ network: networkSettings }));
const settingsOf = (name: string): string[] =>
  described
    .filter(({ choice, path }) => choice === name && path.startsWith("network."))
    .map(({ path }) => path.slice("network.".length));

/** Every network in the table, small; with a memory too where it may have one. */
const everyNetwork = [...new Set(described.flatMap(({ choice }) => choice ?? []))].flatMap((name) => {
  const has = new Set(settingsOf(name));
  const small = Object.fromEntries(Object.entries(SMALL).filter(([setting]) => has.has(setting)));
  return has.has("memory")
    ? [
        { name, ...small },
        { name, ...small, memory: 5 },
      ]
    : [{ name, ...small }];
});

function modelOf(network: object): ModelFile {
  const base = untrainedModel();
  const { features, symbols } = base.architecture;
  const architecture = resolveArchitecture({ ...network }, { features, symbols }, "test");
  return { ...base, architecture, weights: initializeWeights(architecture, 1) };
}

async function openExported(file: ModelFile, options: ExportOptions): Promise<OnnxModel> {
  const { onnx, description } = exportOnnx(file, options);
  return OnnxModel.open(onnx, description!, threads);
}

const rowsOf = (model: AcousticModel, sounds: readonly Float32Array[]) =>
  model.logProbabilities(sounds.map((samples) => model.prepare(samples)));

async function compare(file: ModelFile, options: ExportOptions, sounds: readonly Float32Array[]) {
  const models = [await TrainedModel.open(file, threads), await openExported(file, options)];
  const [expected, came] = await Promise.all(models.map((model) => rowsOf(model, sounds)));
  await Promise.all(models.map((model) => model.close()));
  expect(came.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  return Math.max(...expected.map((rows, b) => farthest(rows, came[b])));
}

const farthest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe("a model exported for frames", () => {
  it.each(everyNetwork)("is that of $name, memory $memory, in batches and alone", async (network) => {
    const file = modelOf(network);
    const sounds = [sweep(0.25), noise(0.8), sweep(0.5)];
    expect(await compare(file, {}, sounds)).toBeLessThan(1e-4);
    expect(await compare(file, {}, [noise(0.3)])).toBeLessThan(1e-4);
    expect(await compare(file, { form: "samples" }, [noise(0.3)])).toBeLessThan(1e-4);
    expect(await compare(file, { precision: "int8" }, [noise(0.3)])).toBeLessThan(1);
  });

  it("opens as what the model is: alphabet, transcript, times", async () => {
    const file = { ...untrainedModel(), decoder: { alpha: 1.5 } };
    const [model, exported] = [await TrainedModel.open(file, threads), await openExported(file, {})];
    const said = (one: AcousticModel) => {
      const { alphabet, transcript, stepMs, hopMs, windowMs, decoding } = one;
      return { symbols: alphabet.symbols, transcript, stepMs, hopMs, windowMs, decoding };
    };
    expect(said(exported)).toEqual(said(model));
    await Promise.all([model.close(), exported.close()]);
  });
});

const kinds: Record<string, object> = {
  "log-mel, by utterance": {},
  "none": { normalization: "none" },
  "global": { normalization: "global" },
  "speaker": { normalization: "speaker" },
  "causal": { normalization: "causal", priorFrames: 5 },
  "speech": { normalization: "speech" },
  "speech with slopes": { normalization: "speech", deltas: 2 },
  "linear, with energy": { kind: "linear", bins: 20, normalization: "speech" },
  "mfcc with slopes of slopes": { kind: "mfcc", bins: 23, lifter: 22, deltas: 2, deltaFrames: 3, preEmphasis: 0.97 },
  "mfcc, causal": { kind: "mfcc", bins: 20, normalization: "causal", deltas: 1 },
  "an odd window": { windowMs: 25.3, hopMs: 9.1, window: "hamming", lowestHz: 80, highestHz: 7000 },
}; // prettier-ignore

describe("a model exported for samples", () => {
  it.each(Object.entries(kinds))("computes its features: %s", async (_, features) => {
    const file = modelWith(features);
    const graph = new Graph();
    const frames = frontEnd(graph.input("samples", "float32", ["B", "N"]), file.features, file.statistics);
    graph.output(frames);
    const program = await (await openEngine()).load(writeOnnx(graph), threads);
    for (const [name, samples] of Object.entries(recordings)) {
      const fed: TensorData = { type: "float32", dims: [1, samples.length], data: samples };
      const { dims, data } = (await program.run({ samples: fed }))[frames.name];
      const expected = normalizedFrames(samples, file);
      expect(dims, name).toEqual([expected.frames, 1, expected.size]);
      expect(farthest(expected.data, data as Float32Array), name).toBeLessThan(1e-4);
    }
    await program.close();
    expect(await compare(file, { form: "samples" }, [withSilence()])).toBeLessThan(1e-4);
  });

  it("takes several recordings of one length at once, and hears only blanks in silence", async () => {
    const file = modelWith({ normalization: "speech" });
    const program = await (await openEngine()).load(exportOnnx(file, { form: "samples" }).onnx, threads);
    const run = async (...sounds: readonly Float32Array[]) => {
      const data = Float32Array.from(sounds.flatMap((samples) => [...samples]));
      const samples: TensorData = { type: "float32", dims: [sounds.length, sounds[0].length], data };
      return (await program.run({ samples })).log_probs;
    };
    const silence = new Float32Array(noise(0.5).length);
    const three = await run(noise(0.5), silence, sweep(0.5));
    const [B, T, V] = three.dims;
    expect([B, T, V]).toEqual([3, 25, file.alphabet.size]);
    const rows = (b: number) => (three.data as Float32Array).subarray(b * T * V, (b + 1) * T * V);
    for (const [b, alone] of [noise(0.5), silence, sweep(0.5)].entries())
      expect(farthest(rows(b), (await run(alone)).data as Float32Array)).toBeLessThan(1e-5);
    const blanks = rows(1).filter((_, i) => i % V === file.alphabet.blank);
    expect(blanks).toEqual(new Float32Array(T));
    expect(rows(1).every((value, i) => i % V === file.alphabet.blank || value < -1000)).toBe(true);
    await program.close();
  });

  it("is refused where a graph cannot say it", () => {
    expect(() => exportOnnx(modelWith({ level: "utterance" }), { form: "samples" })).toThrow(
      expect.objectContaining({ code: "NOT_EXPORTABLE", where: "features.level" }),
    );
    expect(exportOnnx(modelWith({ level: "utterance" })).onnx.length).toBeGreaterThan(0);
  });
});

/** By the contract of docs/export.md, in chunks of one step to four. */
async function rowsInChunks({ architecture, ...model }: ModelFile, { data, frames: T, size: F }: Frames) {
  const exported = exportOnnx({ architecture, ...model }, { form: "stream" });
  const states = JSON.parse(exported.metadata["earshot.states"] ?? "[]") as ExportedState[];
  const stride = Number(exported.metadata.subsampling_factor);
  const ahead = Number(exported.metadata["earshot.look_ahead_frames"]);
  const program = await (await openEngine()).load(exported.onnx, threads);
  const rows: number[] = [];
  let held: Record<string, TensorData> = Object.fromEntries(
    states.map(({ input, shape }) => {
      const dims = shape.map((size) => (size === "B" ? 1 : size));
      const zeros = new Float32Array(dims.reduce((a, b) => a * b, 1));
      return [input, { type: "float32", dims, data: zeros }];
    }),
  );
  for (let start = 0, steps = 3; start < T; start += steps * stride, steps = 1 + (steps % 4)) {
    const length = Math.min(steps * stride, stride * Math.ceil((T - start) / stride)) + ahead;
    const chunk = new Float32Array(length * F).fill(7); // what is behind the end does not matter
    chunk.set(data.subarray(start * F, (start + length) * F));
    const results = await program.run({
      frames: { type: "float32", dims: [1, length, F], data: chunk },
      lengths: { type: "int64", dims: [1], data: BigInt64Array.of(BigInt(Math.min(length, T - start))) },
      ...held,
    });
    rows.push(...(results.log_probs.data as Float32Array));
    held = Object.fromEntries(states.map(({ input, output }) => [input, results[output]]));
  }
  await program.close();
  return Float32Array.from(rows);
}

interface ExportedState {
  readonly input: string;
  readonly output: string;
  readonly shape: readonly (number | "B")[];
}

describe("a model exported for a stream", () => {
  const live = everyNetwork.filter(
    (network) => networkContract(modelOf(network).architecture).lookAhead !== "utterance",
  );

  it("says how long it waits, and for what", () => {
    const { metadata } = exportOnnx(forwardModel(), { form: "stream" });
    expect(metadata).toMatchObject({
      "earshot.form": "stream",
      "earshot.look_ahead_frames": "4",
      "earshot.delay_ms": "60",
      subsampling_factor: "2",
    });
  });

  it.each(live)("gives in chunks what it gives of the whole: $name", async (network) => {
    const file = {
      ...modelOf(network),
      features: featureSettings.parse({ bins: 10, normalization: "none" }),
    };
    const whole = await TrainedModel.open(file, threads);
    const samples = noise(0.5);
    const frames = whole.features(samples);
    const [expected] = await rowsOf(whole, [samples]);
    const rows = await rowsInChunks(file, frames);
    expect(rows.length).toBe(expected.length);
    expect(farthest(expected, rows)).toBeLessThan(1e-4);
    await whole.close();
  });

  it("is refused of a network that needs the whole utterance", () => {
    expect(() => exportOnnx(untrainedModel(), { form: "stream" })).toThrow(
      expect.objectContaining({ code: "NEEDS_WHOLE_UTTERANCE" }),
    );
  });

  it.each([
    ["features.normalization", { normalization: "utterance" }],
    ["features.normalization", { normalization: "speech" }],
    ["features.level", { normalization: "none", level: "utterance" }],
  ])("is refused where frames wait for the end of the utterance: %s, %j", (where, changes) => {
    expect(() => exportOnnx(forwardModel(changes), { form: "stream" })).toThrow(
      expect.objectContaining({ code: "NOT_EXPORTABLE", where }),
    );
  });
});

describe("an exported model's weights", () => {
  const wide = (): ModelFile => {
    const base = untrainedModel();
    const { features, symbols } = base.architecture;
    const architecture = resolveArchitecture({ name: "deep-speech", width: 96, context: 1 }, { features, symbols }, "test"); // prettier-ignore
    return { ...base, architecture, weights: initializeWeights(architecture, 1) };
  };
  const matrices = (
    file: ModelFile,
    change: (data: Float32Array, dims: readonly number[], name: string) => Float32Array,
  ) =>
    new Map(
      [...file.weights].map(([name, weight]) => [
        name,
        weight.dims.length < 2 ? weight : { ...weight, data: change(weight.data, weight.dims, name) },
      ]),
    );

  it("in half precision are those of a file of half precision, at half the size", async () => {
    const file = wide();
    const rounded = { ...file, weights: matrices(file, (data) => fromHalf(toHalf(data))) };
    const [half, full] = [exportOnnx(file, { precision: "float16" }), exportOnnx(file)];
    expect(half.onnx.length).toBeLessThan(0.56 * full.onnx.length);
    const models = [await TrainedModel.open(rounded, threads), await openExported(file, { precision: "float16" })]; // prettier-ignore
    const [expected, came] = await Promise.all(models.map((model) => rowsOf(model, [noise(0.4)])));
    expect(farthest(expected[0], came[0])).toBeLessThan(1e-5);
    await Promise.all(models.map((model) => model.close()));
  });

  it("as bytes have a scale for each channel, at a quarter of the size", async () => {
    const file = wide();
    const stepped = matrices(file, (data, [, columns], name) => {
      const steps = ["ward", "h6.weight"].some((end) => name.endsWith(end)) ? 127 : 63; // in products with bytes seven bits
      const largest = (column: number) =>
        data.reduce((most, value, i) => (i % columns === column ? Math.max(most, Math.abs(value)) : most), 0);
      const scales = Array.from({ length: columns }, (_, column) => Math.fround(largest(column) / steps));
      return data.map((value, i) => (scales[i % columns] === 0 ? 0 : Math.round(value / scales[i % columns]) * scales[i % columns])); // prettier-ignore
    });
    const [bytes, full] = [exportOnnx(file, { precision: "int8" }), exportOnnx(file)];
    expect(bytes.onnx.length).toBeLessThan(0.35 * full.onnx.length);
    const models = [
      await TrainedModel.open({ ...file, weights: stepped }, threads),
      await openExported(file, { precision: "int8" }),
    ];
    const [expected, came] = await Promise.all(models.map((model) => rowsOf(model, [noise(0.4)])));
    const distance = farthest(expected[0], came[0]); // by the bytes of what runs through it
    expect(distance).toBeGreaterThan(1e-5);
    expect(distance).toBeLessThan(0.3);
    await Promise.all(models.map((model) => model.close()));
  });
});

describe("what lies beside an exported model", () => {
  it("are its tokens in order, a space as ▁, the blank last", () => {
    const { tokens, metadata } = exportOnnx(untrainedModel());
    const lines = tokens.split("\n");
    expect(lines[0]).toMatch(/^\S+ 0$/);
    expect(lines).toContain(`▁ ${untrainedModel().alphabet.symbols.indexOf(" ")}`);
    expect(lines.at(-2)).toBe(`<blk> ${untrainedModel().alphabet.blank}`);
    expect(metadata).toMatchObject({ vocab_size: "29", subsampling_factor: "2", "earshot.step_ms": "20" });
  });
});
