// What every folder does, wherever it is kept. Each driver's test runs this.

import { beforeEach, expect, it } from "vitest";
import type { Folder } from "../../src/platform/index.ts";

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The text of a file, or undefined. */
export async function textOf(folder: Folder, name: string): Promise<string | undefined> {
  const content = await folder.read(name);
  return content && new TextDecoder().decode(content);
}

export async function namesIn(folder: Folder): Promise<string[]> {
  return (await folder.list()).map(({ name }) => name);
}

/** @param open gives an empty folder, and another view of the same one */
export function itIsAFolder(
  open: () => Promise<{ readonly folder: Folder; readonly again: () => Folder }>,
): void {
  let folder: Folder;
  let again: () => Folder;
  beforeEach(async () => {
    ({ folder, again } = await open());
  });

  it("begins empty, and says so of what is not there", async () => {
    expect(await folder.list()).toEqual([]);
    expect(await folder.read("a/b.txt")).toBeUndefined();
    await folder.remove("a/b.txt");
  });

  it("replaces a file by a longer, a shorter and an empty one", async () => {
    for (const text of ["first", "a longer second", ""]) {
      await folder.replace("model.bin", bytes(text));
      expect(await textOf(folder, "model.bin")).toBe(text);
      expect(await textOf(again(), "model.bin")).toBe(text);
    }
    expect(await namesIn(folder)).toEqual(["model.bin"]);
  });

  it("takes content in pieces, and keeps the old file when they break off", async () => {
    await folder.replace("pieces", pieces("one ", "two"));
    expect(await textOf(folder, "pieces")).toBe("one two");
    await expect(folder.replace("pieces", broken("three"))).rejects.toThrow("no more");
    expect(await textOf(folder, "pieces")).toBe("one two");
    expect(await namesIn(folder)).toEqual(["pieces"]);
  });

  it("keeps what was written when the writer's bytes change, and gives each reader bytes of its own", async () => {
    const content = bytes("safe");
    await folder.replace("a", content);
    content.fill(0);
    (await folder.read("a"))?.fill(0);
    expect(await textOf(folder, "a")).toBe("safe");
  });

  it("appends to a file, and makes it where there is none", async () => {
    await folder.append("logs/log.txt", "one\n");
    await folder.append("logs/log.txt", "");
    await folder.append("logs/log.txt", "zwei ü\n");
    expect(await textOf(folder, "logs/log.txt")).toBe("one\nzwei ü\n");
    await folder.replace("logs/log.txt", bytes("new\n"));
    await folder.append("logs/log.txt", "and\n");
    expect(await textOf(folder, "logs/log.txt")).toBe("new\nand\n");
  });

  it("loses no append when several begin at once", async () => {
    await Promise.all(["1", "2", "3"].map((text) => folder.append("order", text)));
    expect([...((await textOf(folder, "order")) ?? "")].toSorted().join("")).toBe("123");
  });

  it("lists files of sub-folders by name, with their sizes and a time", async () => {
    await folder.replace("b/deep/er.txt", bytes("12345"));
    await folder.replace("a.txt", bytes("1"));
    await folder.append("b/z", "22");
    const listed = await folder.list();
    expect(listed.map(({ name, bytes: size }) => [name, size])).toEqual([
      ["a.txt", 1],
      ["b/deep/er.txt", 5],
      ["b/z", 2],
    ]);
    for (const { modifiedMs } of listed) expect(Math.abs(modifiedMs - Date.now())).toBeLessThan(600_000);
  });

  it("keeps what need not outlive a loss of power as it keeps the rest", async () => {
    await folder.replace("cache", bytes("again"), { durable: false });
    expect(await textOf(again(), "cache")).toBe("again");
    expect(await namesIn(folder)).toEqual(["cache"]);
  });

  it("gives a file that is touched a later time and the same content; of one that is gone it says nothing", async () => {
    await folder.replace("a", bytes("1"));
    const [before] = await folder.list();
    await folder.touch("a");
    const [after] = await folder.list();
    expect(after.modifiedMs).toBeGreaterThanOrEqual(before.modifiedMs);
    expect(await textOf(folder, "a")).toBe("1");
    await folder.touch("gone");
    expect(await namesIn(folder)).toEqual(["a"]);
  });

  it("can be made before anything is in it", async () => {
    await folder.make();
    await folder.make();
    expect(await folder.list()).toEqual([]);
  });

  it("removes one file and leaves the others", async () => {
    await folder.replace("a/one", bytes("1"));
    await folder.replace("a/two", bytes("2"));
    await folder.remove("a/one");
    expect(await namesIn(folder)).toEqual(["a/two"]);
  });

  it("is locked by one at a time", async () => {
    const lock = await folder.lock("run.lock");
    expect(await again().lock("run.lock")).toHaveProperty("heldBy", expect.stringMatching(/./));
    const other = await folder.lock("other.lock");
    if ("heldBy" in lock || "heldBy" in other) throw new Error("both locks were free");
    await lock.release();
    const next = await again().lock("run.lock");
    expect(next).toHaveProperty("release");
    if ("release" in next) await next.release();
    await other.release();
  });

  it("appends bytes as they are", async () => {
    await folder.append("board", Uint8Array.of(0, 255, 10));
    await folder.append("board", Uint8Array.of(128));
    expect([...((await folder.read("board")) ?? [])]).toEqual([0, 255, 10, 128]);
  });

  it("stays when it is to go if it is empty and is not", async () => {
    await folder.replace("a", bytes("x"));
    await folder.removeIfEmpty();
    expect(await textOf(folder, "a")).toBe("x");
  });

  it("is gone with all that is in it when destroyed, and can be filled anew", async () => {
    await folder.replace("a/b", bytes("x"));
    await folder.destroy();
    expect(await folder.list()).toEqual([]);
    expect(await folder.read("a/b")).toBeUndefined();
    await folder.replace("a/c", bytes("y"));
    expect(await namesIn(folder)).toEqual(["a/c"]);
  });
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytes(text);
}

async function* broken(text: string): AsyncGenerator<Uint8Array> {
  yield bytes(text);
  throw new Error("no more");
}
