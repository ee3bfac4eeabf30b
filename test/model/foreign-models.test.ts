// Models as PyTorch's own exporters write them (tools/oracles/onnx_pytorch.py): those that can be run give the log-probabilities
// that PyTorch 2.15.0 gave, alone and in a batch; the others are refused with what to do.

import { readFileSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { OnnxModel, openModel, readSafetensors } from "../../src/model/index.ts";
import type { AcousticModel, ModelInput, OnnxDescriptionInput } from "../../src/model/index.ts";
import { externalFiles } from "../../src/model/onnx/external-data.ts";

const [F, V] = [10, 6];
const file = (name: string): Uint8Array => readFileSync(new URL(`foreign/onnx/${name}`, import.meta.url));
const answersOf = (name: string) => readSafetensors(file(`${name}.safetensors`), name).tensors;

const frames = answersOf("frames");
const inputs = ["0", "1"].map((key): ModelInput => {
  const { dims, data } = frames.get(key)!;
  return { length: dims[0], views: [{ data: data as Float32Array, frames: dims[0], size: F }] };
});

const TOKENS = ["<blk>", "▁a", "b", "▁", "s", "c"];
const described: OnnxDescriptionInput = {
  tokens: TOKENS,
  input: { name: "frames", features: { bins: F } },
  stride: 1,
};
const quarter = { ...described, stride: 4 };
const timeFirst = { ...quarter, feed: { axes: "TBF" }, output: { axes: "TBV" } };
const gives = "log-probabilities" as const;

const open = (name: string, description: OnnxDescriptionInput): Promise<OnnxModel> =>
  OnnxModel.open(
    file(`${name}.onnx`),
    description,
    { threads: 1 },
    { where: `${name}.json`, modelWhere: `${name}.onnx` },
  );

/** The largest difference from what PyTorch gave, whose blank comes first. */
function difference(name: string, rows: readonly Float32Array[]): number {
  const answers = answersOf(`${name}.answers`);
  const each = rows.map((own, b) => {
    const { dims, data } = answers.get(String(b))!;
    expect(own.length).toBe(dims[0] * V);
    const blankLast = Array.from(
      data as Float32Array,
      (_, i) => data[i - (i % V) + ((i + 1 - (i - (i % V))) % V)],
    );
    return Math.max(...blankLast.map((value, i) => Math.abs(Number(value) - own[i])));
  });
  return Math.max(...each);
}

async function differences(name: string, model: AcousticModel): Promise<number[]> {
  const together = await model.logProbabilities(inputs);
  const alone = [];
  for (const input of inputs) alone.push(...(await model.logProbabilities([input])));
  return [together, alone].map((rows) => difference(name, rows));
}

describe("a model that PyTorch exported", () => {
  it.each<[string, string, OnnxDescriptionInput]>([
    ["a conformer, by the exporter of torch.export", "conformer-dynamo", { ...quarter, output: { gives } }],
    ["a conformer, by the older exporter", "conformer-older", { ...quarter, output: { gives } }],
    ["an LSTM of both directions, time first, without lengths", "bilstm-older", timeFirst],
    ["the same by the exporter of torch.export", "bilstm-dynamo", timeFirst],
    ["the same for one utterance only", "one-only", timeFirst],
    ["a mask of integers over what goes in", "attention-mask", described],
    [
      "lengths of 32 bits, features by time, and outputs beside",
      "extra-outputs",
      { ...described, feed: { axes: "BFT" }, output: { gives } },
    ],
    ["lengths that it does not heed: each utterance runs alone", "padding-matters", described],
  ])("gives what PyTorch gives: %s", async (_, name, description) => {
    const model = await open(name, description);
    for (const largest of await differences(name, model)) expect(largest).toBeLessThan(1e-4);
    await model.close();
  });

  it("of half precision gives what PyTorch gives, as precisely as halves are", async () => {
    const model = await open("half", described);
    for (const largest of await differences("half", model)) expect(largest).toBeLessThan(5e-3);
    await model.close();
  });
});

describe("a model whose weights are in a file beside it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "earshot-external-"));
  afterAll(() => rm(folder, { recursive: true }));
  const own = join(folder, "external.onnx");
  await copyFile(new URL("foreign/onnx/external.onnx", import.meta.url), own);
  await writeFile(join(folder, "external.json"), JSON.stringify(described));
  const beside = new URL("foreign/onnx/external.onnx.data", import.meta.url);

  it("is refused where that is missing, says which, and never looks elsewhere", async () => {
    await expect(openModel(own)).rejects.toMatchObject({
      code: "UNREADABLE_MODEL",
      where: `${own}.data`,
      problem: "There is no such file.",
      remedy: `It holds weights of ${own}: copy it beside the model, under this name; or export the model with external_data=False.`,
    });
    const outside = join(folder, "outside.onnx");
    const bytes = await readFile(own);
    const at = bytes.indexOf("external.onnx.data");
    bytes.write("../../../etc/hosts", at); // as long as the name
    await writeFile(outside, bytes);
    await writeFile(join(folder, "outside.json"), JSON.stringify(described));
    await expect(openModel(outside)).rejects.toMatchObject({
      code: "UNREADABLE_MODEL",
      where: outside,
      problem: "Its weights are in ../../../etc/hosts, which is not in its folder.",
    });
  });

  it("gives what PyTorch gives where that is", async () => {
    await copyFile(beside, `${own}.data`);
    const model = await openModel(own, { threads: 1 });
    for (const largest of await differences("external", model)) expect(largest).toBeLessThan(1e-4);
    await model.close();
    const bytes = { path: "external.onnx.data", data: new Uint8Array(await readFile(beside)) };
    const source = { onnx: file("external.onnx"), description: described, externalData: [bytes] };
    const second = await openModel(source, { threads: 1 });
    for (const largest of await differences("external", second)) expect(largest).toBeLessThan(1e-4);
    await second.close();
  });

  it("computes as it was exported, and not in bytes", async () => {
    await copyFile(beside, `${own}.data`);
    await expect(openModel(own, { precision: "int8" })).rejects.toMatchObject({
      code: "FIXED_PRECISION",
      where: own,
      problem: "A program in ONNX computes in what it was exported in; int8 was asked for.",
      remedy: "Leave the precision out, or give the model file that it was exported from.",
    });
  });

  it("given as bytes alone is refused with a way out", async () => {
    await expect(open("external", described)).rejects.toMatchObject({
      code: "INVALID_PROGRAM",
      where: "external.onnx",
      remedy:
        "Give the model by its path, with the files of its weights beside it; or export it with external_data=False.",
    });
  });

  it("is told from others, and from what is no model", () => {
    expect(externalFiles(file("external.onnx"))).toEqual(["external.onnx.data"]);
    expect(externalFiles(file("half.onnx"))).toEqual([]);
    const damaged = file("external.onnx");
    for (let length = 0; length < damaged.length; length += 7) externalFiles(damaged.subarray(0, length));
    expect(externalFiles(Uint8Array.from({ length: 500 }, (_, i) => (i * 97) % 256))).toEqual([]);
  });
});

