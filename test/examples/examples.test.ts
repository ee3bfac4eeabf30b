// Each example runs to its end and shows what it is about: the first in a process of its own, as a reader starts it, the
// others in one, where modules are loaded and features computed once. They need the build.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root, runProgram, type Finished } from "./programs.ts";

const examples = join(root, "examples");
const names = readdirSync(examples).filter((name) => /^\d\d-.*\.mjs$/.test(name));
const [first, ...others] = names;
const inTurn = join(root, "test/examples/in-turn.mjs");
const folder = mkdtempSync(join(tmpdir(), "earshot-examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What each shows, on stdout and stderr together. */
const SHOWN: Readonly<Record<string, readonly RegExp[]>> = {
  "01-first-recognizer.mjs": [/train: 12/, /epoch 3\/3 .*dev loss/, /test: WER/, /wer: /],
  "02-look-first.mjs": [/█/, /features +\[\d+, 80\]/, /suggested peak ▲/, /epoch 1\/1/],
  "03-callback.mjs": [/epochEnd +good enough/, /nats in training/, /stopped: the dev loss is below/],
  "04-transform.mjs": [/█/, /epoch 2\/2/],
  "05-schedule.mjs": [/epoch 4\/4/, /trainLoss/],
  "06-fine-tune.mjs": [/epoch 1\/1[^]*epoch 1\/1/],
  "07-what-went-wrong.mjs": [/^ref {2}/m, /manifest\.csv:\d+: \d+ nats for/],
  "08-own-network.mjs": [/epoch 2\/2/, /seven-frames, width 32: the export gives the same text: true/],
  "09-grammar.mjs": [
    /epoch 2\/2/,
    /^(turn o(n|ff) the \w+ (light|radio) Turn \{.*\}| undefined undefined)\n(yes|no|stop|)$/m,
  ],
  "10-live.mjs": [/^speech-start \d+/m, /^speech-end \d+/m, /^final/m],
};

describe("the examples", () => {
  const expectShown = (name: string, { code, stdout, stderr }: Finished): void => {
    expect({ name, code, stderr: code === 0 ? "" : stderr }).toEqual({ name, code: 0, stderr: "" });
    for (const pattern of SHOWN[name]) expect(stdout + stderr, name).toMatch(pattern);
  };

  it(first, async () => expectShown(first, await runProgram(join(examples, first), folder)));

  it(others.join(", "), async () => {
    const { code, stdout, stderr } = await runProgram(inTurn, folder, ...others);
    const shownBy = (text: string, name: string) =>
      text.split("▶ ").find((part) => part.startsWith(`${name}\n`)) ?? "";
    for (const name of others)
      expectShown(name, { code, stdout: shownBy(stdout, name), stderr: shownBy(stderr, name) });
  });

  it("make the manifest that they read", () => {
    const readsIt = (name: string) => readFileSync(join(examples, name), "utf8").includes('"./demo.mjs"');
    expect(names.filter((name) => !readsIt(name))).toEqual([]);
  });

  it("leave nothing behind", () => {
    expect(readdirSync(folder)).toEqual([]);
  });

  it("are small: under 20 lines but for comments and empty lines, a network with all that is done with it, and live speech, under 40", () => {
    const lines = names.map((name) => {
      const text = readFileSync(join(examples, name), "utf8").split("\n");
      return { name, lines: text.filter((line) => !/^\s*(\/\/.*)?$/.test(line)).length };
    });
    const most = (name: string) => (/^(08-own-network|10-live)/.test(name) ? 40 : 20);
    expect(lines.filter((each) => each.lines >= most(each.name))).toEqual([]);
  });

  it("are all listed on their page", () => {
    const page = readFileSync(join(examples, "README.md"), "utf8");
    expect(names.filter((name) => !page.includes(`](${name})`))).toEqual([]);
  });
});
