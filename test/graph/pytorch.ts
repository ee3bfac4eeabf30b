// The formula of the operands that tools/oracles/compositions_pytorch.py gave to PyTorch 1.13.1 (Debian's package, in
// float64), whose results are in pytorch.json.

import { expect } from "vitest";
import type { Numbers } from "./evaluate.ts";

/** The i-th element is sin(phase + 0.7 i). */
export function wave(dims: readonly number[], phase: number): Numbers {
  const length = dims.reduce((product, size) => product * size, 1);
  return { dims, values: Array.from({ length }, (_, i) => Math.sin(phase + 0.7 * i)) };
}

export function expectNear({ values }: Numbers, expected: readonly number[], digits = 8): void {
  expect(values).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, digits);
}
