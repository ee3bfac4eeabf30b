import { describe, expect, it } from "vitest";
import { changeTempo } from "../../src/audio/index.ts";
import { level, tone } from "./signal.ts";

/** Crossings of zero upward in the samples from `start` to `end`. */
const periods = (samples: Float32Array, start: number, end: number): number =>
  samples
    .subarray(start, end)
    .reduce((count, value, n, part) => count + Number(n > 0 && part[n - 1] < 0 && value >= 0), 0);

describe("another tempo", () => {
  it.each([0.5, 0.8, 0.9, 1.1, 1.25, 2])(
    "%f keeps the pitch and the loudness, in round(n / factor) samples",
    (factor) => {
      for (const hertz of [110, 205, 440]) {
        const spoken = tone(hertz, 16_000, 1.5);
        const changed = changeTempo(spoken, factor);
        expect(changed.length).toBe(Math.round(spoken.length / factor));
        expect(level(changed, 1000, changed.length - 1000)).toBeCloseTo(level(spoken), 1);
        const seconds = (changed.length - 2000) / 16_000;
        expect(Math.abs(periods(changed, 1000, changed.length - 1000) / seconds - hertz)).toBeLessThan(
          0.03 * hertz,
        );
      }
    },
  );

  it("moves every sound to its place in time", () => {
    const clicks = new Float32Array(32_000);
    for (const at of [4000, 12_000, 20_000, 28_000]) clicks.set(tone(1000, 16_000, 0.05), at);
    for (const factor of [0.8, 1.25]) {
      const changed = changeTempo(clicks, factor);
      for (const at of [4000, 12_000, 20_000, 28_000]) {
        const place = Math.round((at + 400) / factor);
        expect(level(changed, place - 200, place + 200)).toBeGreaterThan(0.2);
        const between = Math.round((at + 4000) / factor);
        if (between < changed.length - 200)
          expect(level(changed, between - 200, between + 200)).toBeLessThan(0.01);
      }
    }
  });

  it("of 1 changes nothing, and takes recordings of any length", () => {
    const spoken = tone(440, 16_000, 0.3);
    expect(changeTempo(spoken, 1)).toBe(spoken);
    for (const count of [0, 1, 100, 500]) {
      expect(changeTempo(spoken.subarray(0, count), 1.1).length).toBe(Math.round(count / 1.1));
    }
  });

  it("refuses factors that nobody could follow", () => {
    expect(() => changeTempo(new Float32Array(10), 5)).toThrow(
      "A tempo factor of 5 was asked for; it must lie between 0.25 and 4. Use factors near 1; 0.9, 1.0 and 1.1 are usual.",
    );
  });
});
