// Formats that are read through ffmpeg, where there is one; what is said where there is none stands in decode.test.ts.

import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { ascii, concatenate, faultOf, fixture } from "./fixture.ts";
import { bestCorrelation, risingTone } from "./signal.ts";

const isMissing = spawnSync("ffmpeg", ["-version"]).error !== undefined;

describe.skipIf(isMissing)("through ffmpeg (skipped where it is not on the PATH)", () => {
  it.each([
    ["aac.m4a", 16_000, 1],
    ["aac.aac", 16_000, 1],
    ["opus.webm", 48_000, 2],
  ])("%s holds the signal it was made from", async (name, rateHz, channels) => {
    const decoded = await decodeAudio(fixture(name), name);
    expect([decoded.sourceRateHz, decoded.channels, decoded.warnings]).toEqual([rateHz, channels, []]);
    expect(bestCorrelation(decoded.samples, risingTone(16_000))).toBeGreaterThan(0.98);
  });

  it("what ffmpeg cannot decode is damage, with its complaint as the cause", async () => {
    const fault = await faultOf(concatenate(ascii("\0\0\0\x20ftypM4A "), new Uint8Array(2000)));
    expect(fault.code).toBe("DAMAGED_AUDIO");
    expect(fault.problem).toBe("The recording is damaged: its decoder gave up on it.");
    expect(String(fault.cause)).toContain("ffmpeg");
  });
});
