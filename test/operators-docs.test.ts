// Keeps docs/operators.md true: it is what tools/operators-docs.mjs makes of the tables and of the comments in the
// sources, and says of every function what it gives.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as graph from "../src/graph/index.ts";

const generator = new URL("../tools/operators-docs.mjs", import.meta.url).href;
const { functionOf, operatorsPage, readComments } = (await import(generator)) as {
  functionOf: (room: typeof graph, operator: graph.OperatorDefinition) => string | undefined;
  operatorsPage: (room: typeof graph, comments: ReadonlyMap<string, string>) => Promise<string>;
  readComments: () => ReadonlyMap<string, string>;
};

describe("docs/operators.md", () => {
  const comments = readComments();
  const applied = graph.operators.map((operator) => functionOf(graph, operator));

  it("is what tools/operators-docs.mjs writes: after a change, npm run build && node tools/operators-docs.mjs", async () => {
    const page = readFileSync(new URL("../docs/operators.md", import.meta.url), "utf8");
    expect(page).toBe(await operatorsPage(graph, comments));
  });
  it("names the function of every operator that is not part of a gradient alone", () => {
    const without = graph.operators.filter((_, i) => applied[i] === undefined);
    expect(without.map(({ name }) => name)).toEqual(["ConvTranspose"]);
    expect(new Set(applied).size).toBe(applied.length);
  });
  it("says what every function gives", () => {
    const names = [...applied, ...graph.compositions.map(({ name }) => name)];
    expect(names.filter((name) => name !== undefined && !comments.get(name))).toEqual([]);
  });
});
