import { describe, expect, it } from "vitest";
import { fromHalf, toHalf } from "../../src/tensor.ts";

describe("numbers in half precision", () => {
  it("have the bits of IEEE 754 binary16 (numpy 2: float16(x).view(uint16))", () => {
    const known: [number, number][] = [
      [0, 0x0000], [-0, 0x8000], [1, 0x3c00], [-2, 0xc000], [0.1, 0x2e66], [1 / 3, 0x3555], [65504, 0x7bff],
      [65519.99, 0x7bff], [65520, 0x7c00], [-Infinity, 0xfc00], [2 ** -14, 0x0400], [2 ** -24, 0x0001],
      [2 ** -25, 0x0000], [2 ** -25 * 1.001, 0x0001], [6.1e-5, 0x03ff], [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
    ]; // prettier-ignore
    expect(Array.from(toHalf(known.map(([value]) => value)))).toEqual(known.map(([, bits]) => bits));
    expect(fromHalf(toHalf([NaN]))[0]).toBeNaN();
    expect(Array.from(fromHalf(Uint16Array.of(0x0001, 0x8001, 0x03ff, 0x8000, 0x7c00, 0xfc00)))).toEqual([
      2 ** -24,
      -(2 ** -24),
      1023 * 2 ** -24,
      -0,
      Infinity,
      -Infinity,
    ]);
  });

  it("come back as they were, all 65536 of them", () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const numbers = (bits: number) => (bits & 0x7fff) <= 0x7c00;
    expect(toHalf(fromHalf(all)).filter((_, i) => numbers(i))).toEqual(all.filter(numbers));
  });
});
