// The folder in memory, and the one that fails on demand.

import { describe, expect, it } from "vitest";
import {
  failingFolder,
  memoryFolder,
  rememberingFolder,
  subfolder,
  type InjectedFailure,
  type Folder,
} from "../../src/platform/index.ts";
import { bytes, itIsAFolder, namesIn, textOf } from "./folder-contract.ts";

describe("the folder in memory", () => {
  itIsAFolder(async () => {
    const folder = memoryFolder();
    return { folder, again: () => folder };
  });
});

describe("the failing folder without a failure", () => {
  itIsAFolder(async () => {
    const folder = failingFolder();
    return { folder, again: () => folder };
  });
});

describe("a folder that remembers", () => {
  itIsAFolder(async () => {
    const inner = memoryFolder();
    return { folder: rememberingFolder(inner, 10), again: () => inner };
  });

  it("reads a file once, as long as there is room for it, and gives copies", async () => {
    const inner = memoryFolder();
    const reads: string[] = [];
    const read = (name: string) => (reads.push(name), memory.read(name));
    const memory = { read: inner.read.bind(inner) };
    const folder = rememberingFolder(Object.assign(inner, { read }), 6);
    await folder.replace("a", bytes("abc"));
    (await folder.read("a"))![0] = 0;
    expect([await textOf(folder, "a"), reads]).toEqual(["abc", []]);
    await inner.replace("b", bytes("def"));
    await inner.replace("c", bytes("ghi"));
    for (const name of ["b", "b", "a", "c", "a", "b"]) await folder.read(name);
    expect(reads).toEqual(["b", "c", "b"]);
  });
});

describe("a folder inside another", () => {
  itIsAFolder(async () => {
    const outer = memoryFolder();
    await outer.replace("inner.txt", bytes("of the outer folder"));
    return { folder: subfolder(outer, "inner"), again: () => subfolder(outer, "inner") };
  });
});

/** Three writes, as a program would make them that goes on after a fault. */
async function writeThrice(folder: Folder): Promise<unknown[]> {
  const faults: unknown[] = [];
  const noting = (error: unknown): void => void faults.push(error);
  await folder.append("log", "one.").catch(noting);
  await folder.replace("model", bytes("new")).catch(noting);
  await folder.append("log", "two.").catch(noting);
  return faults;
}

async function after(failure: InjectedFailure) {
  const inner = memoryFolder();
  await inner.replace("model", bytes("old"));
  const folder = failingFolder(failure, inner);
  const faults = await writeThrice(folder);
  const left = await folder.reopen();
  return {
    faults: faults.length,
    log: await textOf(left, "log"),
    model: await textOf(left, "model"),
    calls: folder.calls.length,
    hasCrashed: folder.hasCrashed,
  };
}

describe("the failing folder", () => {
  it("fails at one write of a full disk, or at all from then on, and goes on", async () => {
    const [calls, hasCrashed] = [3, false];
    const full = { kind: "full disk" } as const;
    expect(await after({ ...full, call: 1 })).toEqual({
      faults: 1,
      log: "two.",
      model: "new",
      calls,
      hasCrashed,
    });
    expect(await after({ ...full, call: 2 })).toEqual({
      faults: 1,
      log: "one.two.",
      model: "old",
      calls,
      hasCrashed,
    });
    const stays = { faults: 2, log: "one.", model: "old", calls, hasCrashed };
    expect(await after({ ...full, call: 2, lasting: true })).toEqual(stays);
  });

  it("tears an append in half, and a replacement into nothing", async () => {
    const [calls, hasCrashed] = [3, false];
    const torn = { kind: "torn" } as const;
    expect(await after({ ...torn, call: 1 })).toEqual({
      faults: 1,
      log: "ontwo.",
      model: "new",
      calls,
      hasCrashed,
    });
    expect(await after({ ...torn, call: 2 })).toEqual({
      faults: 1,
      log: "one.two.",
      model: "old",
      calls,
      hasCrashed,
    });
  });

  it("ends before, amid or after a call, and answers no later one", async () => {
    const hasCrashed = true;
    const at = (call: number, kind: InjectedFailure["kind"]) => after({ call, kind });
    expect(await at(1, "crash before")).toEqual({
      faults: 3,
      log: undefined,
      model: "old",
      calls: 1,
      hasCrashed,
    });
    expect(await at(1, "crash amid")).toEqual({ faults: 3, log: "on", model: "old", calls: 1, hasCrashed });
    expect(await at(1, "crash after")).toEqual({
      faults: 3,
      log: "one.",
      model: "old",
      calls: 1,
      hasCrashed,
    });
    expect(await at(2, "crash amid")).toEqual({ faults: 2, log: "one.", model: "old", calls: 2, hasCrashed });
    expect(await at(2, "crash after")).toEqual({
      faults: 2,
      log: "one.",
      model: "new",
      calls: 2,
      hasCrashed,
    });
  });

  it("tells a full disk by its code and place, and reads on", async () => {
    const folder = failingFolder({ call: 1, kind: "full disk", lasting: true });
    await expect(folder.replace("a/b", bytes("x"))).rejects.toMatchObject({
      code: "FILE_SYSTEM",
      where: "memory/a/b",
    });
    expect(await folder.read("a/b")).toBeUndefined();
    expect(await namesIn(folder)).toEqual([]);
    expect(folder.calls).toEqual(["replace a/b", "read a/b", "list"]);
  });

  it("counts the release of a lock, and frees it for whoever reopens the folder after a crash", async () => {
    const folder = failingFolder({ call: 2, kind: "crash before" });
    const lock = await folder.lock("run.lock");
    if ("heldBy" in lock) throw new Error("the lock was free");
    await expect(lock.release()).rejects.toThrow("release run.lock");
    expect(await (await folder.reopen()).lock("run.lock")).toHaveProperty("release");
  });
});
