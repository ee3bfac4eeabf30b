// The README's training program runs as it stands there, but for the paths, the epochs and the width. It needs the build.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { writeSmallManifest } from "../training/recordings.ts";
import { root, runProgram } from "./programs.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-readme-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readme = readFileSync(join(root, "README.md"), "utf8");
const [program] = [...readme.matchAll(/^```ts\n([^]*?)^```/gm)]
  .map(([, text]) => text)
  .filter((text) => text.includes("Learner"));

describe("the README's training program", () => {
  it("has fewer than 15 lines", () => {
    expect(program.trimEnd().split("\n").length).toBeLessThan(15);
  });

  it("trains, tests, transcribes and saves", async () => {
    const manifest = writeSmallManifest(folder, { train: 8, dev: 2, test: 2 });
    const replacements: readonly (readonly [string, string])[] = [
      ['"earshot"', JSON.stringify(pathToFileURL(join(root, "dist/index.js")).href)],
      ['"speech/manifest.csv"', JSON.stringify(manifest)],
      ["width: 512", "width: 16"],
      ["fitOneCycle(40", "fitOneCycle(1"],
      ['"hello.wav"', JSON.stringify(join(root, "demo/corpus/test/flora-0600.mp3"))],
    ];
    const own = replacements.reduce((text, [from, to]) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    }, program);
    writeFileSync(join(folder, "program.mjs"), own);
    const { code, stdout, stderr } = await runProgram(join(folder, "program.mjs"), folder);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/wer: [\d.]+[^]*ref {2}/);
    expect(existsSync(join(folder, "runs/first/log.jsonl"))).toBe(true);
    expect(existsSync(join(folder, "speech.safetensors"))).toBe(true);
  });
});
