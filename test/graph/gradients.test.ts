// Every operator and composition in the tables is checked here without being named: a new row is tested without anyone
// asking.

import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compositions, operators, type GradientExample } from "../../src/graph/index.ts";
import { gradientError, type Precision } from "./gradient-check.ts";

const TOLERANCE: Record<Precision, number> = { float64: 1e-6, float32: 1e-2 };

const precisionsOf = ({ float32Only }: GradientExample): Precision[] =>
  float32Only ? ["float32"] : ["float64", "float32"];

describe.each(operators)("the gradient of $name", ({ name, gradient, examples }) => {
  if (typeof gradient !== "function") {
    it(`does not exist, for a reason: ${gradient.none}`, () => expect(gradient.none).not.toBe(""));
    return;
  }
  agreesWithDifferences(name, examples);
});

describe.each(compositions)("the gradient of $name", ({ name, examples }) => {
  agreesWithDifferences(name, examples);
});

function agreesWithDifferences(name: string, examples: readonly GradientExample[]): void {
  it("has examples", () => expect(examples.length).toBeGreaterThan(0));
  for (const [index, example] of examples.entries()) {
    for (const precision of precisionsOf(example)) {
      it(`${name} ${example.title ?? `example ${index + 1}`} agrees with central differences in ${precision}`, async () => {
        expect(await gradientError(example, precision, index)).toBeLessThan(TOLERANCE[precision]);
      });
    }
  }
}

/** Everything with a capital letter that the files of a folder of src/graph/ export. */
async function definitionsIn(folder: string): Promise<unknown[]> {
  const url = new URL(`../../src/graph/${folder}/`, import.meta.url);
  const families = readdirSync(url).filter((file) => file !== "index.ts");
  const modules: Record<string, unknown>[] = await Promise.all(
    families.map((file) => import(new URL(file, url).href)),
  );
  return modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) => (/^[A-Z]/.test(name) ? [value] : [])),
  );
}

describe.each([
  { folder: "operators", table: operators, least: 20 },
  { folder: "compositions", table: compositions, least: 5 },
])("the table of $folder", ({ folder, table, least }) => {
  it(`lists everything that a file of ${folder}/ defines, once`, async () => {
    const defined = await definitionsIn(folder);
    expect(defined.length).toBeGreaterThanOrEqual(least);
    expect(new Set<unknown>(table)).toEqual(new Set(defined));
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
  });
});
