// Deep Speech 2, the transformer and the conformer as weights of PyTorch: in its layers' names and shapes they are imported by
// a map, and give the logits that PyTorch gave (test/network/deep-speech-2.json, transformer-pytorch.json).

import { expect, it } from "vitest";
import {
  importWeights,
  readSafetensors,
  writeSafetensors,
  type WeightMapInput,
} from "../../src/model/index.ts";
import { parameterShapes, resolveArchitecture } from "../../src/network/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import type { TensorData } from "../../src/tensor.ts";
import { wave } from "../graph/pytorch.ts";
import deepSpeech2 from "../network/deep-speech-2.json" with { type: "json" };
import transformer from "../network/transformer-pytorch.json" with { type: "json" };
import { difference, whole, type Rows } from "../network/run-network.ts";

/** A weight of ours as the layer of PyTorch keeps it. */
interface Theirs {
  readonly name: string;
  readonly dims?: readonly number[];
  readonly isTurned?: boolean;
}

/** What a matrix [I, O] of ours is to torch.nn.Linear, [O, I]. */
const turnedNumbers = ([inputs, outputs]: readonly number[], data: Float32Array): Float32Array =>
  Float32Array.from({ length: data.length }, (_, i) => data[(i % inputs) * outputs + Math.floor(i / inputs)]);

interface Case {
  readonly network: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly features: number;
  readonly symbols: number;
  /** The formula of the oracle: a weight by its place. */
  readonly values: (names: readonly string[], name: string, dims: readonly number[]) => Float32Array;
  readonly theirs: (name: string) => Theirs;
  readonly map: WeightMapInput;
}

function imported({ network, features: F, symbols: V, values, theirs, map }: Case) {
  const sizes = { features: F, symbols: V };
  const shapes = [...parameterShapes(resolveArchitecture(network, sizes, "test"))];
  const names = shapes.map(([name]) => name);
  const tensors = new Map<string, TensorData>();
  for (const [own, shape] of shapes) {
    const { name, dims, isTurned = false } = theirs(own);
    const data = values(names, own, shape);
    tensors.set(name, {
      type: "float32",
      dims: dims ?? (isTurned ? shape.toReversed() : shape),
      data: isTurned ? turnedNumbers(shape, data) : data,
    });
    if (name.endsWith("running_mean"))
      tensors.set(name.replace("running_mean", "num_batches_tracked"), {
        type: "int64",
        dims: [],
        data: BigInt64Array.of(9n),
      });
  }
  const bytes = writeSafetensors(tensors);
  expect(readSafetensors(bytes, "test").tensors.size).toBe(tensors.size);
  const alphabet = Alphabet.fromSymbols([..."abcdefgh"].slice(0, V - 1));
  return importWeights(bytes, { map, network, features: { bins: F }, alphabet });
}

const framesOf = (T: number, F: number, phase: number): Rows => {
  const { values } = wave([T, F], phase);
  return Array.from({ length: T }, (_, t) => values.slice(t * F, (t + 1) * F));
};

const NORM: Readonly<Record<string, string>> = {
  scale: "weight",
  bias: "bias",
  mean: "running_mean",
  variance: "running_var",
};

/** conv1, bn1; rnn1.fc, rnn1.bn, rnn1.ahead, rnn1.back; out. */
function deepSpeech2Name(own: string): Theirs {
  const [layer, part, rest] = own.split(".");
  if (layer === "h6") return { name: `out.${part}`, isTurned: part === "weight" };
  const isConvolution = layer.startsWith("c");
  const place = isConvolution ? layer.slice(1) : layer === "h4" ? "1" : "2";
  if (part in NORM) return { name: `${isConvolution ? `bn${place}` : `rnn${place}.bn`}.${NORM[part]}` };
  if (part === "weight")
    return isConvolution
      ? { name: `conv${place}.weight` }
      : { name: `rnn${place}.fc.weight`, isTurned: true };
  const cell = `rnn${place}.${part === "forward" ? "ahead" : "back"}`;
  return rest === "bias" ? { name: `${cell}.bias_n` } : { name: `${cell}.weight_hh`, isTurned: true };
}

const directions = (place: string, layer: string) =>
  Object.entries({ ahead: "forward", back: "backward" }).flatMap(([theirs, ours]) => [
    [`rnn${place}.${theirs}.weight_hh`, { to: `${layer}.${ours}`, transpose: true }] as const,
    [`rnn${place}.${theirs}.bias_n`, `${layer}.${ours}.bias`] as const,
  ]);

