// The gradient suite on every engine that this machine has beside "cpu", which test/graph/gradients.test.ts runs: the
// rules are the same, so this asks whether an engine computes every operator of ours and of their gradients.

import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/node/driver.ts";
import { compositions, operators } from "../../src/graph/index.ts";
import { gradientError, type Precision } from "../graph/gradient-check.ts";
import { absence } from "./absence.ts";

const TOLERANCE: Record<Precision, number> = { float64: 1e-6, float32: 1e-2 };

const differentiable = [
  ...operators.filter(({ gradient }) => typeof gradient === "function"),
  ...compositions,
];

for (const [name, open] of Object.entries(engines).filter(([name]) => name !== "cpu")) {
  const absent = await absence(open);
  if (absent) {
    it.skip(`gradients on "${name}" (absent here: ${absent.problem})`, () => undefined);
    continue;
  }
  describe(`gradients on "${name}" agree with central differences`, () => {
    it.each(differentiable)("of $name", async ({ examples }) => {
      for (const [index, example] of examples.entries()) {
        for (const precision of ["float64", "float32"] as const) {
          if (precision === "float64" && example.float32Only) continue;
          expect(await gradientError(example, precision, index, name)).toBeLessThan(TOLERANCE[precision]);
        }
      }
    });
  });
}
