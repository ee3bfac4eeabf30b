// Weights that PyTorch made (tools/oracles/weights_pytorch.py), of networks of our architectures: imported, they give the
// logits that PyTorch 2.15.0 gave.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import { importWeights, readModelFile, readSafetensors, writeModelFile } from "../../src/model/index.ts";
import type { ImportWeightsOptions, ModelFile, WeightMapInput } from "../../src/model/index.ts";
import { placement, weightMap } from "../../src/model/foreign-weights/weight-map.ts";
import { inferenceProgram, outputSteps, stepMask } from "../../src/network/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import { toHalf, type TensorData } from "../../src/tensor.ts";

it("docs/import.md says of every key of a map what it is", () => {
  const page = readFileSync(new URL("../../docs/import.md", import.meta.url), "utf8");
  const rows = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const told = Object.fromEntries(
    rows.filter((cells) => cells.length === 4).map(([, key, what]) => [key, what]),
  );
  for (const [table, prefix] of [
    [weightMap, ""],
    [placement, "tensors."],
  ] as const)
    for (const [key, { description }] of Object.entries(table.shape))
      expect(told[`\`${prefix}${key}\``]).toBe(description);
});

const stored = (name: string): Uint8Array =>
  readFileSync(new URL(`foreign/weights/${name}.safetensors`, import.meta.url));

const [F, H, V] = [6, 5, 7];
const alphabet = Alphabet.fromSymbols([..."abcde "]);
const features = { bins: F };
const sizes = { width: H, context: 1, stride: 2 };
const dense = { fc1: "h1", fc2: "h2", fc3: "h3", fc5: "h5", out: "h6" };

interface Case {
  readonly network: Readonly<Record<string, unknown>>;
  readonly map: WeightMapInput;
}

const whole = (cell: string) => ({ name: "deep-speech", ...sizes, cell });
const forward = (cell: string, recurrentLayers: number) => {
  return { name: "deep-speech-forward", ...sizes, lookAhead: 2, cell, recurrentLayers };
};

const CASES: Readonly<Record<string, Case>> = {
  clipped: {
    network: whole("clipped"),
    map: {
      layers: { ...dense, fc4: "h4" },
      tensors: {
        "ahead.weight": { to: "h4.forward", transpose: true },
        "back.weight": { to: "h4.backward", transpose: [1, 0] },
      },
    },
  },
  "lstm-both-ways": { network: whole("lstm"), map: { layers: { ...dense, rnn: "h4" } } },
  "gru-both-ways": { network: whole("gru"), map: { layers: { ...dense, rnn: "h4" } } },
  "lstm-forward": { network: forward("lstm", 2), map: { layers: { ...dense, rnn: ["h4", "h4-2"] } } },
  "gru-forward": { network: forward("gru", 2), map: { layers: { ...dense, rnn: { to: ["h4", "h4-2"] } } } },
  "rnn-forward": { network: forward("clipped", 1), map: { layers: { ...dense, rnn: "h4" } } },
};

const optionsOf = (name: string, changes: Partial<ImportWeightsOptions> = {}): ImportWeightsOptions => {
  return {
    ...CASES[name],
    features,
    alphabet,
    where: `${name}.safetensors`,
    mapWhere: "map.yaml",
    ...changes,
  };
};

