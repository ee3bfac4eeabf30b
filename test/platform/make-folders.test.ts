// Folders are made one by one, and what the system refuses ends it.

import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFolders } from "../../src/platform/node/make-folders.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "earshot-folders-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("makes all that are missing, and says which is the outermost", async () => {
  expect(await makeFolders(join(folder, "a/b/c"))).toBe(join(folder, "a"));
  expect(await makeFolders(join(folder, "a/b/d"))).toBe(join(folder, "a/b/d"));
  expect(await makeFolders(join(folder, "a"))).toBeUndefined();
  expect(await readdir(join(folder, "a/b"))).toEqual(["c", "d"]);
});

it("several may make the same at once", async () => {
  await Promise.all(Array.from({ length: 8 }, () => makeFolders(join(folder, "x/y/z"))));
  expect(existsSync(join(folder, "x/y/z"))).toBe(true);
});

it("a file in the way is an error of the system", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(makeFolders(join(folder, "file/a"))).rejects.toMatchObject({
    code: "EEXIST",
    path: join(folder, "file"),
  });
});

it.skipIf(!existsSync("/proc/self"))("a file system that takes no folders ends it at once", async () => {
  await expect(makeFolders("/proc/x/y")).rejects.toMatchObject({ code: "ENOENT" });
});
