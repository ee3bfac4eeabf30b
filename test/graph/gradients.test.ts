// Every operator in the table is checked here without being named: a new row is tested without anyone asking.

import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { operators, type GradientExample } from "../../src/graph/index.ts";
import { gradientError, type Precision } from "./gradient-check.ts";

const TOLERANCE: Record<Precision, number> = { float64: 1e-6, float32: 1e-2 };

const precisionsOf = ({ float32Only }: GradientExample): Precision[] =>
  float32Only ? ["float32"] : ["float64", "float32"];

describe.each(operators)("the gradient of $name", ({ name, gradient, examples }) => {
  if (typeof gradient !== "function") {
    it(`does not exist, for a reason: ${gradient.none}`, () => expect(gradient.none).not.toBe(""));
    return;
  }
  it("has examples", () => expect(examples.length).toBeGreaterThan(0));
  for (const [index, example] of examples.entries()) {
    for (const precision of precisionsOf(example)) {
      it(`${name} ${example.title ?? `example ${index + 1}`} agrees with central differences in ${precision}`, async () => {
        expect(await gradientError(example, precision, index)).toBeLessThan(TOLERANCE[precision]);
      });
    }
  }
});

describe("the table of operators", () => {
  it("lists every operator that a file of operators/ defines, once", async () => {
    const folder = new URL("../../src/graph/operators/", import.meta.url);
    const families = readdirSync(folder).filter((file) => file !== "index.ts");
    const modules: Record<string, unknown>[] = await Promise.all(
      families.map((file) => import(new URL(file, folder).href)),
    );
    const defined = modules.flatMap((module) =>
      Object.entries(module).flatMap(([name, value]) => (/^[A-Z]/.test(name) ? [value] : [])),
    );
    expect(defined.length).toBeGreaterThan(20);
    expect(new Set(operators)).toEqual(new Set(defined));
    expect(new Set(operators.map(({ name }) => name)).size).toBe(operators.length);
  });
});
