// Each example runs to its end and shows what it is about. They need the build.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root, runProgram } from "./programs.ts";

const examples = join(root, "examples");
const names = readdirSync(examples).filter((name) => /^\d\d-.*\.mjs$/.test(name));
const folder = mkdtempSync(join(tmpdir(), "earshot-examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What each shows, on stdout and stderr together. */
const SHOWN: Readonly<Record<string, readonly RegExp[]>> = {
  "01-first-recognizer.mjs": [/train: 24/, /epoch 3\/3 .*dev loss/, /test: WER/, /wer: /],
  "02-look-first.mjs": [/█/, /features +\[\d+, 80\]/, /suggested peak ▲/, /epoch 1\/1/],
  "03-callback.mjs": [/epochEnd +good enough/, /nats in training/, /stopped: the dev loss is below/],
  "04-transform.mjs": [/█/, /epoch 2\/2/],
  "05-schedule.mjs": [/epoch 4\/4/, /trainLoss/],
  "06-fine-tune.mjs": [/epoch 1\/1[^]*epoch 1\/1/],
  "07-what-went-wrong.mjs": [/^ref {2}/m, /manifest\.csv:\d+: \d+ nats for/],
};

describe("the examples", () => {
  it.each(names)("%s", async (name) => {
    const { code, stdout, stderr } = await runProgram(join(examples, name), folder);
    expect({ name, code, stderr: code === 0 ? "" : stderr }).toEqual({ name, code: 0, stderr: "" });
    for (const pattern of SHOWN[name]) expect(stdout + stderr).toMatch(pattern);
  });

  it("leave nothing behind", () => {
    expect(readdirSync(folder)).toEqual([]);
  });

  it("are small: under 20 lines but for comments and empty lines", () => {
    const lines = names.map((name) =>
      readFileSync(join(examples, name), "utf8")
        .split("\n")
        .filter((line) => !/^\s*(\/\/.*)?$/.test(line)),
    );
    expect(lines.filter(({ length }) => length >= 20)).toEqual([]);
  });

  it("are all listed on their page", () => {
    const page = readFileSync(join(examples, "README.md"), "utf8");
    expect(names.filter((name) => !page.includes(`](${name})`))).toEqual([]);
  });
});
