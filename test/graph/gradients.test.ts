// Every operator and composition in the tables is checked here without being named: a new row is tested without anyone
// asking.

import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  add,
  cast,
  clip,
  compositions,
  differentiate,
  Graph,
  mul,
  operators,
  reduceSum,
  scan,
  zerosLike,
  type GradientExample,
  type Tensor,
} from "../../src/graph/index.ts";
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

describe("whole numbers between a variable and the result", () => {
  const truncated = (x: Tensor) => cast(mul(x, 3), "int64");
  const ranges = [[0.4, 0.6]] as const; // 3x stays clear of a whole number
  const cases: Record<string, GradientExample> = {
    "of a cast": { shapes: [[2, 3]], ranges, build: (x) => mul(x, cast(truncated(x), x.type)) },
    "of arithmetic and a clip": {
      shapes: [[2, 3]],
      ranges,
      build: (x) => mul(x, cast(clip(mul(truncated(x), 5), 0, 4), x.type)),
    },
    "of a loop's state": {
      shapes: [[4, 3]],
      ranges,
      build: (x) => {
        const { outputs } = scan({
          states: [zerosLike(truncated(x), 1, 2)],
          sequences: [x],
          direction: "forward",
          step: ([count], [slice]) => {
            const next = clip(add(count, truncated(slice)), 0, 3);
            return { states: [next], outputs: [mul(slice, cast(next, slice.type))] };
          },
        });
        return outputs[0];
      },
    },
  };
  it.each(Object.entries(cases))("send no gradient on: those %s", async (_, example) => {
    expect(await gradientError(example, "float64", 3)).toBeLessThan(TOLERANCE.float64);
  });
  it("leave a variable without a gradient when there is no other way", () => {
    const x = new Graph().input("x", "float32", [3]);
    const text = "no whole numbers or comparison between";
    expect(() => differentiate(truncated(x), [x])).toThrow(text);
    expect(() => differentiate(cast(truncated(x), "float32"), [x])).toThrow(text);
    const whole = x.graph.input("whole", "int64", [3]);
    expect(() => differentiate(reduceSum(whole, [0]), [whole])).toThrow(text);
  });
});

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