async function logitsOf({ architecture, weights }: ModelFile, frames: TensorData): Promise<Float32Array> {
  const program = await (await openEngine()).load(inferenceProgram(architecture, weights), { threads: 1 });
  const [T] = frames.dims;
  const steps = outputSteps(architecture, T);
  const results = await program.run({
    frames: { ...frames, dims: [T, 1, F] },
    mask: { type: "float32", dims: [steps, 1, 1], data: stepMask([steps], steps) },
  });
  await program.close();
  return results[program.outputs[0]].data as Float32Array;
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

describe("weights of PyTorch", () => {
  it.each(Object.keys(CASES))("of a network with the recurrence %s give its logits to 1e-4", async (name) => {
    const model = importWeights(stored(name), optionsOf(name));
    const { tensors } = readSafetensors(stored(`${name}.answers`), name);
    for (const i of [0, 1]) {
      const expected = tensors.get(`logits.${i}`)!.data as Float32Array;
      const came = await logitsOf(model, tensors.get(`frames.${i}`)!);
      expect(came.length).toBe(expected.length);
      expect(largestDifference(came, expected)).toBeLessThan(1e-4);
      expect(largestDifference(came, new Float32Array(came.length))).toBeGreaterThan(0.05);
    }
  });

  it("are a model file that is read again as it was", () => {
    const model = importWeights(stored("gru-both-ways"), optionsOf("gru-both-ways"));
    const again = readModelFile(writeModelFile(model), "model");
    expect(again.weights).toEqual(model.weights);
    expect(again.training).toEqual({ importedFrom: "gru-both-ways.safetensors" });
  });

  it("whose blank is another output than the last have it in the last place", () => {
    const tensors = new Map(readSafetensors(stored("clipped"), "clipped").tensors);
    const { map } = CASES.clipped;
    const first = importWeights(tensors, optionsOf("clipped", { map: { ...map, blank: 0 } }));
    const bias = tensors.get("out.bias")!.data as Float32Array;
    expect([...first.weights.get("h6.bias")!.data]).toEqual([...bias.subarray(1), bias[0]]);
    const { data } = first.weights.get("h6.weight")!; // [H, V]
    const matrix = tensors.get("out.weight")!.data; // [V, H]
    for (let h = 0; h < H; h++) expect(data[h * V + V - 1]).toBe(matrix[h]);
  });
});

describe("single tensors", () => {
  const { tensors } = readSafetensors(stored("lstm-forward"), "lstm");
  const { network, map } = CASES["lstm-forward"];
  const known = importWeights(tensors, optionsOf("lstm-forward"));

  it("with gates in another order, both biases stated, are what the layer as a whole is", () => {
    const keras = new Map(tensors);
    for (const [name, { dims, data }] of tensors)
      if (name.startsWith("rnn."))
        keras.set(name, { type: "float32", dims, data: reordered(data as Float32Array) });
    const stated = Object.fromEntries(
      ["h4", "h4-2"].flatMap((layer, l) => [
        [`rnn.weight_ih_l${l}`, { to: `${layer}.weight`, transpose: true, gates: "ofig" }],
        [`rnn.weight_hh_l${l}`, { to: `${layer}.forward`, transpose: true, gates: "ofig" }],
        [`rnn.bias_ih_l${l}`, { to: `${layer}.bias`, gates: "ofig" }],
        [`rnn.bias_hh_l${l}`, { to: `${layer}.bias`, gates: "ofig", add: true }],
      ]),
    );
    const options = optionsOf("lstm-forward", { map: { layers: dense, tensors: stated } });
    expect(importWeights(keras, options).weights).toEqual(known.weights);
  });

  it("of a convolution over frames become the window of frames", () => {
    const convolved = new Map(tensors);
    const own = known.weights.get("h1.weight")!; // [4 F, H]
    const kernel = new Float32Array(own.data.length); // [H, F, 4]
    for (let h = 0; h < H; h++)
      for (let f = 0; f < F; f++)
        for (let k = 0; k < 4; k++) kernel[(h * F + f) * 4 + k] = own.data[(k * F + f) * H + h];
    convolved.set("fc1.weight", { type: "float32", dims: [H, F, 4], data: kernel });
    const { fc1: _, ...others } = dense;
    const placed = {
      "fc1.weight": { to: "h1.weight", transpose: [2, 1, 0], flatten: true },
      "fc1.bias": "h1.bias",
    };
    const layers = { ...others, rnn: ["h4", "h4-2"] };
    const imported = importWeights(
      convolved,
      optionsOf("lstm-forward", { network, map: { layers, tensors: placed } }),
    );
    expect(imported.weights).toEqual(known.weights);
  });

  it("that theirs lack are 0 where the map says so, and those of no use are left out", () => {
    const other = new Map(tensors);
    other.delete("out.bias");
    other.set("bn.num_batches_tracked", { type: "int64", dims: [], data: BigInt64Array.of(3n) });
    const options = optionsOf("lstm-forward", { map: { ...map, zeros: ["h6.bias"], ignore: ["bn.*"] } });
    const { weights } = importWeights(other, options);
    expect([...weights.get("h6.bias")!.data]).toEqual(Array(V).fill(0));
    expect(weights.get("h6.weight")).toEqual(known.weights.get("h6.weight"));
  });

  it("of half or double precision become ours; of types that are not read the error says which", () => {
    const half = new Map(tensors);
    const double = new Map(tensors);
    for (const [name, { dims, data }] of tensors) {
      half.set(name, { type: "float16", dims, data: toHalf(data as Float32Array) });
      double.set(name, { type: "float64", dims, data: Float64Array.from(data as Float32Array) });
    }
    const { weights } = importWeights(half, optionsOf("lstm-forward"));
    for (const [name, { data }] of weights)
      expect(largestDifference(data, known.weights.get(name)!.data)).toBeLessThan(1e-3);
    expect(importWeights(double, optionsOf("lstm-forward")).weights).toEqual(known.weights);
    const bytes = new TextDecoder("latin1").decode(stored("lstm-forward")).replace('"F32"', '"I16"');
    const other = Uint8Array.from(bytes, (character) => character.charCodeAt(0));
    expect(() => importWeights(other, optionsOf("lstm-forward"))).toThrow(
      "holds numbers of type I16, which are not read here. Save it in one of",
    );
  });

  it("of a normalization by the training set come from the file too", () => {
    const other = new Map(tensors);
    const numbers = Float32Array.from({ length: F }, (_, i) => i + 1);
    for (const name of ["mean", "std"]) other.set(name, { type: "float32", dims: [F], data: numbers });
    const options = optionsOf("lstm-forward", {
      features: { bins: F, normalization: "global" },
      map: { ...map, tensors: { mean: "features.mean", std: "features.deviation" } },
    });
    expect(importWeights(other, options).statistics).toEqual({ mean: numbers, deviation: numbers });
  });
});

/** i, f, g, o → o, f, i, g along the first axis. */
function reordered(data: Float32Array): Float32Array {
  const size = data.length / 4;
  const gate = (at: number) => [...data.subarray(at * size, (at + 1) * size)];
  return Float32Array.from([3, 1, 0, 2].flatMap(gate));
}

describe("weights that do not fit", () => {
  const { tensors } = readSafetensors(stored("clipped"), "clipped");
  const { map } = CASES.clipped;
  const opening =
    (
      changes: Partial<ImportWeightsOptions>,
      name = "clipped",
      own = readSafetensors(stored(name), name).tensors,
    ) =>
    () =>
      importWeights(own, optionsOf(name, changes));
  const fault = (where: string, problem: string, remedy: string) =>
    expect.objectContaining({ code: "WEIGHTS_MISMATCH", where, problem, remedy });

  it.each([
    [
      "a shape that the network does not have",
      opening({ network: { ...whole("clipped"), width: 9 } }),
      fault(
        "clipped.safetensors: fc1.weight",
        'It is [5, 18], transposed [18, 5], where "h1.weight" is [18, 9].',
        "Correct the map, or set the network to the sizes that these weights were trained with (network.* in docs/settings.md, features, alphabet).",
      ),
    ],
    [
      "a matrix that is not turned",
      opening({ map: { layers: map.layers, tensors: { ...map.tensors, "out.weight": "h6.weight" } } }),
      fault(
        "clipped.safetensors: out.weight",
        'It is [7, 5], where "h6.weight" is [5, 7].',
        "Turn it: transpose true (or leave it away) in the map.",
      ),
    ],
    [
      "a tensor that is not there",
      opening({ map: { ...map, tensors: { "ahead.weights": "h4.forward" } } }),
      fault(
        "map.yaml: ahead.weights",
        'There is no tensor "ahead.weights" in clipped.safetensors.',
        'Did you mean "ahead.weight"?',
      ),
    ],
    [
      "a weight that the network does not have",
      opening({ map: { ...map, tensors: { ...map.tensors, "fc1.bias": "h1.biases" } } }),
      fault(
        "map.yaml: h1.biases",
        'There is no tensor "h1.biases" in the network.',
        'Did you mean "h1.bias"?',
      ),
    ],
    [
      "weights that nothing becomes",
      opening({ map: { layers: map.layers } }),
      fault(
        "map.yaml",
        'Nothing becomes "h4.forward" [5, 5], "h4.backward" [5, 5].',
        "Name in the map the tensors that they come from, or list them under zeros; or set the network to what the weights were trained as.",
      ),
    ],
    [
      "tensors without a place",
      opening({}, "clipped", new Map([...tensors, ["fc9.bias", tensors.get("fc1.bias")!]])),
      fault(
        "clipped.safetensors",
        'The map has no place for "fc9.bias" [5].',
        "Give each a place in the map, or list it under ignore; or set the network to what they were trained as.",
      ),
    ],
    [
      "a layer that is not there",
      opening({ map: { layers: { fc7: "h1" } } }),
      fault(
        "clipped.safetensors",
        'There is no tensor of a layer "fc7".',
        expect.stringContaining("the layers of the file are: ") as string,
      ),
    ],
    [
      "two tensors in one place",
      opening({ map: { ...map, tensors: { ...map.tensors, "fc1.bias": "h2.bias" } } }),
      fault(
        "clipped.safetensors: fc2.bias, fc1.bias",
        'Each of these becomes "h2.bias".',
        "Take one away from the map, or say that they are to be added, by add: true on each but one.",
      ),
    ],
    [
      "an order of axes that is none",
      opening({
        map: { ...map, tensors: { ...map.tensors, "back.weight": { to: "h4.backward", transpose: [1, 1] } } },
      }),
      fault(
        "clipped.safetensors: back.weight",
        "Its shape is [5, 5], but transpose orders the axes [1, 1].",
        "Name each of its axes once, from 0 on.",
      ),
    ],
    [
      "gates that it does not have",
      opening({
        map: { ...map, tensors: { ...map.tensors, "back.weight": { to: "h4.backward", gates: "rzn" } } },
      }),
      fault(
        "clipped.safetensors: back.weight",
        'Its last axis in [5, 5] does not hold the gates rzn for "h4.backward".',
        "Correct gates, only and transpose in the map; the gates are those of the last axis after transposing.",
      ),
    ],
    [
      "more recurrent layers than the map has places for",
      opening({ map: { layers: { ...dense, rnn: "h4" } } }, "lstm-forward"),
      fault(
        "lstm-forward.safetensors: rnn.bias_hh_l1",
        "What it is to h4 cannot be recognized by its name.",
        expect.stringContaining("Of several recurrent layers give a list") as string,
      ),
    ],
    [
      "another cell than the network's",
      opening({ network: forward("gru", 2) }, "lstm-forward"),
      fault(
        "lstm-forward.safetensors: rnn.weight_ih_l0",
        'It is [20, 5], transposed, gates ifgo [5, 20], where "h4.weight" is [5, 15].',
        expect.stringContaining("set the network") as string,
      ),
    ],
    [
      "numbers that are no weights",
      opening(
        {},
        "clipped",
        new Map([...tensors, ["out.bias", { type: "int64", dims: [7], data: new BigInt64Array(7) }]]),
      ),
      fault(
        "clipped.safetensors: out.bias",
        "It holds numbers of type int64, and no weights.",
        "Correct the name in the map, or list it under ignore.",
      ),
    ],
    [
      "a blank beyond the outputs",
      opening({ map: { ...map, blank: 7 } }),
      fault("map.yaml: blank", "The blank is output 7 of 7, counted from 0.", "Correct blank in the map."),
    ],
  ])("by %s are refused with names, shapes and a remedy", (_, open, expected) => {
    expect(open).toThrow(expected);
  });

  it("by directions that differ where ours share a matrix are refused", () => {
    const own = new Map(readSafetensors(stored("lstm-both-ways"), "lstm").tensors);
    const back = own.get("rnn.weight_ih_l0_reverse")!;
    own.set("rnn.weight_ih_l0_reverse", {
      ...back,
      data: (back.data as Float32Array).map((x) => x + 0.5),
    } as TensorData);
    expect(opening({}, "lstm-both-ways", own)).toThrow(
      fault(
        "lstm-both-ways.safetensors: rnn.weight_ih_l0, rnn.weight_ih_l0_reverse",
        '"h4.weight" serves both directions, but what these bring to it differs, by up to 0.500.',
        "Take a network whose directions have weights of their own, or train theirs with shared ones.",
      ),
    );
  });

  it("by a map with an unknown key or gate are refused", () => {
    expect(opening({ map: { ...map, layer: {} } as never })).toThrow(
      expect.objectContaining({ code: "UNKNOWN_SETTING", remedy: 'Did you mean "layers"?' }) as Error,
    );
    const placed = { to: "h4.forward", gates: "iffo" };
    expect(opening({ map: { ...map, tensors: { "ahead.weight": placed } } })).toThrow(
      expect.objectContaining({ code: "INVALID_SETTING" }) as Error,
    );
  });
});
