// `earshot data preview` as a user calls it.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { writeNoise } from "../data/recordings.ts";
import { earshot, jsonLines } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-preview-"));
afterAll(() => rmSync(folder, { recursive: true }));

for (const name of ["a.wav", "b.wav", "c.wav"]) writeNoise(folder, name, 0.3);
writeFileSync(
  join(folder, "m.csv"),
  "path,transcript,speaker,split\na.wav,yes,,train\nb.wav,no,,train\nc.wav,go,,test\n",
);

it("earshot data preview writes a page of the training split", async () => {
  const asked = [
    "--set",
    "data.augmentation.gainDb=[-20, -10]",
    "--count",
    "5",
    "--occasions",
    "1",
    "--seed",
    "20141217",
  ];
  const { code, stdout } = await earshot(folder, "data", "preview", "m.csv", ...asked, "--json");
  expect(jsonLines(stdout)).toEqual([
    { preview: "preview.html", augmentation: "none", utterances: 2, unreadable: [] },
  ]);
  expect(code).toBe(0);
  expect(readFileSync(join(folder, "preview.html"), "utf8").match(/<audio/g)).toHaveLength(4);
});

it("earshot data preview shows two recordings joined in one, with both texts", async () => {
  const asked = [
    "--set",
    "data.augmentation.joined.probability=1",
    "--occasions",
    "1",
    "--out",
    "joined.html",
  ];
  expect((await earshot(folder, "data", "preview", "m.csv", ...asked)).code).toBe(0);
  const page = readFileSync(join(folder, "joined.html"), "utf8");
  const rows = (name: string) =>
    [...page.matchAll(new RegExp(`<dt>${name}</dt><dd>(.*?)</dd>`, "g"))].map(([, value]) => value);
  expect(rows("text")).toEqual(["yes no", "no yes"]);
  expect(rows("joined")).toEqual([
    expect.stringMatching(/^with b\.wav, gap 0\.\d\d s$/),
    expect.stringMatching(/^with a\.wav, gap 0\.\d\d s$/),
  ]);
});

it("earshot data preview says which preset was decided on, and so does its page", async () => {
  const rows = Array.from({ length: 100 }, (_, i) => `a.wav,yes,,train,${i}`);
  writeFileSync(join(folder, "many.csv"), ["path,transcript,speaker,split,note", ...rows].join("\n"));
  const asked = ["--occasions", "1", "--count", "1", "--out", "many.html"];
  const { code, stdout } = await earshot(folder, "data", "preview", "many.csv", ...asked);
  expect(code).toBe(0);
  expect(stdout).toBe("1 recording, augmentation: real-world  many.html\n");
  expect(readFileSync(join(folder, "many.html"), "utf8")).toContain("many.csv · augmentation: real-world");
});

it("earshot data preview says what to give where nothing would be changed", async () => {
  const { code, stderr } = await earshot(folder, "data", "preview", "m.csv", "--out", "none.html");
  expect(code).toBe(2);
  expect(stderr).toContain("The settings ask for no augmentation: there is nothing to hear.");
  expect(stderr).toContain("--set data.augmentation=real-world");
  expect(existsSync(join(folder, "none.html"))).toBe(false);
});

it("earshot data preview lets hear what training takes by itself, and refuses where it is turned off", async () => {
  const rows = Array.from({ length: 100 }, () => "a.wav,yes,,train\n");
  writeFileSync(join(folder, "many.csv"), `path,transcript,speaker,split\n${rows.join("")}`);
  const given = ["data", "preview", "many.csv", "--count", "1", "--occasions", "1", "--out", "many.html"];
  expect(await earshot(folder, ...given)).toMatchObject({ code: 0, stderr: "" });
  expect(readFileSync(join(folder, "many.html"), "utf8").match(/<audio/g)).toHaveLength(2);
  const refused = await earshot(folder, ...given, "--set", "data.augmentation=none");
  expect(refused.code).toBe(2);
});
