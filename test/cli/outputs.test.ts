// No command overwrites what it reads, by whatever path, and a place that cannot be written is known before the work.

import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeModelFile } from "../../src/model/index.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, jsonLines } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-outputs-"));
afterAll(() => rm(folder, { recursive: true }));
const wave = waveFile(sweep(0.5));
await mkdir(join(folder, "speech"));
for (const name of ["a", "b", "c"]) await writeFile(join(folder, "speech", `${name}.wav`), wave);
for (const name of ["a", "b", "c"]) await writeFile(join(folder, "speech", `${name}.txt`), "a");
await writeFile(
  join(folder, "speech.csv"),
  "path,transcript,speaker\nspeech/a.wav,a,x\nspeech/b.wav,a,y\nspeech/c.wav,a,z\n",
);
await symlink(join(folder, "speech.csv"), join(folder, "link.csv"));
await writeFile(join(folder, "noisy.yaml"), "data:\n  augmentation:\n    timeMasks: 2\n");
await writeFile(join(folder, "books.txt"), "a b\n");
await writeFile(join(folder, "recording.txt"), wave); // a recording is known by its content
await writeFile(join(folder, "model.safetensors"), writeModelFile(constantModel("a")));
await writeFile(
  join(folder, "words.arpa"),
  "\\data\\\nngram 1=4\n\n\\1-grams:\n-1 <unk>\n-99 <s>\n-0.5 </s>\n-0.5 a\n\n\\end\\\n",
);
await mkdir(join(folder, "blocked/a.txt"), { recursive: true });
const model = ["-m", "model.safetensors", "--threads", "1"];
const masks = ["--config", "noisy.yaml"];

/** Every file with its content. */
async function contents(): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name)).toSorted(); // prettier-ignore
  return new Map(await Promise.all(files.map(async (f) => [f, await readFile(f, "latin1")] as const)));
}
const before = await contents();

describe("What is read", () => {
  it.each([
    ["data split", ["data", "split", "speech.csv", "--out", "speech.csv"]],
    ["data split", ["data", "split", "link.csv", "--out", "speech.csv"]],
    ["data split", ["data", "split", "speech.csv", "--out", "speech/a.wav"]],
    ["data split", ["data", "split", "speech", "--by", "utterance", "--out", "speech/b.txt"]],
    ["data preview", ["data", "preview", "speech.csv", ...masks, "--out", "noisy.yaml"]],
    ["data preview", ["data", "preview", "speech.csv", ...masks, "--out", "./speech/../link.csv"]],
    ["lm build", ["lm", "build", "books.txt", "--out", "books.txt"]],
    ["tune", ["tune", "speech.csv", ...model, "--lm", "words.arpa", "--heat-map", "words.arpa"]],
    ["tune", ["tune", "speech.csv", ...model, "--lm", "words.arpa", "--heat-map", "model.safetensors"]],
    ["transcribe", ["transcribe", "recording.txt", ...model, "--out", "."]],
    ["train", ["train", "speech.csv", "-m", "model.safetensors", "--out", "."]],
    ["data import", ["data", "import", "an4", "speech.csv", "--out", "import.csv"]],
  ])("is not overwritten by %s: %s", async (_, argv) => {
    if (argv[1] === "import") await symlinkOfImport();
    const { code, stdout } = await earshot(folder, ...argv, "--json");
    expect(jsonLines(stdout).at(-1)).toMatchObject({ error: { code: "OUTPUT_IS_INPUT" } });
    expect(code).toBe(2);
    expect(await contents()).toEqual(before);
  });

  /** A folder whose manifest is the source itself. */
  async function symlinkOfImport(): Promise<void> {
    await mkdir(join(folder, "import.csv"));
    await symlink(join(folder, "speech.csv"), join(folder, "import.csv/manifest.csv"));
  }
});

describe("A place that cannot be written", () => {
  it.each([
    [
      "transcribe, for a folder in the place of a text",
      ["transcribe", "speech", ...model, "--out", "blocked"],
    ],
    [
      "transcribe, for a file in the place of the folder",
      ["transcribe", "speech", ...model, "--out", "books.txt"],
    ],
    ["lm build", ["lm", "build", "books.txt", "--out", "blocked"]],
    ["lm build, for want of the folder", ["lm", "build", "books.txt", "--out", "nowhere/books.lm"]],
    ["data split", ["data", "split", "speech.csv", "--out", "blocked"]],
    ["data preview", ["data", "preview", "speech.csv", ...masks, "--out", "nowhere/page.html"]],
  ])("is known before the work, and nothing is written: %s", async (_, argv) => {
    const { code, stdout } = await earshot(folder, ...argv, "--json");
    expect(jsonLines(stdout)).toMatchObject([{ error: { code: "FILE_SYSTEM" } }]);
    expect(code).toBe(3);
    expect(await contents()).toEqual(before);
    expect(await readdir(folder)).not.toContain("nowhere");
  });
});

describe("A command that fails", () => {
  it.each([
    ["train", ["train", "bad.csv", "--out", "runs/first", "--threads", "1"]],
    ["train, by a setting", ["train", "speech.csv", "--out", "runs/first", "--set", "freeze=[h9]"]],
    ["data import", ["data", "import", "an4", "books.txt", "--out", "an4/deep"]],
    ["report", ["report", "runs/first"]],
  ])("leaves no folder behind: %s", async (_, argv) => {
    await writeFile(join(folder, "bad.csv"), "path,transcript\nnone.wav,a\n");
    const names = await readdir(folder);
    const { code } = await earshot(folder, ...argv);
    expect(code).toBe(3);
    expect(await readdir(folder)).toEqual(names);
  });
});