it("of Deep Speech 2 give what PyTorch gives", async () => {
  const model = imported({
    network: { name: "deep-speech-2", width: 3, channels: 2, kernelFrames: 3, kernelBins: 5, recurrentLayers: 2, stride: 4, cell: "gru" }, // prettier-ignore
    features: 6,
    symbols: 5,
    values(names, name, dims) {
      const { values } = wave(dims, names.toSorted((a, b) => (a < b ? -1 : 1)).indexOf(name));
      return Float32Array.from(values, (value) => (name.endsWith("variance") ? 1 + value ** 2 / 2 : value / 2)); // prettier-ignore
    },
    theirs: deepSpeech2Name,
    map: {
      layers: {
        conv1: "c1",
        bn1: "c1",
        conv2: "c2",
        bn2: "c2",
        "rnn1.fc": "h4",
        "rnn1.bn": "h4",
        "rnn2.fc": "h4-2",
        "rnn2.bn": "h4-2",
        out: "h6",
      },
      tensors: Object.fromEntries([...directions("1", "h4"), ...directions("2", "h4-2")]),
      ignore: ["*.num_batches_tracked"],
    },
  });
  const lengths = ["9", "12", "2"] as const;
  const batch = lengths.map((T) => framesOf(Number(T), 6, Number(T)));
  const logits = await whole(model.architecture, model.weights, batch);
  for (const [b, T] of lengths.entries()) expect(difference(deepSpeech2[T], logits[b])).toBeLessThan(1e-5);
});

const PARTS: Readonly<Record<string, string>> = {
  "attention.norm": "norm1",
  "feed.norm": "norm2",
  "feed.in": "fc1",
  "feed.out": "fc2",
  "feed1.norm": "ff1.norm",
  "feed1.in": "ff1.fc1",
  "feed1.out": "ff1.fc2",
  "convolution.norm-in": "conv.norm",
  "convolution.in": "conv.pointwise1",
  "convolution.depthwise": "conv.depthwise",
  "convolution.norm": "conv.depthwise_norm",
  "convolution.out": "conv.pointwise2",
  "feed2.norm": "ff2.norm",
  "feed2.in": "ff2.fc1",
  "feed2.out": "ff2.fc2",
  norm: "norm_out",
};

const FRONT: Readonly<Record<string, string>> = {
  "front.conv1": "front.0",
  "front.conv2": "front.1",
  front: "front.out",
  norm: "norm",
  out: "out",
};

const [WIDTH, LAYERS] = [8, 2];

/** front.0, front.1, front.out; blocks.0.attn (MultiheadAttention), norm1, norm2, fc1, fc2; norm, out. */
function transformerName(own: string): Theirs {
  const [, layer, part] = /^(.*)\.(\w+)$/.exec(own)!;
  const isTurned = part === "weight" && !/conv\d|depthwise/.test(layer);
  const suffix = part === "scale" ? "weight" : part;
  const [, block, inside] = /^b(\d)\.(.*)$/.exec(layer) ?? [];
  if (block === undefined) return { name: `${FRONT[layer]}.${suffix}`, isTurned };
  const theirs = `blocks.${Number(block) - 1}`;
  if (inside === "attention.in") return { name: `${theirs}.attn.in_proj_${part}`, isTurned };
  if (inside === "attention.out") return { name: `${theirs}.attn.out_proj.${part}`, isTurned };
  const name = `${theirs}.${PARTS[inside]}.${suffix}`;
  const outputs = inside === "convolution.in" ? 2 * WIDTH : WIDTH;
  const isPointwise = isTurned && /^convolution\.(in|out)$/.test(inside); // a Conv1d of one step
  return { name, isTurned, ...(isPointwise && { dims: [outputs, WIDTH, 1] }) };
}

const transformerLayers = (own: ReadonlySet<string>) => {
  const blocks = Array.from({ length: LAYERS }, (_, i) => [
    ...Object.entries(PARTS).map(([ours, theirs]) => [`blocks.${i}.${theirs}`, `b${i + 1}.${ours}`]),
    [`blocks.${i}.attn`, `b${i + 1}.attention`],
  ]);
  const all = [...Object.entries(FRONT).map(([ours, theirs]) => [theirs, ours]), ...blocks.flat()];
  return Object.fromEntries(all.filter(([, ours]) => own.has(ours) || ours.endsWith(".attention")));
};

it.each(["transformer", "conformer"] as const)("of the %s give what PyTorch gives", async (block) => {
  const network = { name: "transformer", width: WIDTH, heads: 2, layers: LAYERS, feedForward: 2, kernel: 4, channels: 2, block }; // prettier-ignore
  const shapes = parameterShapes(resolveArchitecture(network, { features: 5, symbols: 3 }, "test"));
  const layers = new Set([...shapes.keys()].map((name) => name.replace(/\.\w+$/, "")));
  const model = imported({
    network,
    features: 5,
    symbols: 3,
    values: (names, name, dims) =>
      Float32Array.from(wave(dims, names.indexOf(name)).values, (value) => 0.4 * value),
    theirs: transformerName,
    map: { layers: transformerLayers(layers) },
  });
  const [logits] = await whole(model.architecture, model.weights, [framesOf(13, 5, 0.3)]);
  const expected = transformer[block].whole;
  expect(logits.flat()).toHaveLength(expected.length);
  for (const [i, value] of logits.flat().entries()) expect(value).toBeCloseTo(expected[i], 4);
});
