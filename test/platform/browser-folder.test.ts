// The browser's folder and files, against a stand-in for its file system: what every folder does, what a page can do by
// paths, and what is left when the tab closes at any step of a replacement.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as browser from "../../src/platform/browser/driver.ts";
import { isMissing } from "../../src/platform/index.ts";
import { bytes, itIsAFolder, namesIn, textOf } from "./folder-contract.ts";
import { originStorage, type OriginStorageOptions } from "./origin-storage.ts";

function page(options: OriginStorageOptions) {
  const navigator = originStorage(options);
  vi.stubGlobal("navigator", navigator);
  return navigator;
}

afterEach(() => vi.unstubAllGlobals());

describe.each([true, false])("the browser's folder, where files can be moved: %s", (canMove) => {
  beforeEach(() => void page({ canMove }));

  itIsAFolder(async () => {
    const open = () => browser.openFolder("runs/one");
    return { folder: open(), again: open };
  });

  it("loses no append of two tabs at once", async () => {
    const [one, two] = [browser.openFolder("runs"), browser.openFolder("/runs")];
    await Promise.all([one.append("log", "a"), two.append("log", "b"), one.append("log", "c")]);
    expect([...((await textOf(one, "log")) ?? "")].toSorted()).toEqual(["a", "b", "c"]);
  });

  it("gives a temporary folder of its own at each call", async () => {
    const [one, two] = [await browser.temporaryFolder(), await browser.temporaryFolder()];
    await one.replace("a", bytes("x"));
    expect(await two.list()).toEqual([]);
    await one.destroy();
    expect(await one.list()).toEqual([]);
  });
});

describe("the browser's folder", () => {
  it("says FILE_SYSTEM with the place when the browser gives no more room, and keeps the old file", async () => {
    let isFull = false;
    page({
      canMove: true,
      onStep(call) {
        if (isFull && call === "write") throw new DOMException("no room", "QuotaExceededError");
      },
    });
    const folder = browser.openFolder("run");
    await folder.replace("model", bytes("old"));
    isFull = true;
    const fault = { code: "FILE_SYSTEM", problem: expect.stringContaining("ENOSPC") };
    await expect(folder.replace("model", bytes("new"))).rejects.toMatchObject({
      ...fault,
      where: "/run/model",
    });
    await expect(folder.append("log", "x")).rejects.toMatchObject({ ...fault, where: "/run/log" });
    expect(await textOf(folder, "model")).toBe("old");
    expect(await namesIn(folder)).toEqual(["log", "model"]);
  });

  it("says so where there is a file for a folder, or a folder for a file", async () => {
    page({ canMove: true });
    const folder = browser.openFolder("run");
    await folder.replace("file", bytes("x"));
    await folder.replace("folder/file", bytes("x"));
    for (const work of [
      () => folder.replace("file/under", bytes("x")),
      () => folder.append("folder", "x"),
      () => folder.replace("folder", bytes("x")),
      () => folder.read("folder"),
    ])
      await expect(work()).rejects.toMatchObject({
        code: "FILE_SYSTEM",
        where: expect.stringMatching(/^\/run/),
      });
  });

  it("leaves the old file, the new one, or none before the first, at whatever step the tab closes", async () => {
    for (const old of ["old", undefined]) {
      const texts: (string | undefined)[] = [];
      for (let last = 0; last <= 5; last++) texts.push(await afterClosing(last, old));
      // Make the part, two writes, close, move; then it is done.
      expect(texts).toEqual([...Array.from({ length: 5 }, () => old), "new content"]);
    }
  });

  it("leaves what another living tab is writing when it takes a lock", async () => {
    page({ canMove: true });
    const folder = browser.openFolder("run");
    await folder.replace("model", bytes("old"));
    let goOn = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (goOn = resolve));
    const writing = folder.replace("model", slowly(waiting));
    const lock = await folder.lock("run.lock");
    goOn();
    await writing;
    expect(await textOf(folder, "model")).toBe("new content");
    if ("release" in lock) await lock.release();
  });

  it("keeps no lock where taking it fails", async () => {
    let isBlocked = true;
    page({
      canMove: true,
      onStep(call) {
        if (isBlocked && call === "remove") throw new DOMException("in use", "NoModificationAllowedError");
      },
    });
    const folder = browser.openFolder("run");
    await folder.append(`.model.${crypto.randomUUID()}.part`, "left");
    await expect(folder.lock("run.lock")).rejects.toMatchObject({ code: "FILE_SYSTEM" });
    isBlocked = false;
    const lock = await folder.lock("run.lock");
    expect(lock).toHaveProperty("release");
    if ("release" in lock) await lock.release();
  });

  it("gives up what a failed append had begun to write", async () => {
    const calls: string[] = [];
    page({
      canMove: true,
      onStep(call) {
        calls.push(call);
        if (call === "write") throw new DOMException("no room", "QuotaExceededError");
      },
    });
    await expect(browser.openFolder("run").append("log", "x")).rejects.toMatchObject({ code: "FILE_SYSTEM" });
    expect(calls.slice(-2)).toEqual(["write", "abort"]);
  });

  it("is refused with a code where the browser has no such files", async () => {
    vi.stubGlobal("navigator", {});
    vi.stubGlobal("Worker", undefined); // which ONNX Runtime's WebAssembly brings to Node
    const refused = { code: "NOT_IN_BROWSER", remedy: expect.stringContaining("https") };
    await expect(browser.openFolder("run").list()).rejects.toMatchObject(refused);
    await expect(browser.readWholeFile("a")).rejects.toMatchObject(refused);
    await expect(browser.replaceFile("a", bytes("x"))).rejects.toMatchObject(refused);
    expect(() => browser.startWorker(new URL("file:///a.js"))).toThrow(
      "This browser gives the page no workers.",
    );
  });
});

