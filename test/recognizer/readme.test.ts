// The README's programs do what they say: each runs from the sources, with a model, a language model and a recording
// where it has its own.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { buildLanguageModel, saveLanguageModel } from "../../src/lm/index.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "./wave-file.ts";

const source = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const readme = await readFile(source("README.md"), "utf8");
const programs = [...readme.matchAll(/^```ts\n([^]*?)^```/gm)]
  .map(([, program]) => program)
  .filter((program) => program.includes("Recognizer")); // test/examples/ runs the one that trains

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "earshot-readme-"));
  await writeFile(join(folder, "model.safetensors"), writeModelFile(constantModel("a")));
  await writeFile(join(folder, "hello.wav"), waveFile(sweep(0.5)));
  await writeFile(join(folder, "text.gz"), gzipSync("a b\nb a\n"));
  const { trie } = await buildLanguageModel([join(folder, "text.gz")], { order: 2 });
  await saveLanguageModel(join(folder, "words.arpa.gz"), trie);
});
afterAll(() => rm(folder, { recursive: true }));

it.each(programs.map((program, index) => ({ program, index })))(
  "program $index transcribes the recording",
  async ({ program, index }) => {
    const own = program
      .replace('"earshot"', JSON.stringify(source("src/index.ts").href))
      .replaceAll('"runs/first"', JSON.stringify(folder))
      .replaceAll(/"[\w/]*?([\w.]+\.(?:safetensors|wav|gz))"/g, (_, name) =>
        JSON.stringify(join(folder, name)),
      );
    await writeFile(join(folder, `${index}.ts`), own);
    const log = vi.spyOn(console, "log").mockReturnValue();
    await import(/* @vite-ignore */ join(folder, `${index}.ts`));
    const said = ["a", [expect.objectContaining({ text: "a" })]]; // the model says nothing else
    expect(log.mock.calls).toEqual([[said[index]]]);
    log.mockRestore();
  },
);

it("has a program without a language model and one with", () => {
  expect(programs).toHaveLength(2);
});
