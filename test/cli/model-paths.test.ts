// What -m may name beside a model file: the folder of a run, and a model made elsewhere.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openModel, writeModelFile } from "../../src/model/index.ts";
import { inferenceProgram } from "../../src/network/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, jsonLines } from "./command-line.ts";
import type { Run } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-models-"));
afterAll(() => rm(folder, { recursive: true }));
const file = constantModel("a");
await mkdir(join(folder, "runs/first"), { recursive: true });
await mkdir(join(folder, "runs/young"));
await mkdir(join(folder, "speech"));
await writeFile(join(folder, "runs/first/model.safetensors"), writeModelFile(file));
for (const run of ["first", "young"]) await writeFile(join(folder, "runs", run, "run.json"), "{}");
for (const name of ["one", "two"])
  await writeFile(join(folder, "speech", `${name}.wav`), waveFile(sweep(0.5)));
await writeFile(join(folder, "speech/manifest.csv"), "path,transcript\none.wav,a\ntwo.wav,a\n");
await writeFile(
  join(folder, "words.arpa"),
  "\\data\\\nngram 1=4\n\n\\1-grams:\n-1 <unk>\n-99 <s>\n-0.5 </s>\n-0.5 a\n\n\\end\\\n",
);
await writeFile(join(folder, "export.onnx"), inferenceProgram(file.architecture, file.weights));
const description = {
  tokens: [...file.alphabet.symbols, "<blank>"],
  input: { name: "frames", features: { ...file.features } },
  stride: 2,
  feed: { axes: "TBF", mask: "mask" },
  output: { axes: "TBV" },
};
await writeFile(join(folder, "export.json"), JSON.stringify(description));

const run = (...argv: string[]): Promise<Run> => earshot(folder, ...argv);
const one = ["--threads", "1", "--json"];

describe.concurrent("The folder of a run given as a model", () => {
  it.each([
    ["transcribe", ["transcribe", "speech/one.wav", "-m", "runs/first", ...one], { text: "a" }],
    ["test", ["test", "speech/manifest.csv", "-m", "runs/first", ...one], { wer: 0, utterances: 2 }],
    ["align", ["align", "speech/one.wav", "a", "-m", "runs/first", ...one], { text: "a" }],
    ["inspect", ["inspect", "runs/first", "--json"], { path: join("runs/first/model.safetensors") }],
    [
      "doctor with a batch",
      ["doctor", "runs/first", "--batch", "speech/manifest.csv", "--json"],
      { healthy: expect.arrayContaining([expect.any(String)]) as unknown },
    ],
    [
      "an ensemble",
      ["transcribe", "speech/one.wav", "-m", "runs/first", "-m", "runs/first/model.safetensors", ...one],
      { text: "a" },
    ],
  ])("is its best model: %s", async (_, argv, expected) => {
    const { stdout, stderr } = await run(...argv);
    expect(stderr).toBe("");
    expect(jsonLines(stdout)).toMatchObject([expected]);
  });

  it("without a model yet is an error that says what to do", async () => {
    for (const argv of [
      ["transcribe", "speech/one.wav", "-m", "runs/young"],
      ["inspect", "runs/young"],
      ["doctor", "runs/young", "--batch", "speech/manifest.csv"],
    ]) {
      const { code, stdout } = await run(...argv, "--json");
      expect(code).toBe(3);
      expect(jsonLines(stdout)).toMatchObject([{ error: { code: "NO_MODEL_YET" } }]);
    }
  });

  it("is its best model in the library, too", async () => {
    const model = await openModel(join(folder, "runs/first"), { threads: 1 });
    expect(model.alphabet.symbols).toEqual(file.alphabet.symbols);
    await model.close();
    await expect(Recognizer.load(join(folder, "runs/young"))).rejects.toMatchObject({ code: "NO_MODEL_YET" });
  });

  it("takes what tuning stores", async () => {
    const tune = ["tune", "speech/manifest.csv", "-m", "runs/first", "--lm", "words.arpa", "--store", ...one];
    const { code, stdout } = await run(...tune, "--alphas", "0.5", "--betas", "1");
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([{ stored: join("runs/first/model.safetensors") }]);
  });
});

describe("A model made elsewhere", () => {
  it("is inspected: what its description says", async () => {
    const { code, stdout } = await run("inspect", "export.onnx", "--json");
    expect(code).toBe(0);
    const { length: bytes } = await readFile(join(folder, "export.onnx"));
    expect(jsonLines(stdout)).toMatchObject([{ path: "export.onnx", bytes, stride: 2, space: "▁" }]);
    expect((await run("inspect", "export.onnx")).stdout).toMatch(/^stride +2$/m);
  });

  it("keeps what tuning finds in its description, and starts with it", async () => {
    const tune = [
      "tune",
      "speech/manifest.csv",
      "-m",
      "export.onnx",
      "--lm",
      "words.arpa",
      "--store",
      ...one,
    ];
    const { code } = await run(...tune, "--alphas", "0.5", "--betas", "1");
    expect(code).toBe(0);
    const stored = JSON.parse(await readFile(join(folder, "export.json"), "utf8")) as object;
    expect(stored).toEqual({
      ...description,
      decoder: { alpha: 0.5, beta: 1, beam: 100, unknownWordPenalty: 5 },
    });
    const model = await openModel(join(folder, "export.onnx"), { threads: 1 });
    expect(model.decoding.settings).toEqual({ alpha: 0.5, beta: 1, beam: 100, unknownWordPenalty: 5 });
    await model.close();
    const embedded = await run(...tune, "--embed-lm");
    expect(embedded.code).toBe(2);
    expect(jsonLines(embedded.stdout)).toMatchObject([{ error: { code: "USAGE" } }]);
  });

  it("is no model to train further", async () => {
    const given = ["--set", "initialModel=export.onnx", "--out", "runs/tuned"];
    const { stdout, code } = await run("train", "speech/manifest.csv", ...given, "--json");
    expect(code).toBe(3);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ error: { code: "NOT_A_MODEL" } });
  });
});