describe("a model that cannot be run is refused with where, what and a way out", () => {
  it.each<[string, string, OnnxDescriptionInput, object]>([
    [
      "a length that was fixed when it was exported",
      "fixed-length",
      described,
      {
        code: "DESCRIPTION_MISMATCH",
        where: "fixed-length.json",
        problem: 'The input "x" is [B, 60, 10]: it takes recordings of 60 rows only, 0.6 seconds.',
        remedy:
          'Export it with a dynamic axis for time: dynamic_axes={"x": {1: "T"}}, or dynamic_shapes with dynamo=True; where this axis is not time, correct feed.axes.',
      },
    ],
    [
      "a batch that was fixed when it was exported",
      "fixed-batch",
      described,
      {
        code: "DESCRIPTION_MISMATCH",
        problem: 'The input "x" is [3, T, 10]: it takes 3 utterances at once, no more and no fewer.',
        remedy: expect.stringContaining('dynamic_axes={"x": {0: "B"}}') as string,
      },
    ],
    [
      "features of another size",
      "half",
      { ...described, input: { name: "frames", features: { bins: 40 } } },
      {
        code: "DESCRIPTION_MISMATCH",
        problem:
          'The input "x" is [B, T, 10]: it takes 10 numbers a frame, but the features described are 40.',
        remedy:
          "Describe the features that the model was trained on (input.features: bins, deltas), or correct feed.axes.",
      },
    ],
    [
      "tokens of another number",
      "extra-outputs",
      {
        ...described,
        tokens: TOKENS.slice(1),
        blank: 0,
        feed: { axes: "BFT" },
        output: { gives, tensor: "logprobs" },
      },
      {
        code: "DESCRIPTION_MISMATCH",
        where: "model",
        problem: "A step has 6 outputs, but there are 5 tokens: the outputs are [1, 199, 6], their axes BTV.",
        remedy: "Give a token for each output, the blank too; or correct output.axes in the description.",
      },
    ],
    [
      "a stride of another size",
      "bilstm-older",
      { ...timeFirst, stride: 2 },
      {
        code: "DESCRIPTION_MISMATCH",
        problem: "Two seconds give 50 steps, which is a stride of about 4, not 2.",
        remedy: "Correct stride in the description: frames, or samples, from one step to the next.",
      },
    ],
  ])("%s", async (_, name, description, expected) => {
    await expect(open(name, description)).rejects.toMatchObject(expected);
  });

  it("a file that is no program, or a damaged one", async () => {
    const bytes = file("half.onnx").slice(0, 200);
    await expect(
      OnnxModel.open(bytes, described, { threads: 1 }, { modelWhere: "cut.onnx" }),
    ).rejects.toMatchObject({
      code: "INVALID_PROGRAM",
      where: "cut.onnx",
      remedy:
        "Copy the file again; where it is whole, export it with an older opset (opset_version=17), or without operators of its own.",
    });
  });
});
