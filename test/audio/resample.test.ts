// Resampling: what passes, what must not alias, alignment in time; and the speed change built on it.

import { describe, expect, it } from "vitest";
import { changeSpeed, resample, ResampleStream } from "../../src/audio/index.ts";
import { RandomStream } from "../../src/random.ts";
import { largestDifference, level, tone } from "./signal.ts";

function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}

describe("resample", () => {
  it.each([8_000, 11_025, 22_050, 44_100, 44_101, 48_000, 96_000])(
    "a 1 kHz tone at %i Hz keeps level, length and time",
    async (rateHz) => {
      const output = await resample(tone(1000, rateHz, 0.5), rateHz, 16_000);
      expect(output.length).toBe(Math.round((Math.round(rateHz * 0.5) * 16_000) / rateHz));
      const expected = tone(1000, 16_000, 0.5);
      // The edges differ: the signal begins and ends abruptly.
      const [from, to] = [400, 7600];
      expect(largestDifference(output.subarray(from, to), expected.subarray(from, to))).toBeLessThan(1e-3);
    },
  );

  it.each([8_200, 9_000, 12_000, 15_000, 20_000])(
    "a tone at %i Hz folds back below -120 dB",
    async (hertz) => {
      const output = await resample(tone(hertz, 44_100, 0.5), 44_100, 16_000);
      expect(decibels(level(output, 800, 7200) / level(tone(hertz, 44_100, 0.5)))).toBeLessThan(-120);
    },
  );

  it("a tone at 7 kHz passes within 0.1 dB", async () => {
    const output = await resample(tone(7_000, 44_100, 0.5), 44_100, 16_000);
    expect(Math.abs(decibels(level(output, 800, 7200) / level(tone(7_000, 16_000, 0.5))))).toBeLessThan(0.1);
  });

  it.each([0, 1, 2, 100, 16_384, 16_385])("%i samples at 48 kHz become a third as many", async (count) => {
    const output = await resample(new Float32Array(count).fill(0.25), 48_000, 16_000);
    expect(output.length).toBe(Math.round(count / 3));
  });

  it("samples at 16 kHz stay as they are", async () => {
    const samples = tone(440, 16_000, 0.1);
    expect(await resample(samples, 16_000, 16_000)).toBe(samples);
  });
});

describe("a resampling stream", () => {
  const random = new RandomStream(1, "resampling stream");
  const noise = Float32Array.from({ length: 40_000 }, () => 0.3 * random.normal());

  async function inChunks(rateHz: number, most: number): Promise<number[]> {
    const stream = await ResampleStream.open(rateHz, 16_000);
    const output: number[] = [];
    for (let at = 0, end; at < noise.length; at = end) {
      end = at + Math.ceil(most * random.uniform());
      output.push(...stream.push(noise.subarray(at, end)));
    }
    return [...output, ...stream.finish()];
  }

  it.each([8_000, 11_025, 16_000, 22_050, 44_100, 44_101, 48_000, 96_000, 192_000])(
    "gives in chunks of any size what it gives at once, bit for bit, at %i Hz",
    async (rateHz) => {
      const whole = [...(await resample(noise, rateHz, 16_000))];
      for (const most of [1, 100, 5_000, 20_000]) expect(await inChunks(rateHz, most)).toEqual(whole);
    },
  );

  it("follows closely behind its input", async () => {
    const stream = await ResampleStream.open(48_000, 16_000);
    expect(stream.push(noise).length).toBeGreaterThan((noise.length - 500) / 3);
    stream.close();
    expect(() => stream.push(noise)).toThrow("The resampler has been closed.");
  });
});

describe("changeSpeed", () => {
  it.each([0.9, 1, 1.1])("factor %f divides the length and multiplies the pitch", async (factor) => {
    const output = await changeSpeed(tone(1000, 16_000, 1), factor);
    expect(output.length).toBe(Math.round(16_000 / factor));
    const expected = tone(1000 * factor, 16_000, 1 / factor);
    expect(largestDifference(output.subarray(400, 14_000), expected.subarray(400, 14_000))).toBeLessThan(
      1e-3,
    );
  });

  it.each([0, -1, NaN, 100])("factor %f is an error with its remedy", async (factor) => {
    await expect(changeSpeed(new Float32Array(10), factor)).rejects.toThrow(
      `A speed factor of ${factor} was asked for; it must lie between 0.25 and 4. Use factors near 1; 0.9, 1.0 and 1.1 are usual.`,
    );
  });
});
