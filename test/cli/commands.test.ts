import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeModelFile } from "../../src/model/index.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, finish, jsonLines, start } from "./command-line.ts";
import type { Run } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-cli-"));
afterAll(() => rm(folder, { recursive: true }));

const wave = waveFile(sweep(0.5));
await mkdir(join(folder, "speech/deep"), { recursive: true });
for (const name of ["one.wav", "speech/b.wav", "speech/a.wav", "speech/deep/b.wav"]) {
  await writeFile(join(folder, name), wave);
}
await writeFile(join(folder, "speech/notes.txt"), "not audio");
await writeFile(join(folder, "model.safetensors"), writeModelFile(constantModel("a"))); // hears "a" in everything
await writeFile(
  join(folder, "speech/manifest.csv"),
  "path,transcript,speaker,split\na.wav,a,x,test\nb.wav,a b,x,test\ndeep/b.wav,no,x,train\n",
);
const longManifest = `path,transcript\n${"one.wav,a\n".repeat(4000)}`;
await writeFile(join(folder, "long.csv"), longManifest);

const run = (...argv: string[]): Promise<Run> => earshot(folder, ...argv);
const model = ["-m", "model.safetensors", "--threads", "1"];
const recordings = ["speech/a.wav", "speech/b.wav", "speech/deep/b.wav"].map((path) => join(path));

describe.concurrent("earshot transcribe", () => {
  it("prints the text of a single recording alone", async () => {
    expect(await run("transcribe", "one.wav", ...model)).toEqual({ code: 0, stdout: "a\n", stderr: "" });
  });

  it("computes on the engine of the name, or not at all", async () => {
    const hear = (engine: string) => run("transcribe", "one.wav", ...model, "--engine", engine, "--json");
    expect(jsonLines((await hear("wasm")).stdout)).toEqual([{ path: "one.wav", text: "a", warnings: [] }]);
    const foreign = process.platform === "darwin" ? "dml" : "coreml";
    const absent = await hear(foreign);
    expect(absent).toMatchObject({ code: 3, stderr: "" });
    expect(jsonLines(absent.stdout)).toMatchObject([{ error: { code: "ENGINE_ABSENT" } }]);
    const unknown = await hear("gpu");
    expect(unknown).toMatchObject({ code: 2, stderr: "" });
    expect(jsonLines(unknown.stdout)).toMatchObject([
      { error: { code: "UNKNOWN_ENGINE", message: "gpu: There is no engine of this name." } },
    ]);
  });

  it("prints path and text of each recording of a folder", async () => {
    const { stdout } = await run("transcribe", "speech", ...model);
    expect(stdout).toBe(recordings.map((path) => `${path}\ta\n`).join(""));
  });

  it("prints a line of JSON for each recording, also for one that cannot be read, and then exits with 1", async () => {
    const { code, stdout, stderr } = await run(
      "transcribe",
      "speech/manifest.csv",
      "oen.wav",
      "speech/notes.txt",
      ...model,
      "--json",
    );
    const lines = jsonLines(stdout);
    expect(lines.slice(0, 3)).toEqual(recordings.map((path) => ({ path, text: "a", warnings: [] })));
    expect(lines[3]).toEqual({
      path: "oen.wav",
      error: {
        code: "RECORDING_NOT_FOUND",
        message: "oen.wav: There is no such file.",
        remedy: 'Did you mean "one.wav"?',
      },
    });
    expect(lines[4]).toMatchObject({ path: "speech/notes.txt", error: { code: "UNKNOWN_AUDIO_FORMAT" } });
    expect({ code, stderr, lines: lines.length }).toEqual({ code: 1, stderr: "", lines: 5 });
  });

  it("tells of a folder without recordings and goes on", async () => {
    await mkdir(join(folder, "empty"));
    const { code, stdout, stderr } = await run("transcribe", "empty", "one.wav", ...model);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "a\n" });
    expect(stderr).toMatch(/^error: NO_RECORDINGS {2}empty\n {2}The folder holds no/);
  });

  it("writes CSV, and one file for each recording below --out", async () => {
    const { stdout } = await run("transcribe", "speech/deep", ...model, "--format", "csv");
    expect(stdout).toBe(`path,transcript\n${recordings[2]},a\n`);
    expect(await run("transcribe", "speech", "one.wav", "one.wav", ...model, "--out", "texts")).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    const written = await readdir(join(folder, "texts"), { recursive: true });
    const names = ["a.txt", "b.txt", "deep", join("deep", "b.txt"), "one-2.txt", "one.txt"];
    expect(written.toSorted()).toEqual(names.toSorted());
    expect(await readFile(join(folder, "texts/deep/b.txt"), "utf8")).toBe("a\n");
  });

  it("stops at Ctrl-C with 130 and one line", async () => {
    const child = start(folder, "transcribe", "long.csv", ...model);
    child.stdout.once("data", () => child.kill("SIGINT"));
    const { code, stderr } = await finish(child);
    expect({ code, stderr }).toEqual({ code: 130, stderr: "Interrupted. Run the command again.\n" });
  });

  it("ends quietly when nobody reads its output any more", async () => {
    const child = start(folder, "transcribe", "long.csv", ...model);
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await finish(child)).toMatchObject({ code: 0, stderr: "" });
  });
});

