import { readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { FeatureCache } from "../../src/data/features/feature-cache.ts";
import { keepNumbers, recallNumbers } from "../../src/data/features/kept-statistics.ts";
import { LengthIndex } from "../../src/data/features/length-index.ts";
import { failingFolder, memoryFolder, openFolder } from "../../src/platform/index.ts";
import { RandomStream } from "../../src/random.ts";
import { temporaryFolder } from "./recordings.ts";

const folder = temporaryFolder();
const ENTRY_BYTES = 16 + 4 * 20;
const frames = { data: Float32Array.from({ length: 20 }, (_, i) => Math.sin(i)), frames: 5, size: 4 };
const open = (name: string, entries = 1000) =>
  FeatureCache.open(openFolder(join(folder, name)), entries * ENTRY_BYTES);
const file = (name: string, key: string) => join(folder, name, `${key}.frames`);

describe("the feature cache", () => {
  it("gives back what was stored, in this process and the next", async () => {
    const cache = await open("round-trip");
    await cache.write("a", frames);
    expect(await cache.read("a")).toEqual(frames);
    expect(await (await open("round-trip")).read("a")).toEqual(frames);
    expect(await cache.read("b")).toBeUndefined();
  });

  it("keeps frames of no length", async () => {
    const cache = await open("no-length");
    const none = { data: new Float32Array(0), frames: 0, size: 4 };
    await cache.write("a", none);
    expect(await cache.read("a")).toEqual(none);
  });

  it("trusts no entry that is cut, longer, or different in any byte", async () => {
    const cache = await open("damage");
    for (let at = 0; at < ENTRY_BYTES; at++) {
      await cache.write("a", frames);
      const bytes = readFileSync(file("damage", "a"));
      bytes[at] ^= 0x10;
      writeFileSync(file("damage", "a"), bytes);
      expect(await cache.read("a")).toBeUndefined();
    }
    for (const length of [0, 7, 16, ENTRY_BYTES - 1, ENTRY_BYTES + 1]) {
      await cache.write("a", frames);
      truncateSync(file("damage", "a"), length);
      expect(await cache.read("a")).toBeUndefined();
    }
    expect(readdirSync(join(folder, "damage"))).toEqual([]);
  });

  it("computes again what is damaged in a folder that may only be read", async () => {
    const place = memoryFolder();
    await (await FeatureCache.open(place, 1e6)).write("a", frames);
    await place.replace("a.frames", new Uint8Array(5));
    const refuse = () => Promise.reject(new Error("the folder may only be read"));
    const cache = await FeatureCache.open(Object.assign(place, { remove: refuse }), 1e6);
    expect(await cache.read("a")).toBeUndefined();
  });

  it("evicts the least recently used when it is full", async () => {
    const cache = await open("full", 3);
    for (const key of ["a", "b", "c"]) await cache.write(key, frames);
    await cache.read("a");
    await cache.write("d", frames);
    expect(readdirSync(join(folder, "full")).toSorted()).toEqual(["a.frames", "c.frames", "d.frames"]);
  });

  it("remembers across processes what was used last, and shrinks to a smaller cap", async () => {
    const cache = await open("shrink");
    for (const [age, key] of ["new", "old", "oldest"].entries()) {
      await cache.write(key, frames);
      utimesSync(file("shrink", key), 1000 - age, 1000 - age);
    }
    await (await open("shrink")).read("oldest");
    await expect
      .poll(async () => (await open("shrink", 2), readdirSync(join(folder, "shrink")).length))
      .toBe(2);
    expect(readdirSync(join(folder, "shrink")).toSorted()).toEqual(["new.frames", "oldest.frames"]);
  });

  it("clears away what a killed process left half-written", async () => {
    const cache = await open("killed");
    await cache.write("a", frames);
    const half = join(folder, "killed", "b.1-0.tmp");
    writeFileSync(half, "half");
    utimesSync(half, 1, 1);
    await open("killed", 1);
    expect(readdirSync(join(folder, "killed"))).toEqual(["a.frames"]);
  });

  it("removes the parts that killed processes left beside their files, and those alone", async () => {
    const cache = await open("parts");
    await cache.write("a", frames);
    const part = (id: number): string => join(folder, "parts", `.b.frames.${id}.part`);
    for (const id of [2 ** 30, process.ppid]) writeFileSync(part(id), "half"); // no process has the first id
    await open("parts");
    expect(readdirSync(join(folder, "parts"))).toEqual([`.b.frames.${process.ppid}.part`, "a.frames"]);
  });

  it("may be shared by processes that write the same entry at the same time, even with the same process id", async () => {
    const caches = await Promise.all([open("shared"), open("shared")]);
    const keys = Array.from({ length: 20 }, (_, i) => `${i}`);
    await Promise.all(keys.flatMap((key) => caches.map((cache) => cache.write(key, frames))));
    for (const key of keys) expect(await caches[0].read(key)).toEqual(frames);
    expect(readdirSync(join(folder, "shared"))).toHaveLength(20);
  });

  it("keeps nothing under a cap of zero", async () => {
    const cache = await open("nothing", 0);
    await cache.write("a", frames);
    expect(await cache.read("a")).toBeUndefined();
  });
});

describe("a cache in memory", () => {
  it("gives back what was stored, to whoever opens the same folder, and evicts by use", async () => {
    const place = memoryFolder();
    const cache = await FeatureCache.open(place, 2 * ENTRY_BYTES);
    for (const key of ["a", "b"]) await cache.write(key, frames);
    await cache.read("a");
    await cache.write("c", frames);
    const again = await FeatureCache.open(place, 2 * ENTRY_BYTES);
    expect(await again.read("b")).toBeUndefined();
    expect(await again.read("a")).toEqual(frames);
  });
});

describe("the index of lengths", () => {
  it("survives a line cut off by a crash", async () => {
    const cache = openFolder(folder);
    const path = join(folder, "lengths.jsonl");
    const length = { frames: 5, seconds: 0.06, warnings: [{ code: "SILENT_AUDIO", message: "Silent." }] };
    const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(32));
    await (await LengthIndex.open(cache)).put(a, length);
    writeFileSync(path, `${readFileSync(path, "utf8")}\n{"key":"${b}","frames":7,"sec`);
    await (await LengthIndex.open(cache)).put(c, length);
    const index = await LengthIndex.open(cache);
    expect([a, b, c].map((key) => index.get(key))).toEqual([length, undefined, length]);
  });

  it("knows thousands, written together as they come, with and without warnings, the last line of a key", async () => {
    const cache = memoryFolder();
    const random = new RandomStream("keys");
    const keys = Array.from({ length: 5000 }, (_, i) => {
      const words = Array.from({ length: i % 3 ? 4 : 3 }, () => random.bits().toString(16).padStart(8, "0"));
      return words.join("").padStart(32, "0"); // a third begin alike
    });
    const lengths = keys.map((_, i) => ({
      frames: i,
      seconds: i / 1e4, // 1e-4 among them, which JSON writes so
      warnings: i % 100 ? [] : [{ code: "SILENT_AUDIO", message: `"${i}"\n` }],
    }));
    const index = await LengthIndex.open(cache);
    const append = vi.spyOn(cache, "append");
    await Promise.all(keys.map((key, i) => index.put(key, lengths[i])));
    expect(append.mock.calls.length).toBeLessThan(10);
    const again = { frames: 9, seconds: 0.09, warnings: [] };
    await cache.append("lengths.jsonl", `\n${JSON.stringify({ key: keys[100], ...again })}`);
    const opened = await LengthIndex.open(cache);
    expect(keys.map((key) => index.get(key))).toEqual(lengths);
    expect(keys.map((key) => opened.get(key))).toEqual(lengths.with(100, again));
    expect(opened.get("f".repeat(32))).toBeUndefined();
  });

  it("takes no number that JSON would not take, and none that is too large", async () => {
    const cache = memoryFolder();
    const key = "a".repeat(32);
    for (const numbers of ['"frames":007,"seconds":1', `"frames":7,"seconds":${"9".repeat(400)}`])
      await cache.append("lengths.jsonl", `\n{"key":"${key}",${numbers},"warnings":[]}`);
    expect((await LengthIndex.open(cache)).get(key)).toBeUndefined();
  });

  it("says of each length whether it was written, and goes on behind a failure", async () => {
    const cache = failingFolder({ call: 2, kind: "full disk" });
    const index = await LengthIndex.open(cache);
    const length = { frames: 5, seconds: 0.06, warnings: [] };
    const keys = ["0", "1", "2"].map((digit) => digit.repeat(32));
    const put = await Promise.allSettled(keys.map((key) => index.put(key, length)));
    expect(put.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    await index.put("3".repeat(32), length);
    expect((await LengthIndex.open(cache)).get("3".repeat(32))).toEqual(length);
  });
});

describe("statistics that are kept", () => {
  it("are those written last where a line before them was cut off by a crash", async () => {
    const cache = memoryFolder();
    await cache.append("statistics.jsonl", '\n{"key":"all","numbers":[1,2');
    expect(await recallNumbers(cache, "all")).toBeUndefined();
    await keepNumbers(cache, "all", Float32Array.of(1, 2));
    expect(await recallNumbers(cache, "all")).toEqual(Float32Array.of(1, 2));
  });
});
