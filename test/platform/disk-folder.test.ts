// The folder on disk, and what it leaves when its process ends at any step of a replacement.

import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFolder, temporaryFolder } from "../../src/platform/index.ts";
import { replaceThrough, type ReplacingCalls } from "../../src/platform/node/replace-file.ts";
import { bytes, itIsAFolder, namesIn, textOf } from "./folder-contract.ts";

let path = "";
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "earshot-folder-"));
});
afterEach(() => rm(path, { recursive: true, force: true }));

describe("the folder on disk", () => {
  itIsAFolder(async () => {
    const inner = join(path, "run");
    return { folder: openFolder(inner), again: () => openFolder(inner) };
  });

  it("gives a temporary one, empty, another at each call", async () => {
    const [one, two] = [await temporaryFolder(), await temporaryFolder()];
    await one.replace("a", bytes("x"));
    expect(await two.list()).toEqual([]);
    await one.destroy();
    await two.destroy();
    await expect(readdir(one.path)).rejects.toThrow("ENOENT");
  });

  it("takes away what was made for it and is empty, and nothing that was there before", async () => {
    await mkdir(join(path, "mine"));
    const folder = openFolder(join(path, "mine/runs/1"));
    await folder.replace("logs/a", bytes("x"));
    await folder.removeIfEmpty();
    expect(await namesIn(folder)).toEqual(["logs/a"]);
    const inner = openFolder(join(path, "mine/other/2"));
    await inner.append("a", "x");
    await inner.remove("a");
    await inner.removeIfEmpty();
    expect(await readdir(join(path, "mine"))).toEqual(["runs"]);
  });

  it("says FILE_SYSTEM with the place where it cannot write or read", async () => {
    await writeFile(join(path, "file"), "");
    await mkdir(join(path, "folder"));
    const folder = openFolder(path);
    for (const work of [
      () => folder.replace("file/under", bytes("x")),
      () => folder.append("file/under", "x"),
      () => folder.append("folder", "x"),
      () => folder.replace("folder", bytes("x")),
      () => folder.read("folder"),
    ]) {
      const where = expect.stringContaining(path);
      await expect(work()).rejects.toMatchObject({ code: "FILE_SYSTEM", where });
    }
  });

  it("gives the lock of a dead process to the next, and not that of a living one", async () => {
    const folder = openFolder(path);
    await writeFile(join(path, "run.lock"), `${process.ppid}`);
    expect(await folder.lock("run.lock")).toEqual({ heldBy: `${process.ppid}` });
    await writeFile(join(path, "run.lock"), "999999999"); // above any system's largest id
    expect(await folder.lock("run.lock")).toHaveProperty("release");
    expect(await readFile(join(path, "run.lock"), "utf8")).toBe(`${process.pid}`);
  });

  it("neither lists nor removes what is unfinished, until a lock is taken: then what the dead left goes", async () => {
    const dead = [".a.999999999.part", "sub/.b.999999999.1-2.part"];
    const others = [`.c.${process.ppid}.1-2.part`, ".hidden", "d.part", "e"];
    await mkdir(join(path, "sub"));
    for (const name of [...dead, ...others]) await writeFile(join(path, name), "");
    const folder = openFolder(path);
    expect(await namesIn(folder)).toEqual([".hidden", "d.part", "e"]);
    expect((await readdir(path)).length).toBe(6);
    const lock = await folder.lock("run.lock");
    expect((await readdir(path, { recursive: true })).toSorted()).toEqual(
      [...others, "run.lock", "sub"].toSorted(),
    );
    if ("release" in lock) await lock.release();
  });

  it("gives its lock to one of several that ask at once", async () => {
    const folder = openFolder(path);
    await writeFile(join(path, "run.lock"), "999999999"); // above any system's largest id
    const taken = await Promise.all(Array.from({ length: 8 }, () => folder.lock("run.lock")));
    const [first, ...others] = taken;
    expect(first).toHaveProperty("release");
    expect(others).toEqual(Array.from({ length: 7 }, () => ({ heldBy: `${process.pid}` })));
    if ("release" in first) await first.release();
    expect(await readdir(path)).toEqual([]);
  });

  it("keeps no lock where taking it fails", async () => {
    const folder = openFolder(path);
    const obstacle = join(path, ".a.999999999.part");
    await mkdir(obstacle); // no file, so that removing it as one fails
    await expect(folder.lock("run.lock")).rejects.toMatchObject({ code: "FILE_SYSTEM", where: obstacle });
    expect(await readdir(path)).toEqual([".a.999999999.part"]);
    await rm(obstacle, { recursive: true });
    const lock = await folder.lock("run.lock");
    expect(lock).toHaveProperty("release");
    if ("release" in lock) await lock.release();
  });
});

/** The steps of a replacement by the system's own calls, of which the process does `count` and then ends. */
function endingAfter(count: number): { readonly calls: ReplacingCalls; readonly steps: () => number } {
  let done = 0;
  const step = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (done === count) throw new Error("the process ended");
    done++;
    return work();
  };
  const calls: ReplacingCalls = {
    open: (part) =>
      step(async () => {
        const file = await open(part, "w");
        return {
          writeFile: (piece) => step(() => file.writeFile(piece)),
          sync: () => step(() => file.sync()),
          close: () =>
            step(() => file.close()).catch((error) => file.close().then(() => Promise.reject(error))),
        };
      }),
    rename: (from, to) => step(() => rename(from, to)),
    remove: (part) => step(() => rm(part)),
  };
  return { calls, steps: () => done };
}

async function* twoPieces(): AsyncGenerator<Uint8Array> {
  yield bytes("new ");
  yield bytes("content");
}

describe("a replacement on disk", () => {
  it("of one file by two writers at once leaves the whole of one, and nothing beside it", async () => {
    const [a, b] = ["a", "b"].map((letter) => letter.repeat(1 << 20));
    const folder = openFolder(path);
    await Promise.all([folder.replace("model", bytes(a)), folder.replace("model", bytes(b))]);
    expect([a, b]).toContain(await textOf(folder, "model"));
    expect(await readdir(path)).toEqual(["model"]);
  });

  it("leaves the old file or the new one, wherever its process ends, and nothing once the folder is locked again", async () => {
    const whole = endingAfter(Infinity);
    await replaceThrough(whole.calls, join(path, "whole"), twoPieces());
    expect(whole.steps()).toBe(6); // open, two writes, sync, close, rename
    const texts: (string | undefined)[] = [];
    for (let count = 0; count <= 6; count++) {
      const directory = join(path, `${count}`);
      const folder = openFolder(directory);
      await folder.replace("model", bytes("old"));
      await replaceThrough(endingAfter(count).calls, join(directory, "model"), twoPieces()).catch(
        () => undefined,
      );
      expect(await namesIn(folder)).toEqual(["model"]);
      texts.push(await textOf(folder, "model"));
      const lock = await folder.lock("lock");
      expect((await readdir(directory)).toSorted()).toEqual(["lock", "model"]);
      if ("release" in lock) await lock.release();
    }
    expect(texts).toEqual([...Array.from({ length: 6 }, () => "old"), "new content"]);
  });
});
