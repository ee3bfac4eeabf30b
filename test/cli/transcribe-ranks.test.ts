// The ranks of one command share its recordings: rank 0 hands out portions, and the result is that of one process.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { TranscriptOutcome } from "../../src/apps/cli/transcribe/outcome.ts";
import { Portions } from "../../src/apps/cli/transcribe/portions.ts";
import { RankFollower, RankLeader } from "../../src/apps/cli/transcribe/rank-job.ts";
import type { SharedJob } from "../../src/apps/cli/transcribe/shared-job.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { memoryRanks, type Ranks } from "../../src/platform/index.ts";
import { RandomStream } from "../../src/random.ts";
import { constantModel } from "../model/small-model.ts";
import { mpiAbsent, startMpi } from "../platform/open-mpi.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot } from "./command-line.ts";

const MAIN = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));

function drawn(portions: Portions): number[][] {
  const all: number[][] = [];
  for (let portion; (portion = portions.next());) all.push(portion);
  return all;
}

describe("portions", () => {
  it("hold each recording once, the longest first, and grow smaller", () => {
    const random = new RandomStream(1, "portions");
    const weights = Array.from({ length: 500 }, () => random.integer(1000));
    const all = drawn(new Portions(weights, 4));
    expect(all.flat().toSorted((a, b) => a - b)).toEqual([...weights.keys()]);
    const sorted = weights.toSorted((a, b) => b - a);
    expect(all.flat().map((item) => weights[item])).toEqual(sorted);
    const work = all.map((portion) => portion.reduce((sum, item) => sum + weights[item], 0));
    expect(work[0]).toBeLessThanOrEqual(work.reduce((sum, one) => sum + one) / 32);
    expect(work[0]).toBeGreaterThan(10 * work.at(-1)!);
  });

  it("let workers of different speeds finish together", () => {
    const weights = Array.from({ length: 400 }, (_, i) => 1 + (i % 7));
    const portions = new Portions(weights, 3);
    const speeds = [1, 2, 5];
    const free = [0, 0, 0]; // when
    for (;;) {
      const worker = free.indexOf(Math.min(...free));
      const portion = portions.next();
      if (!portion) break;
      free[worker] += portion.reduce((sum, item) => sum + weights[item], 0) / speeds[worker];
    }
    const whole = weights.reduce((sum, weight) => sum + weight) / 8; // of all speeds
    for (const end of free) expect(Math.abs(end / whole - 1)).toBeLessThan(0.05);
  });

  it("of nothing are none, and of what weighs nothing all", () => {
    expect(drawn(new Portions([], 2))).toEqual([]);
    expect(drawn(new Portions([0, 0], 2)).flat()).toEqual([0, 1]);
  });
});

