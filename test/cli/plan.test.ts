// earshot plan: its options, its table, and a step that it measures.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseRanks, parseRate } from "../../src/apps/cli/plan-options.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, jsonLines } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-plan-"));
afterAll(() => rm(folder, { recursive: true }));

describe("earshot plan", () => {
  it("makes a table and says what it assumes", async () => {
    const argv = [
      "--hours",
      "100",
      "--step-seconds",
      "1",
      "--ranks",
      "1,4",
      "--link",
      "1Gbit/s",
      "--cost",
      "0.5",
    ];
    const { code, stdout, stderr } = await earshot(folder, "plan", ...argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^ranks +updates .* cost\/epoch\n +1 .*100\.0 % .*\n +4 /);
    expect(stdout).toContain(
      "100 hours of speech; lengths log-normal, mean 8 s, spread 0.5, cut off to 0.5 … 30 s",
    );
    expect(stdout).toContain("an update learns from a batch of each rank: ");
    expect(stdout).toContain("a link of 0.125 GB/s and 50 µs of its own");
  });

  it("measures steps of the network that it is asked about, and takes lengths from a manifest", async () => {
    for (const [name, seconds] of [
      ["a", 0.5],
      ["b", 0.8],
    ] as const)
      await writeFile(join(folder, `${name}.wav`), waveFile(sweep(seconds)));
    await writeFile(join(folder, "list.csv"), "path,transcript\na.wav,a\nb.wav,b\n");
    const argv = ["list.csv", "--width", "8", "--batch", "2", "--ranks", "1..2", "--threads", "1", "--json"];
    const { code, stdout, stderr } = await earshot(folder, "plan", ...argv);
    expect(code, stderr).toBe(0);
    const [planned] = jsonLines(stdout) as [Record<string, { secondsPerFrame: number; width: number }>];
    expect(planned).toMatchObject({ maxUtterances: 2, lengths: { recordings: 2 }, network: { width: 8 } });
    expect(planned.hours).toBeCloseTo(1.3 / 3600, 8);
    expect(planned.cost.secondsPerFrame).toBeGreaterThan(0);
    expect(planned.plans).toHaveLength(2);
  });

  it("takes batches an update, and the compression of gradients, from the settings", async () => {
    const given = ["--hours", "10", "--step-seconds", "1", "--ranks", "2", "--json"];
    const planned = async (...more: readonly string[]) =>
      jsonLines((await earshot(folder, "plan", ...given, ...more)).stdout)[0] as Record<string, object>;
    const short = await planned("--compress");
    const set = await planned("--set", "gradientCompression=float16", "--set", "accumulate=4");
    expect(set.exchange).toEqual(short.exchange);
    expect((await planned()).exchange).not.toEqual(short.exchange);
    expect(set.accumulate).toBe(4);
  });

  it("asks for the hours, and refuses what is no rate and no number of ranks", async () => {
    expect((await earshot(folder, "plan")).stderr).toContain("Give --hours, or a manifest of recordings.");
    expect((await earshot(folder, "plan", "--hours", "1", "--ranks", "0")).code).toBe(2);
    expect((await earshot(folder, "plan", "--hours", "1", "--link", "fast")).stderr).toContain(
      "It is a rate in GB/s",
    );
  });

  it("refuses amounts with which nothing can be predicted", async () => {
    for (const name of ["--hours", "--bucket", "--step-seconds", "--mean-seconds"]) {
      const { code, stderr } = await earshot(folder, "plan", name, "0");
      expect(code, name).toBe(2);
      expect(stderr).toContain("It is a number above 0");
    }
    const long = await earshot(folder, "plan", "--hours", "1", "--mean-seconds", "31");
    expect(long.stderr).toContain("It is from 0.5 to 30.");
    expect((await earshot(folder, "plan", "--overlap", "5")).stderr).toContain("It is a share from 0 to 1");
  });
});

it("ranks are a number, a list, or doublings up to the last", () => {
  expect(parseRanks("8")).toEqual([8]);
  expect(parseRanks("1,3,9")).toEqual([1, 3, 9]);
  expect(parseRanks("1..8")).toEqual([1, 2, 4, 8]);
  expect(parseRanks("3..20")).toEqual([3, 6, 12, 20]);
  expect(() => parseRanks("8..1")).toThrow("number of ranks");
});

it("rates are in GB/s unless they say otherwise", () => {
  expect(parseRate("1.25")).toBe(1.25e9);
  expect(parseRate("10Gbit/s")).toBe(1.25e9);
  expect(parseRate("100 mbit/s")).toBe(1.25e7);
  expect(parseRate("1Gb/s")).toBe(1.25e8);
  expect(parseRate("125 MB/s")).toBe(1.25e8);
  expect(parseRate("125Mb/s")).toBe(1.5625e7);
  expect(() => parseRate("10 furlongs")).toThrow("rate in GB/s");
});
