// Files as ffmpeg writes them, whole or into a pipe, where it is on the PATH: every coding of WAV that is promised, and
// streams whose writer could not go back to its header.

import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { fixture } from "./fixture.ts";
import { bestCorrelation, largestDifference, risingTone } from "./signal.ts";

const isMissing = spawnSync("ffmpeg", ["-version"]).error !== undefined;
const signal = risingTone(16_000);

/** What ffmpeg writes into a pipe: it cannot seek there. */
function piped(...output: readonly string[]): Uint8Array {
  const input = ["-v", "error", "-f", "wav", "-i", "pipe:0"];
  const { stdout, stderr } = spawnSync("ffmpeg", [...input, ...output, "pipe:1"], {
    input: fixture("float32.wav"),
  });
  expect(stderr.toString()).toBe("");
  return new Uint8Array(stdout);
}

describe.skipIf(isMissing)("ffmpeg's files (skipped where it is not on the PATH)", () => {
  it.each([
    ["pcm_u8", 2 ** -7],
    ["pcm_s16le", 2 ** -15],
    ["pcm_s24le", 2 ** -15],
    ["pcm_s32le", 2 ** -15],
    ["pcm_f32le", 2 ** -15],
    ["pcm_f64le", 2 ** -15],
    ["pcm_mulaw", 2 ** -6],
    ["pcm_alaw", 2 ** -6],
  ])("WAV of unknown length with %s", async (codec, step) => {
    const { samples, warnings } = await decodeAudio(piped("-c:a", codec, "-f", "wav"), "pipe.wav");
    expect([samples.length, warnings]).toEqual([2400, []]);
    expect(largestDifference(samples, signal)).toBeLessThanOrEqual(step);
  });

  it.each([
    ["FLAC", ["-f", "flac"]],
    ["Ogg with Opus", ["-c:a", "libopus", "-b:a", "64k", "-f", "ogg"]],
    ["Ogg with FLAC", ["-c:a", "flac", "-f", "ogg"]],
    ["MP3 without a count of its frames", ["-f", "mp3", "-b:a", "64k"]],
  ])("%s from a pipe", async (_, output) => {
    const { samples, warnings } = await decodeAudio(piped(...output), "pipe");
    expect(warnings).toEqual([]);
    expect(bestCorrelation(samples, signal.subarray(0, 2200))).toBeGreaterThan(0.97);
  });

  it("six channels, whose header is an extensible one", async () => {
    const { samples, channels } = await decodeAudio(
      piped("-af", "pan=5.1|FL=c0|FC=c0", "-f", "wav"),
      "pipe.wav",
    );
    expect([samples.length, channels]).toEqual([2400, 6]);
    expect(
      largestDifference(
        samples,
        signal.map((value) => value / 3),
      ),
    ).toBeLessThan(1e-4);
  });
});
