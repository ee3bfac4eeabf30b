// The models that come with the package, by name: a box of one tiny model in the place of the package's own.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { writeModelFile } from "../../src/model/index.ts";
import { modelsFolder } from "../../src/platform/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, jsonLines } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-box-"));
const box = join(folder, "box");
const packaged = modelsFolder();
process.env.EARSHOT_MODELS = box;
afterAll(async () => {
  delete process.env.EARSHOT_MODELS;
  await rm(folder, { recursive: true });
});

const CARD = `---
understands: the letter a
license: MIT
figures: WER 100 % on everything else
---

# Always a
`;

const file = writeModelFile(constantModel("a"));
await mkdir(join(box, "commands-en"), { recursive: true });
await mkdir(join(box, "letters"));
await mkdir(join(box, "unfinished"));
await writeFile(join(box, "README.md"), "no model");
for (const name of ["commands-en", "letters"]) await writeFile(join(box, name, "model.safetensors"), file);
await writeFile(join(box, "commands-en/README.md"), CARD);
await writeFile(join(box, "letters/README.md"), "---\nlicense: [\n---\nOnly text.");
await writeFile(join(folder, "one.wav"), waveFile(sweep(0.5)));
await writeFile(join(folder, "manifest.csv"), "path,transcript\none.wav,a\n");

const run = (...argv: readonly string[]) => earshot(folder, ...argv);

describe("earshot models", () => {
  it("lists what is in the box", async () => {
    const { code, stdout, stderr } = await run("models");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^commands-en {3}the letter a\n {14}0\.0 MB, MIT, taken without -m\n {14}WER 100 % on everything else\nletters {7}0\.0 MB\n$/,
    );
    const rows = jsonLines((await run("models", "--json")).stdout);
    const path = `${box}/commands-en/model.safetensors`;
    expect(rows).toMatchObject([
      { name: "commands-en", path, license: "MIT", isDefault: true, bytes: file.length },
      { name: "letters", isDefault: false },
    ]);
  });

  it("shows a card, and where the model is", async () => {
    const { stdout } = await run("models", "commands-en");
    expect(stdout).toContain(`${box}/commands-en/model.safetensors\n\n# Always a\n`);
    expect((await run("models", "letters")).stdout).toMatch(/Only text\.\n$/);
  });

  it.each([
    ["comands-en", 'Did you mean "commands-en"?'],
    ["zebra", "There are commands-en, letters."],
  ])("does not know %s", async (name, remedy) => {
    const { code, stderr } = await run("models", name);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `error: UNKNOWN_MODEL  ${name}\n  No model of this name comes with Earshot.\n  ${remedy}\n`,
    );
  });
});

describe("a model of the box by name", () => {
  it.each([
    [["transcribe", "one.wav", "-m", "letters", "--json"], { text: "a" }],
    [["test", "manifest.csv", "-m", "letters", "--json"], { wer: 0 }],
    [["inspect", "letters", "--json"], { alphabet: expect.arrayContaining(["a"]) as unknown }],
    [
      ["export", "-m", "letters", "--out", "copy.safetensors", "--json"],
      { files: [{ path: "copy.safetensors" }] },
    ],
  ])("serves %j", async (argv, expected) => {
    const { stdout, stderr } = await run(...argv);
    expect(stderr).toBe("");
    expect(jsonLines(stdout)).toMatchObject([expected]);
  });

  it("serves the library", async () => {
    const recognizer = await Recognizer.load("letters", { threads: 1 });
    expect((await recognizer.transcribe(join(folder, "one.wav"))).text).toBe("a");
    await recognizer.close();
  });

  it("counts less than a path that is there", async () => {
    await writeFile(join(folder, "letters"), "no model");
    const { stdout } = await run("inspect", "letters", "--json");
    await rm(join(folder, "letters"));
    expect(jsonLines(stdout)).toMatchObject([{ error: { code: "NOT_A_MODEL" } }]);
  });

  it("is suggested for a name that is nearly its own", async () => {
    const { code, stderr } = await run("transcribe", "one.wav", "-m", "leters");
    expect(code).toBe(3);
    expect(stderr).toMatch(/UNREADABLE_MODEL {2}leters\n.*no such file\.\n {2}Did you mean "letters"\?/);
  });

  it("is not written into", async () => {
    await writeFile(join(folder, "noise.wav"), waveFile(sweep(1)));
    for (const flags of [
      ["--store", "--lm", "none.arpa"],
      ["--reject", "noise.wav"],
    ]) {
      const { stdout } = await run("tune", "manifest.csv", "-m", "letters", ...flags, "--json");
      expect(jsonLines(stdout)).toMatchObject([{ error: { code: "BOXED_MODEL" } }]);
    }
    expect(Buffer.compare(await readFile(join(box, "letters/model.safetensors")), file)).toBe(0);
  });
});

describe("without a model", () => {
  beforeEach(() => void (process.env.EARSHOT_MODELS = box));

  it("the default one is taken, and told", async () => {
    const { code, stdout, stderr } = await run("transcribe", "one.wav");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "a\n" });
    expect(stderr).toBe("without -m: commands-en (the letter a); see earshot models commands-en\n");
  });

  it("an empty box says what to do", async () => {
    process.env.EARSHOT_MODELS = join(folder, "nowhere");
    const { code, stderr } = await run("transcribe", "one.wav");
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: NO_DEFAULT_MODEL {2}commands-en\n.*transcribe takes without.*\n {2}Give -m FILE; or .*earshot new/,
    );
    expect((await run("models")).stderr).toMatch(/none in this copy/);
  });
});

describe("the box of the package", () => {
  beforeEach(() => void (process.env.EARSHOT_MODELS = packaged));

  it("holds the default model, with what the documentation says of it", async () => {
    const { stdout } = await run("models");
    expect(stdout).toMatch(
      /^commands-en {3}home commands, digits, letters, names and numbers\n {14}en, 2\.4 MB, MIT, taken without -m\n/,
    );
  });

  it("serves transcribe without -m, which names the model in one line", async () => {
    const { code, stderr } = await run("transcribe", "one.wav");
    expect(code).toBe(0);
    expect(stderr).toBe(
      "without -m: commands-en (home commands, digits, letters, names and numbers); see earshot models commands-en\n",
    );
  });
});