/** The text of a file whose replacement's tab closed after `last` steps, once the folder is locked by another. */
async function afterClosing(last: number, old: string | undefined): Promise<string | undefined> {
  let steps = -Infinity;
  const navigator = page({
    canMove: true,
    onStep() {
      if (steps++ >= last) throw new Error("the tab closed");
    },
  });
  const folder = browser.openFolder("run");
  await folder.append("log", "");
  if (old !== undefined) await folder.replace("model", bytes(old));
  steps = 0;
  await folder.replace("model", slowly(Promise.resolve())).catch(() => undefined);
  steps = -Infinity;
  navigator.closeTabs();
  const names = ["log", ...(old === undefined && last < 5 ? [] : ["model"])];
  expect(await namesIn(folder)).toEqual(names);
  const lock = await folder.lock("lock");
  expect(await browser.listFiles("run")).toEqual(names);
  if ("release" in lock) await lock.release();
  return textOf(folder, "model");
}

async function* slowly(waiting: Promise<void>): AsyncGenerator<Uint8Array> {
  yield bytes("new ");
  await waiting;
  yield bytes("content");
}

describe("a browser's files by path", () => {
  beforeEach(() => void page({ canMove: true }));

  it("are written, read whole or in pieces, looked at, listed and removed", async () => {
    await browser.openFolder("/").append("a/log.txt", "12");
    await browser.replaceFile("a/model", bytes("content"));
    expect(new TextDecoder().decode(await browser.readWholeFile("/a/model"))).toBe("content");
    const pieces: number[] = [];
    for await (const piece of browser.readChunks("a/model")) pieces.push(...piece);
    expect(pieces).toEqual([...bytes("content")]);
    expect(await browser.fileFacts("a/model")).toMatchObject({ kind: "file", bytes: 7 });
    expect(await browser.statFile("a")).toMatchObject({ kind: "folder" });
    expect(await browser.listFiles("")).toEqual(["a/log.txt", "a/model"]);
    await browser.removePath("a");
    await browser.removePath("a");
    expect(await browser.fileFacts("a/model")).toBeUndefined();
    expect(await browser.listFiles("")).toEqual([]);
  });

  it("that are missing are told as on a disk", async () => {
    for (const work of [
      () => browser.readWholeFile("none/a"),
      () => browser.statFile("none"),
      () => browser.listFiles("none"),
      () => browser.readChunks("none")[Symbol.asyncIterator]().next(),
    ]) {
      const error = await work().then(String, (fault: unknown) => fault);
      expect(isMissing(error), String(error)).toBe(true);
    }
    await expect(browser.readWholeFile("a")).rejects.toThrow("ENOENT: no such file or directory, open 'a'");
  });

  it("are checked before long work", async () => {
    await browser.openFolder("a").append("b/c", "");
    await browser.checkReplaceable("a/new");
    await expect(browser.checkReplaceable("a/b")).rejects.toThrow(
      "It is a folder, and a file is to be written.",
    );
    await expect(browser.checkReplaceable("none/new")).rejects.toMatchObject({ code: "FILE_SYSTEM" });
    expect(await browser.listFiles("a")).toEqual(["b/c"]);
  });

  it("leave nothing when the check before long work fails", async () => {
    page({
      canMove: true,
      onStep(call) {
        if (call === "abort") throw new DOMException("in use", "NoModificationAllowedError");
      },
    });
    await browser.openFolder("a").make();
    await expect(browser.checkReplaceable("a/new")).rejects.toMatchObject({ code: "FILE_SYSTEM" });
    expect(await browser.listFiles("a")).toEqual([]);
  });
});
