// Measuring the recordings of a corpus: in order, in threads or in this one, and whatever becomes of a thread.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { measureWork } from "../../src/doctor/data/measure-sound.ts";
import { measureSounds } from "../../src/doctor/data/measure-sounds.ts";
import { sameThreadWorker, type SameThreadWorker } from "../../src/platform/index.ts";
import { temporaryFolder, writeNoise } from "../data/recordings.ts";

const folder = temporaryFolder();
const broken = join(folder, "broken.wav");
writeFileSync(broken, "This is not a recording.");
const paths = [
  writeNoise(folder, "a.wav", 0.3),
  broken,
  writeNoise(folder, "b.wav", 0.5),
  join(folder, "gone.wav"),
  writeNoise(folder, "c.wav", 0.4),
];
const rows = paths.map((path, i) => {
  return { path, transcript: "yes", speaker: "", split: "train", where: `m.csv:${i + 2}` };
});
const unexpected = (error: unknown) => ({ code: "UNEXPECTED", problem: String(error), remedy: "Again." });

describe("measuring recordings", () => {
  it.each([
    ["in threads of their own", undefined],
    ["in the same thread", () => sameThreadWorker(measureWork, unexpected)],
  ])("%s tells each row's measures or its fault, in order", async (_, startWorker) => {
    const told: number[] = [];
    const onProgress = (done: number): void => void told.push(done);
    const { measured, unreadable } = await measureSounds(rows, { startWorker, onProgress });
    expect(measured.map(({ path, sound }) => [path, sound.seconds])).toEqual([
      [paths[0], 0.3],
      [paths[2], 0.5],
      [paths[4], 0.4],
    ]);
    const sha256 = createHash("sha256").update(readFileSync(paths[0])).digest("hex");
    expect(measured[0]).toMatchObject({ contentHash: sha256, channels: 1, sourceRateHz: 16_000 });
    expect(unreadable.map(({ path, fault }) => [path, fault.where])).toEqual([
      [broken, broken],
      [paths[3], paths[3]],
    ]);
    expect(unreadable[1].fault.code).toBe("RECORDING_NOT_FOUND");
    expect(told).toEqual([1, 2, 3, 4, 5]);
  });

  it("calls a recording unreadable that kills its thread, and goes on with a new one", async () => {
    const startWorker = (): SameThreadWorker => {
      const measure = (path: string) => (path === broken ? killThread() : measureWork.measure(path));
      const thread = sameThreadWorker({ measure }, unexpected);
      const killThread = (): Promise<never> => {
        thread.die(new Error("out of memory"));
        return new Promise(() => undefined);
      };
      return thread;
    };
    const many = [...rows, ...rows, ...rows];
    const { measured, unreadable } = await measureSounds(many, { startWorker });
    expect(measured).toHaveLength(9);
    expect(unreadable.filter(({ path }) => path === broken).map(({ fault }) => fault)).toEqual(
      Array.from({ length: 3 }, () => ({
        code: "UNREADABLE_RECORDING",
        where: broken,
        problem: "The file cannot be read: out of memory.",
        remedy: "Check that the file is a recording and that you may read it.",
      })),
    );
  });

  it("stops with the signal's reason", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(measureSounds(rows, { signal })).rejects.toThrow("enough");
  });
});
