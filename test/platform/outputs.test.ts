// What is found out before work about where its result goes, and what failed work leaves behind.

import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkOutputs, leavingNoEmptyFolders } from "../../src/platform/index.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-outputs-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
writeFileSync(at("input.csv"), "a");
writeFileSync(at("other.csv"), "a"); // as long, and the same content
mkdirSync(at("deep"));
mkdirSync(at("taken"));
symlinkSync(at("input.csv"), at("deep/link.csv"));
symlinkSync(folder, at("deep/around"));
linkSync(at("input.csv"), at("deep/hard.csv"));
const inputs = [at("input.csv"), at("not-there.csv")];

describe("An output", () => {
  it.each([
    ["by its own name", at("input.csv")],
    ["from the working folder", relative(".", at("input.csv"))],
    ["by a way around", `${folder}/deep/../input.csv`],
    ["by a link", at("deep/link.csv")],
    ["by a link to its folder", at("deep/around/input.csv")],
    ["by a second name of the file", at("deep/hard.csv")],
  ])("that is an input %s is refused", async (_, path) => {
    await expect(checkOutputs([at("new.csv"), path], { inputs })).rejects.toMatchObject({
      code: "OUTPUT_IS_INPUT",
      where: path,
    });
  });

  it("that is another file, or none yet, is not, and nothing is left of the question", async () => {
    const before = readdirSync(folder);
    await checkOutputs([at("other.csv"), at("new.csv"), at("not-there.csv")], { inputs });
    expect(readdirSync(folder)).toEqual(before);
  });

  it("whose place is taken by a folder, or lacks its folder, is refused at once", async () => {
    for (const path of [at("taken"), at("nowhere/new.csv"), at("input.csv/new.csv")])
      await expect(checkOutputs([path])).rejects.toMatchObject({ code: "FILE_SYSTEM", where: path });
    await expect(checkOutputs([at("nowhere/new.csv")])).rejects.toMatchObject({
      problem: `There is no folder ${at("nowhere")} to write it in.`,
    });
  });

  it("may lack its folder where that is made, unless a file is in its place", async () => {
    await checkOutputs([at("nowhere/deep/new.csv")], { makesFolders: true });
    await expect(checkOutputs([at("input.csv/deep/new.csv")], { makesFolders: true })).rejects.toMatchObject({
      code: "FILE_SYSTEM",
    });
    for (const makesFolders of [true, false])
      await expect(checkOutputs([at("input.csv/new.csv")], { makesFolders })).rejects.toMatchObject({
        message: `${at("input.csv/new.csv")}: ${at("input.csv")} is a file, and a folder is needed there. Give another path.`,
      });
    expect(existsSync(at("nowhere"))).toBe(false);
  });
});

describe("Work that fails", () => {
  const fail = (work: () => void) => async (): Promise<never> => {
    work();
    throw new Error("failed");
  };

  it("leaves none of the empty folders that it made", async () => {
    const work = fail(() => mkdirSync(at("made/deep/deeper"), { recursive: true }));
    await expect(leavingNoEmptyFolders(at("made/deep"), work)).rejects.toThrow("failed");
    expect(existsSync(at("made"))).toBe(false);
  });

  it("leaves what is in a folder, and folders that were there before", async () => {
    const work = fail(() => {
      mkdirSync(at("half/empty"), { recursive: true });
      writeFileSync(at("half/file"), "x");
    });
    await expect(leavingNoEmptyFolders(at("half"), work)).rejects.toThrow("failed");
    expect(readdirSync(at("half"))).toEqual(["file"]);
    await expect(leavingNoEmptyFolders(at("taken"), fail(() => undefined))).rejects.toThrow("failed"); // prettier-ignore
    expect(existsSync(at("taken"))).toBe(true);
  });
});
