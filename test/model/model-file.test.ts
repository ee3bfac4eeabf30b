import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EarshotError } from "../../src/errors.ts";
import {
  loadModelFile,
  readModelFile,
  readSafetensors,
  saveModelFile,
  withRejection,
  writeModelFile,
  writeSafetensors,
} from "../../src/model/index.ts";
import type { ModelFile } from "../../src/model/index.ts";
import { fromHalf, toHalf } from "../../src/tensor.ts";
import type { TensorData } from "../../src/tensor.ts";
import { untrainedModel } from "./small-model.ts";

const model = untrainedModel();
const bytes = writeModelFile(model);

/** The bytes of the model with its metadata or tensors edited. */
function edited(
  metadata: Readonly<Record<string, string | undefined>>,
  editTensors: (tensors: Map<string, TensorData>) => void = () => undefined,
): Uint8Array {
  const file = readSafetensors(bytes, "x");
  const tensors = new Map(file.tensors);
  editTensors(tensors);
  const merged = Object.entries({ ...file.metadata, ...metadata });
  return writeSafetensors(
    tensors,
    Object.fromEntries(merged.flatMap(([k, v]) => (v === undefined ? [] : [[k, v]]))),
  );
}

function faultOf(act: () => unknown): EarshotError {
  try {
    act();
  } catch (error) {
    if (error instanceof EarshotError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const globalModel = (): ModelFile => ({
  ...model,
  features: { ...model.features, normalization: "global" },
  statistics: {
    mean: Float32Array.from({ length: 10 }, (_, f) => f),
    deviation: new Float32Array(10).fill(2),
  },
});

describe("a model file", () => {
  it("gives back the model that was written", () => {
    const read = readModelFile(bytes, "x");
    expect(read.alphabet.symbols).toEqual(model.alphabet.symbols);
    expect(new Map([...read.weights].toSorted())).toEqual(new Map([...model.weights].toSorted()));
    const { alphabet: _, weights: __, ...rest } = read;
    expect({ ...model, alphabet: undefined, weights: undefined }).toEqual(rest);
  });

  it.each(["global", "speaker", "causal", "speech"] as const)(
    "keeps the statistics of %s normalization",
    (normalization) => {
      const { features, ...rest } = globalModel();
      const written = { ...rest, features: { ...features, normalization } };
      expect(readModelFile(writeModelFile(written), "x").statistics).toEqual(written.statistics);
    },
  );

  it("takes the default of a setting that its release did not have", () => {
    const { priorFrames: _, ...features } = model.features;
    expect(readModelFile(edited({ "earshot.features": JSON.stringify(features) }), "x").features).toEqual(
      model.features,
    );
  });

  it("has the same bytes for the same model, read and written again", () => {
    expect(writeModelFile(readModelFile(bytes, "x"))).toEqual(bytes);
    const reordered = {
      ...model,
      weights: new Map([...model.weights].toReversed()),
      training: { epochs: 3, seed: 1 },
    };
    expect(writeModelFile(reordered)).toEqual(bytes);
  });

  it("leaves out metrics that JSON cannot hold", () => {
    const read = readModelFile(writeModelFile({ ...model, metrics: { devLoss: Infinity, devWer: 1 } }), "x");
    expect(read.metrics).toEqual({ devWer: 1 });
  });

  it("keeps what a decoder needs: settings, and a language model as bytes", () => {
    const decoder = { beta: 1.5, alpha: 0.75 };
    const languageModel = Uint8Array.of(1, 2, 3, 250);
    const read = readModelFile(writeModelFile({ ...model, decoder, languageModel }), "x");
    expect({ decoder: read.decoder, languageModel: read.languageModel }).toEqual({ decoder, languageModel });
    expect(Object.keys(readModelFile(bytes, "x"))).not.toContain("decoder");
    expect(Object.keys(readModelFile(bytes, "x"))).not.toContain("languageModel");
  });

  it("takes what tells speech from all else, and stays as it was otherwise, weights of half precision too", () => {
    const rejection = { weights: { spelling: 2 }, bias: 1, threshold: 0.5 };
    for (const precision of ["float32", "float16"] as const) {
      const before = writeModelFile(model, { precision });
      const after = withRejection(before, rejection, "x");
      expect(readModelFile(after, "x").rejection).toEqual(rejection);
      const { tensors, metadata } = readSafetensors(after, "x");
      const { "earshot.rejection": _, ...others } = metadata;
      expect(writeSafetensors(tensors, others)).toEqual(before);
      expect(withRejection(after, rejection, "x")).toEqual(after);
    }
  });

  it("refuses settings of a decoder that are no table, and a language model that is no bytes", () => {
    const settings = faultOf(() => readModelFile(edited({ "earshot.decoder": "[1]" }), "m"));
    expect(settings.problem).toContain("Its decoder entry cannot be used.");
    const numbers = { type: "float32" as const, dims: [1], data: Float32Array.of(1) };
    const words = edited({}, (tensors) => tensors.set("language-model", numbers));
    expect(faultOf(() => readModelFile(words, "m")).problem).toBe(
      "Its language model is no sequence of bytes.",
    );
  });

  it("keeps weights in half precision where that is asked for, and reads them as float32", () => {
    const halved = writeModelFile(model, { precision: "float16" });
    const count = [...model.weights.values()].reduce((sum, { data }) => sum + data.length, 0);
    expect(bytes.length - halved.length).toBeGreaterThan(2 * count - 64); // the headers differ by little
    expect(readSafetensors(halved, "x").metadata["earshot.format"]).toBe("2");
    const read = readModelFile(halved, "x");
    for (const [name, { type, dims, data }] of read.weights) {
      const own = model.weights.get(name)!;
      expect({ type, dims }).toEqual({ type: "float32", dims: own.dims });
      expect(data).toEqual(fromHalf(toHalf(own.data)));
      for (const [i, value] of own.data.entries())
        expect(Math.abs(data[i] - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -11 + 2 ** -25);
    }
    expect(writeModelFile(read, { precision: "float16" })).toEqual(halved);
    expect(writeModelFile(model)).toEqual(bytes);
  });

  it("refuses weights that half precision cannot hold", () => {
    const weights = new Map(model.weights);
    const [name, weight] = [...weights][0];
    weights.set(name, { ...weight, data: weight.data.map(() => -7e4) });
    const fault = faultOf(() => writeModelFile({ ...model, weights }, { precision: "float16" }));
    expect(fault.message).toBe(
      `${name}: It holds -7.000e+4, and half precision ends at 65504. ` +
        "Keep the weights in float32: leave --precision float16 out.",
    );
    expect(fault.code).toBe("BEYOND_FLOAT16");
  });

  it("refuses a safetensors file of another program", () => {
    for (const format of [undefined, "0", "-1", "one", "1.5"]) {
      const fault = faultOf(() => readModelFile(edited({ "earshot.format": format }), "bert.safetensors"));
      expect(fault.message).toBe(
        "bert.safetensors: This is a safetensors file, but not an Earshot model. " +
          "Give a model that `earshot train` wrote.",
      );
      expect(fault.code).toBe("NOT_A_MODEL");
    }
  });

  it("refuses a format of the future and says how to read it", () => {
    const fault = faultOf(() => readModelFile(edited({ "earshot.format": "3" }), "m"));
    expect(fault.code).toBe("MODEL_TOO_NEW");
    expect(fault.problem).toBe("The model has format 3; this Earshot reads formats up to 2.");
    expect(fault.remedy).toMatch(/npm install earshot@latest/);
  });

  it.each(["alphabet", "features", "architecture", "transcript", "metrics", "training"])(
    "refuses a file whose %s entry is missing, not JSON, or of another kind",
    (part) => {
      for (const text of [undefined, "{", "null", '"text"', "[1]", '{"name":"no such network","x":{}}']) {
        if (part === "training" && text?.startsWith('{"name')) continue; // any object is a training fact
        const fault = faultOf(() => readModelFile(edited({ [`earshot.${part}`]: text }), "m"));
        expect(fault.code).toBe("DAMAGED_MODEL");
        expect(fault.problem).toContain(`Its ${part} entry cannot be used.`);
      }
    },
  );

  it("of a network that a program registered and this one did not says so, and is not called damaged", () => {
    const { features, symbols } = model.architecture;
    const own = JSON.stringify({ name: "seven-frames", settings: { width: 3 }, features, symbols });
    const fault = faultOf(() => readModelFile(edited({ "earshot.architecture": own }), "own.safetensors"));
    expect(fault).toMatchObject({
      code: "UNKNOWN_NETWORK",
      where: "own.safetensors",
      problem: 'There is no network named "seven-frames".',
      remedy: expect.stringContaining(
        "registerNetwork; elsewhere use the model that exportOnnx makes",
      ) as string,
    });
  });

  it("names the tensor and both shapes when a weight does not fit the network", () => {
    const name = [...model.weights.keys()].find((key) => model.weights.get(key)?.dims.length === 2)!;
    const [rows, columns] = model.weights.get(name)!.dims;
    const transposed = edited({}, (tensors) => {
      const tensor = tensors.get(`network.${name}`)!;
      tensors.set(`network.${name}`, { ...tensor, dims: [columns, rows, 1] });
    });
    const fault = faultOf(() => readModelFile(transposed, "m"));
    expect(fault.code).toBe("MODEL_MISMATCH");
    expect(fault.problem).toBe(
      `Tensor "${name}" is [${columns}, ${rows}, 1], where the network expects [${rows}, ${columns}].`,
    );
  });

  it("refuses weights that are missing, superfluous, of another type, or not numbers", () => {
    const key = [...model.weights.keys()][0];
    const name = `network.${key}`;
    const weight = model.weights.get(key)!;
    const integers: TensorData = { ...weight, type: "int32", data: new Int32Array(weight.data) };
    const codeAfter = (edit: (tensors: Map<string, TensorData>) => void) =>
      faultOf(() => readModelFile(edited({}, edit), "m")).code;
    expect(codeAfter((tensors) => tensors.delete(name))).toBe("MODEL_MISMATCH");
    expect(codeAfter((tensors) => tensors.set("network.h9", weight))).toBe("MODEL_MISMATCH");
    expect(codeAfter((tensors) => tensors.set(name, integers))).toBe("MODEL_MISMATCH");
    const broken = { ...weight, data: weight.data.with(0, NaN) };
    expect(codeAfter((tensors) => tensors.set(name, broken))).toBe("NON_FINITE_WEIGHTS");
    const diverged = { ...model, weights: new Map([...model.weights, [key, broken]]) };
    expect(faultOf(() => writeModelFile(diverged)).remedy).toMatch(/lower learning rate/);
  });

  it("refuses parts of different models", () => {
    const problemOf = (part: Partial<ModelFile>) =>
      faultOf(() => writeModelFile({ ...model, ...part })).problem;
    expect(problemOf({ features: { ...model.features, bins: 12 } })).toBe(
      "The features give 12 numbers a frame, the network expects 10.",
    );
    expect(problemOf({ architecture: { ...model.architecture, symbols: 30 } })).toBe(
      "The alphabet has 29 symbols, the network gives 30.",
    );
    expect(problemOf({ statistics: globalModel().statistics })).toBe(
      'Its normalization is "utterance", yet it holds global statistics.',
    );
    expect(problemOf({ features: globalModel().features })).toBe(
      'Its normalization is "global", yet it lacks global statistics.',
    );
    const statistics = { mean: new Float32Array(9), deviation: new Float32Array(10) };
    expect(problemOf({ ...globalModel(), statistics })).toBe(
      'Tensor "features.mean" is [9], where the network expects [10].',
    );
  });
});

describe("a model on disk", async () => {
  const folder = await mkdtemp(join(tmpdir(), "earshot-model-"));
  afterAll(() => rm(folder, { recursive: true }));

  it("is loaded as it was saved, and nothing else is left behind", async () => {
    const path = join(folder, "model.safetensors");
    await saveModelFile(path, untrainedModel(2));
    await saveModelFile(path, model);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    expect(await readdir(folder)).toEqual(["model.safetensors"]);
    expect((await loadModelFile(path)).training).toEqual({ seed: 1, epochs: 3 });
  });

  it("stays as it was when the new model cannot be written", async () => {
    const path = join(folder, "kept.safetensors");
    await saveModelFile(path, model);
    await expect(saveModelFile(path, { ...model, statistics: globalModel().statistics })).rejects.toThrow(
      "yet it holds",
    );
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
  });

  it("is a named error when there is no such file", async () => {
    await expect(loadModelFile(join(folder, "nothing"))).rejects.toMatchObject({
      code: "UNREADABLE_MODEL",
      problem: "There is no such file.",
    });
    const empty = await mkdtemp(join(folder, "empty-"));
    await expect(loadModelFile(empty)).rejects.toMatchObject({ code: "NO_MODEL_YET" });
  });
});
