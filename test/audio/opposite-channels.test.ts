// Channels that cancel each other out in their mean: what was said must not vanish.

import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { concatenate, fixture, pcm16, wavFile } from "./fixture.ts";
import { largestDifference, level, risingTone } from "./signal.ts";

const codesOf = ({ warnings }: { readonly warnings: readonly { readonly code: string }[] }): string[] =>
  warnings.map(({ code }) => code);

describe("channels of opposite phase", () => {
  const signal = risingTone(16_000);
  const stereo = (right: (sample: number) => number): Uint8Array =>
    wavFile(pcm16(Float32Array.from([...signal].flatMap((sample) => [sample, right(sample)]))), {
      channels: 2,
    });

  it("one of them is heard, and the warning says what is the matter", async () => {
    const { samples, warnings } = await decodeAudio(
      stereo((sample) => -0.95 * sample),
      "clip.wav",
    );
    expect(largestDifference(samples, signal)).toBeLessThan(1e-4);
    const message = "The channels cancel each other out (opposite phase): channel 1 alone is used.";
    expect(warnings).toEqual([{ code: "OPPOSITE_CHANNELS", message }]);
  });

  it("a channel that is silent cancels nothing", async () => {
    const { samples, warnings } = await decodeAudio(
      stereo(() => 0),
      "clip.wav",
    );
    expect(level(samples) / level(signal)).toBeCloseTo(0.5, 3);
    expect(warnings).toEqual([]);
  });

  it.each([
    ["alike", 1, 1 / 3, []],
    ["opposite", -1, 1, ["OPPOSITE_CHANNELS"]],
  ])("two of six channels that are %s beside four silent ones", async (_, sign, heard, codes) => {
    const six = Float32Array.from([...signal].flatMap((sample) => [sample, sign * sample, 0, 0, 0, 0]));
    const found = await decodeAudio(wavFile(pcm16(six), { channels: 6 }), "clip.wav");
    expect(level(found.samples) / level(signal)).toBeCloseTo(heard, 3);
    expect(codesOf(found)).toEqual(codes);
  });

  describe("in a part of the recording", () => {
    const long = risingTone(16_000, 6);
    /** Opposite from `start` to `end`, in seconds. */
    const oppositeWithin = (start: number, end: number, gain = 1) =>
      Float32Array.from([...long].flatMap((sample, n) => [sample, n >= 16_000 * start && n < 16_000 * end ? -gain * sample : sample])); // prettier-ignore

    it.each([
      ["the second half", 3, 6],
      ["a second in the middle, less than a fifth of it all", 2.1, 3.3],
    ])("%s is heard", async (_, start, end) => {
      const file = wavFile(pcm16(oppositeWithin(start, end)), { channels: 2 });
      const { samples, warnings } = await decodeAudio(file, "clip.wav");
      expect(largestDifference(samples, long)).toBeLessThan(1e-4);
      expect(warnings).toEqual([
        {
          code: "OPPOSITE_CHANNELS",
          message: expect.stringMatching(
            /^The channels cancel each other out \(opposite phase\) in \d\.\d\d s: channel 1 alone is used there\.$/,
          ) as string,
        },
      ]);
    });

    it("the louder channel is the one", async () => {
      const file = wavFile(pcm16(oppositeWithin(3, 6, 1.2)), { channels: 2 });
      const { samples } = await decodeAudio(file, "clip.wav");
      expect(level(samples, 64_000, 80_000) / level(long, 64_000, 80_000)).toBeCloseTo(1.2, 2);
    });

    it("a stereo file behind a mono one leaves that as it is", async () => {
      const [first, second] = [fixture("mono.opus"), fixture("stereo-22050.ogg")];
      const { samples } = await decodeAudio(concatenate(first, second), "clip.ogg");
      const alone = await decodeAudio(first, "clip.ogg");
      expect(largestDifference(alone.samples, samples)).toBeLessThan(1e-6);
    });

    it("hiss of opposite phase in a pause is no matter", async () => {
      const both = oppositeWithin(3, 6).map((sample, n) => (n >= 2 * 48_000 ? sample / 1000 : sample));
      expect((await decodeAudio(wavFile(pcm16(both), { channels: 2 }), "clip.wav")).warnings).toEqual([]);
    });
  });
});