describe.concurrent("earshot test", () => {
  it("gives the rates of the test split as JSON", async () => {
    const { code, stdout, stderr } = await run("test", "speech/manifest.csv", ...model, "--json");
    expect(jsonLines(stdout)).toEqual([
      {
        wer: 1 / 3,
        cer: 2 / 4,
        words: 3,
        wordErrors: 1,
        characters: 4,
        characterErrors: 2,
        utterances: 2,
        seconds: 1,
        manifest: "speech/manifest.csv",
        split: "test",
        elapsedSeconds: expect.any(Number),
        failures: [],
      },
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("gives them to people as text", async () => {
    const { stdout } = await run("test", "speech/manifest.csv", ...model, "--split", "train");
    expect(stdout).toMatch(
      /^WER 100\.0 % {2}1 errors in 1 words\nCER 100\.0 % {2}2 errors in 2 characters\n1 utterances, 0\.5 s of audio in .* split train\)\n$/,
    );
  });

  it("tells of recordings that cannot be read, and exits with 1", async () => {
    await writeFile(join(folder, "gap.csv"), "path,transcript\none.wav,a\ngone.wav,b\n");
    const { code, stdout } = await run("test", "gap.csv", ...model, "--json");
    const [{ wer, utterances, split, failures }] = jsonLines(stdout);
    expect({ code, wer, utterances, split }).toEqual({ code: 1, wer: 0, utterances: 1, split: null });
    expect(failures).toMatchObject([
      { path: join(folder, "gone.wav"), error: { code: "RECORDING_NOT_FOUND" } },
    ]);
  });

  it("suggests the split that was meant", async () => {
    const { code, stderr } = await run("test", "speech/manifest.csv", ...model, "--split", "trian");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'error: UNKNOWN_SPLIT  speech/manifest.csv\n  No row has the split "trian".\n  Did you mean "train"?\n',
    });
  });
});

describe.concurrent("earshot inspect", () => {
  it("shows a model to people and to programs", async () => {
    const table = await run("inspect", "model.safetensors");
    expect(table.stdout).toMatch(/^architecture\n {2}name +deep-speech\n {2}width +8\n/m);
    expect(table.stdout).toMatch(/^alphabet +a b c .* z ␣ ' \(28, and the blank\)\n/m);
    const [description] = jsonLines((await run("inspect", "model.safetensors", "--json")).stdout);
    expect(description).toMatchObject({
      path: "model.safetensors",
      architecture: { name: "deep-speech", width: 8, features: 10, symbols: 29 },
      features: { kind: "log-mel", bins: 10 },
      metrics: { devWer: 0.25 },
      training: { seed: 1, epochs: 3 },
    });
    const sizes = Array.from(constantModel("a").weights.values(), ({ data }) => data.length);
    expect(description.parameters).toBe(sizes.reduce((sum, size) => sum + size));
  });
});

describe.concurrent("docs/cli.md", async () => {
  const docs = await readFile(new URL("../../docs/cli.md", import.meta.url), "utf8");
  const examples = [...docs.matchAll(/```json\n(.*?)```/gs)].map(([, text]) => JSON.parse(text) as object);

  it.each([
    ["an error", 0, ["inspect", "modle.safetensors"]],
    ["a test", 1, ["test", "speech/manifest.csv", ...model]],
    ["a transcript", 2, ["transcribe", "one.wav", ...model]],
    ["a recording that failed", 3, ["transcribe", "gone.wav", ...model]],
    ["a model", 4, ["inspect", "model.safetensors"]],
  ])("shows the fields that %s has", async (_, index, argv) => {
    const [line] = jsonLines((await run(...argv, "--json")).stdout);
    expect(Object.keys(line)).toEqual(Object.keys(examples[index]));
    if ("error" in line) {
      const documented = examples[index] as { error: object };
      expect(Object.keys(line.error as object)).toEqual(Object.keys(documented.error));
    }
  });

  it("has the whole grammar that --help knows", async () => {
    for (const command of ["train", "test", "transcribe", "inspect"]) {
      const { stdout } = await run(command, "--help");
      const options = [...stdout.matchAll(/--([a-z]+)/g)].map(([, name]) => name);
      for (const name of options.filter((name) => name !== "help")) expect(docs).toContain(`--${name}`);
    }
  });
});
