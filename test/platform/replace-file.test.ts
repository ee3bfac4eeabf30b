// A file is replaced whole or not at all, and nothing is left beside it.

import { execFileSync } from "node:child_process";
import { lstat, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkReplaceable, replaceFile } from "../../src/platform/index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("replaceFile", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-replace-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("writes a new file and replaces an old one, longer or shorter, leaving nothing beside it", async () => {
    const path = join(folder, "model.bin");
    for (const text of ["first", "a longer second", ""]) {
      await replaceFile(path, bytes(text));
      expect(await readFile(path, "utf8")).toBe(text);
    }
    expect(await readdir(folder)).toEqual(["model.bin"]);
  });
  it.skipIf(process.platform === "win32")("lets a reader of the old file read on to its end", async () => {
    const path = join(folder, "model.bin");
    await replaceFile(path, bytes("the old one"));
    const reader = await open(path);
    try {
      await replaceFile(path, bytes("new"));
      expect(await reader.readFile("utf8")).toBe("the old one");
    } finally {
      await reader.close();
    }
  });
  it("writes nothing where the folder is missing", async () => {
    await expect(replaceFile(join(folder, "none", "model.bin"), bytes("x"))).rejects.toMatchObject({
      code: "FILE_SYSTEM",
      where: join(folder, "none", "model.bin"),
    });
    expect(await readdir(folder)).toEqual([]);
  });
  it("keeps the old file and leaves no part when writing fails", async () => {
    const path = join(folder, "model.bin");
    await writeFile(path, "old");
    const unwritable = 7 as unknown as Uint8Array; // as a full disk would, it fails with the part file open
    await expect(replaceFile(path, unwritable)).rejects.toThrow();
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["model.bin"]);
  });
  it.skipIf(process.platform === "win32")("leaves a pipe or a device alone", async () => {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    const problem = "It is a device or a pipe, and a file is to be written.";
    await expect(replaceFile(path, bytes("x"))).rejects.toMatchObject({ code: "FILE_SYSTEM", problem });
    await expect(checkReplaceable(path)).rejects.toMatchObject({ code: "FILE_SYSTEM", problem });
    expect((await lstat(path)).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(["pipe"]);
  });
  it("leaves no part when the last step, the renaming, fails", async () => {
    const path = join(folder, "a folder");
    await mkdir(path);
    await expect(replaceFile(path, bytes("x"))).rejects.toThrow(
      "It is a folder, and a file is to be written.",
    );
    expect(await readdir(folder)).toEqual(["a folder"]);
  });
});
