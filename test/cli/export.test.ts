import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readSafetensors, writeModelFile } from "../../src/model/index.ts";
import { constantModel, forwardModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, jsonLines } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-export-"));
afterAll(() => rm(folder, { recursive: true }));
await writeFile(join(folder, "one.wav"), waveFile(sweep(0.5)));
await writeFile(join(folder, "model.safetensors"), writeModelFile(constantModel("a")));
await writeFile(join(folder, "forward.safetensors"), writeModelFile(forwardModel()));

const run = (...argv: string[]) => earshot(folder, ...argv);

describe("earshot export", () => {
  it.each([
    ["frames", []],
    ["samples", ["--samples"]],
    ["bytes", ["--samples", "--precision", "int8"]],
    ["halves", ["--precision", "float16"]],
  ])("writes a program that opens again: %s", async (name, options) => {
    const out = `${name}/model.onnx`;
    const { code, stdout } = await run(
      "export",
      "-m",
      "model.safetensors",
      "--out",
      out,
      ...options,
      "--json",
    );
    expect(code).toBe(0);
    const [{ files }] = jsonLines(stdout) as { files: { path: string; bytes: number }[] }[];
    expect(files.map(({ path }) => path)).toEqual([out, join(name, "tokens.txt"), join(name, "model.json")]);
    for (const { path, bytes } of files) expect((await stat(join(folder, path))).size).toBe(bytes);
    expect(await readFile(join(folder, name, "tokens.txt"), "utf8")).toMatch(
      /^a 0\nb 1\n(.+ \d+\n)+▁ 26\n' 27\n<blk> 28\n$/,
    );
    expect(await run("transcribe", "one.wav", "-m", out, "--threads", "1")).toEqual({
      code: 0,
      stdout: "a\n",
      stderr: "",
    });
  });

  it("writes a program for a stream, which has no description, and tells sizes to people", async () => {
    const { code, stderr } = await run(
      "export",
      "-m",
      "forward.safetensors",
      "--out",
      "stream.onnx",
      "--stream",
    );
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^stream\.onnx: [\d,]+ bytes\ntokens\.txt: \d+ bytes\n$/) as string,
    });
    await expect(stat(join(folder, "stream.json"))).rejects.toThrow("ENOENT");
  });

  it("a program for a stream is refused where one is recognized with, whatever description lies beside it", async () => {
    const exported = (...form: string[]) =>
      run("export", "-m", "forward.safetensors", "--out", "again/m.onnx", ...form);
    const transcribed = () => run("transcribe", "one.wav", "-m", "again/m.onnx", "--threads", "1", "--json");
    await exported();
    expect((await transcribed()).code).toBe(0);
    await exported("--stream");
    expect(jsonLines((await transcribed()).stdout)).toMatchObject([
      { error: { code: "STREAM_PROGRAM", remedy: expect.stringContaining("without --stream") as string } },
    ]);
  });

  it("without a description, it is that which is missed, and no other file is proposed", async () => {
    await run("export", "-m", "model.safetensors", "--out", "bare/recognizer.onnx");
    await rm(join(folder, "bare/recognizer.json"));
    const { stdout } = await run("transcribe", "one.wav", "-m", "bare/recognizer.onnx", "--json");
    expect(jsonLines(stdout)).toMatchObject([
      { error: { code: "MISSING_DESCRIPTION", remedy: expect.stringMatching(/^Write it/) as string } },
    ]);
  });

  it("writes programs to train with, what drives them, and the weights", async () => {
    const { code, stdout } = await run(
      "export",
      "-m",
      "model.safetensors",
      "--out",
      "t.onnx",
      "--training",
      "--json",
    );
    expect(code).toBe(0);
    const [{ files }] = jsonLines(stdout) as { files: { path: string }[] }[];
    const parts = ["forward.onnx", "backward.onnx", "update.onnx", "training.json", "weights.safetensors"];
    expect(files.map(({ path }) => path)).toEqual(parts.map((part) => `t.${part}`));
    const contract = JSON.parse(await readFile(join(folder, "t.training.json"), "utf8")) as {
      weights: object;
    };
    const weights = readSafetensors(await readFile(join(folder, "t.weights.safetensors")), "weights");
    expect([...weights.tensors.keys()].toSorted()).toEqual(Object.keys(contract.weights).toSorted());
    for (const part of ["forward", "backward", "update"]) {
      const tried = await run("transcribe", "one.wav", "-m", `t.${part}.onnx`, "--json");
      expect(jsonLines(tried.stdout)).toMatchObject([{ error: { code: "TRAINING_PROGRAM" } }]);
    }
  });

  it("writes a smaller model file", async () => {
    const half = ["export", "-m", "model.safetensors", "--out", "half.safetensors", "--precision", "float16"];
    expect(await run(...half)).toMatchObject({ code: 0, stdout: "" });
    const halved = await readFile(join(folder, "half.safetensors"));
    expect(halved).toEqual(Buffer.from(writeModelFile(constantModel("a"), { precision: "float16" })));
    expect((await run("transcribe", "one.wav", "-m", "half.safetensors", "--threads", "1")).stdout).toBe(
      "a\n",
    );
  });

  it("never writes over the model, nor over the tokens of another", async () => {
    const over = await run("export", "-m", "model.safetensors", "--out", "./model.safetensors", "--json");
    expect(jsonLines(over.stdout)).toMatchObject([{ error: { code: "OUTPUT_IS_INPUT" } }]);
    await mkdir(join(folder, "others"));
    await writeFile(join(folder, "others/tokens.txt"), "x 0\n");
    const others = await run("export", "-m", "model.safetensors", "--out", "others/m.onnx", "--json");
    expect(others.code).toBe(3);
    expect(jsonLines(others.stdout)).toMatchObject([{ error: { code: "OTHER_TOKENS" } }]);
    await expect(stat(join(folder, "others/m.onnx"))).rejects.toThrow("ENOENT");
  });

  it.each([
    ["package.json", '{"name": "something"}'],
    ["mine.json", '{"tokens": ["<blk>", "a"], "input": {"name": "samples"}, "stride": 320}'],
    ["broken.json", "{"],
  ])("leaves a %s that no export wrote", async (name, text) => {
    await mkdir(join(folder, "kept"), { recursive: true });
    await writeFile(join(folder, "kept", name), text);
    const out = `kept/${name.replace("json", "onnx")}`;
    const { code, stdout } = await run("export", "-m", "model.safetensors", "--out", out, "--json");
    expect(code).toBe(3);
    expect(jsonLines(stdout)).toMatchObject([
      {
        error: { code: "OTHER_DESCRIPTION", message: expect.stringContaining(join("kept", name)) as string },
      },
    ]);
    expect(await readFile(join(folder, "kept", name), "utf8")).toBe(text);
    await expect(stat(join(folder, out))).rejects.toThrow("ENOENT");
  });

  it("replaces what an export wrote", async () => {
    for (const form of ["--samples", "--precision=int8"])
      expect((await run("export", "-m", "model.safetensors", "--out", "twice/m.onnx", form)).code).toBe(0);
  });

  it("is of one model", async () => {
    const both = ["-m", "model.safetensors", "-m", "forward.safetensors"];
    const { code, stderr } = await run("export", ...both, "--out", "both.onnx");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("An export is of one model") as string,
    });
  });

  it("says of a network without a stream what to do", async () => {
    const { stderr } = await run("export", "-m", "model.safetensors", "--out", "s.onnx", "--stream");
    expect(stderr).toMatch(/^error: NEEDS_WHOLE_UTTERANCE/);
  });
});
