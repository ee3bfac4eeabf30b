// Every operator in the table is checked here without being named: a new row is tested without anyone asking.

import { describe, expect, it } from "vitest";
import { operators } from "../../src/graph/index.ts";
import { gradientError, type Precision } from "./gradient-check.ts";

const TOLERANCE: Record<Precision, number> = { float64: 1e-6, float32: 1e-2 };

describe.each(operators)("the gradient of $name", ({ name, gradient, examples }) => {
  if (typeof gradient !== "function") {
    it(`does not exist, for a reason: ${gradient.none}`, () => expect(gradient.none).not.toBe(""));
    return;
  }
  it("has examples", () => expect(examples.length).toBeGreaterThan(0));
  for (const [index, example] of examples.entries()) {
    for (const precision of ["float64", "float32"] as const) {
      it(`${name} ${example.title ?? `example ${index + 1}`} agrees with central differences in ${precision}`, async () => {
        expect(await gradientError(example, precision, index)).toBeLessThan(TOLERANCE[precision]);
      });
    }
  }
});