describe("ranks", () => {
  const { signal } = new AbortController();

  /** Each recording takes a turn of the event loop. */
  async function work(job: SharedJob, done: number[]): Promise<void> {
    for (let portion; (portion = await job.take());)
      for (const index of portion) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        done.push(index);
        await job.give({ index, text: `${index}` });
      }
  }

  it.each([2, 5])(
    "%i of them give each recording that is open to one, and its outcome to rank 0",
    async (size) => {
      const open = Array.from({ length: 60 }, (_, i) => 2 * i);
      const outcomes: TranscriptOutcome[] = [];
      const settle = async (outcome: TranscriptOutcome) => void outcomes.push(outcome);
      const portions = new Portions(open, size);
      const done: number[][] = Array.from({ length: size }, () => []);
      await Promise.all(
        memoryRanks(size).map(async (ranks, i) => {
          if (i > 0) return work(new RankFollower(ranks, signal), done[i]);
          const leader = new RankLeader(ranks, { portions, open, settle, signal });
          await Promise.all([leader.serve(), work(leader, done[i])]);
        }),
      );
      expect(done.flat().toSorted((a, b) => a - b)).toEqual(open);
      expect(outcomes.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(open);
      for (const own of done) expect(own.length).toBeGreaterThan(0);
    },
  );

  const leaderOf = (ranks: Ranks, open: readonly number[], stop = signal) =>
    new RankLeader(ranks, {
      portions: new Portions(open, ranks.size),
      open,
      settle: async () => undefined,
      signal: stop,
    });

  it("end with a named error, within the time given, when another says nothing", async () => {
    const [first, second] = memoryRanks(2, { timeoutSeconds: 0.3 });
    await second.send(0, new TextEncoder().encode('"more"')); // and never again
    const begun = performance.now();
    await expect(leaderOf(first, [7]).serve()).rejects.toMatchObject({
      code: "RANK_SILENT",
      where: "rank 0 of 2",
      problem:
        "The other ranks did not answer within 0.3 s (a sign of life of rank 1): one has died, the link is lost, or it is far too slow.",
    });
    expect(performance.now() - begun).toBeLessThan(20_000); // without it they wait for minutes
    const [, follower] = memoryRanks(2, { timeoutSeconds: 0.3 });
    await expect(new RankFollower(follower, signal).take()).rejects.toMatchObject({ code: "RANK_SILENT" });
  });

  it("wait for one that works longer than the time given", async () => {
    const [first, second] = memoryRanks(2, { timeoutSeconds: 0.3 });
    const slowly = async (job: SharedJob, ms: number) => {
      for (let portion; (portion = await job.take());)
        for (const index of portion) {
          await new Promise((resolve) => setTimeout(resolve, ms));
          await job.give({ index, text: "" });
        }
    };
    const leader = leaderOf(first, [1, 2]);
    const followed = slowly(new RankFollower(second, signal), 700);
    await Promise.all([leader.serve(), slowly(leader, 1000), followed]);
  });

  it("end when there is nothing that the others could do", async () => {
    const [first, second] = memoryRanks(2);
    const leader = leaderOf(first, [7]);
    const own = work(leader, []);
    await Promise.all([leader.serve(), own, work(new RankFollower(second, signal), [])]);
  });
});

describe.skipIf(mpiAbsent)(`mpirun earshot transcribe${mpiAbsent ? ` (skipped: ${mpiAbsent})` : ""}`, () => {
  const made = mkdtemp(join(tmpdir(), "earshot-ranks-"));
  afterAll(async () => rm(await made, { recursive: true }));

  it("writes what one process writes, byte for byte, and goes on where it was", async () => {
    const folder = await made;
    await mkdir(join(folder, "speech"));
    for (let i = 0; i < 9; i++)
      await writeFile(join(folder, `speech/${i}.wav`), waveFile(sweep(0.2 + 0.05 * (i % 3))));
    await writeFile(join(folder, "speech/8.wav"), "no sound");
    await writeFile(join(folder, "model.safetensors"), writeModelFile(constantModel("a")));
    const argv = (out: string) => {
      const [speech, model] = ["speech", "model.safetensors"].map((name) => join(folder, name));
      return ["transcribe", speech, "-m", model, "--threads", "1", "--out", join(folder, out), "--json"];
    };
    const alone = await earshot(folder, ...argv("alone"));
    const shared = await startMpi(2, [process.execPath, MAIN, ...argv("shared")]).outcome;
    expect(shared.exitCode, shared.stderr).toBe(1); // of the recording that is none
    expect(shared.stdout).toBe(alone.stdout);
    expect(await contents(join(folder, "shared"))).toEqual(await contents(join(folder, "alone")));
    await rm(join(folder, "shared/4.txt"));
    await rm(join(folder, "speech/8.wav"));
    const again = await startMpi(2, [process.execPath, MAIN, ...argv("shared")]).outcome;
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain("7 of 8 recordings have their transcript already");
    expect(await contents(join(folder, "shared"))).toEqual(await contents(join(folder, "alone")));
    const other = ["--np", "1", process.execPath, MAIN, ...argv("mixed"), "--format", "srt"];
    const mixed = await startMpi(1, [process.execPath, MAIN, ...argv("mixed"), ":", ...other]).outcome;
    expect(mixed.stdout + mixed.stderr).toContain("RANKS_DIFFER");
    await expect(readdir(join(folder, "mixed"))).rejects.toThrow("ENOENT");
  });
});

async function contents(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).toSorted();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
}
