import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/random.ts";
import { keepMask } from "../../src/training/step/dropout-mask.ts";

describe("a dropout mask", () => {
  for (const rate of [1 / 256, 0.05, 0.5, 0.75, 0.9]) {
    it(`drops the bytes below ${rate} × 256, one by one the same`, () => {
      const length = 4001; // no whole number of words
      const mask = keepMask(length, rate, new RandomStream(3, "mask"));
      const random = new RandomStream(3, "mask");
      const words = Uint32Array.from({ length: 1001 }, () => random.bits());
      const bytes = new Uint8Array(words.buffer, 0, length);
      expect(mask).toEqual(bytes.map((byte) => Number(byte >= Math.round(rate * 256))));
    });
  }
});
