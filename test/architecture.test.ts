// Keeps the house rules by reading the sources: who may import whom, platform names behind their drivers, doors that open
// in browsers, one name for one thing, what is loaded at each start, sizes, error codes listed. Each rule (architecture/rules.ts) is a function from
// sources to complaints; the second half tries each on made-up sources, so a rule that can no longer fail is noticed. It
// reads text, not types: oxlint and tsc do the rest.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Sources } from "./architecture/reading.ts";
import {
  cycles,
  exportStars,
  forbiddenImports,
  importAllowed,
  LONGEST_FUNCTION,
  longFiles,
  longFunctions,
  namesMadeTwice,
  packagesAtStart,
  platformNames,
  strayDrivers,
  unfitDoors,
  unknownRooms,
  unlistedCodes,
  unseededRandomness,
} from "./architecture/rules.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function readSources(folder: string): Sources {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.tsx?$/.test(path),
  );
  return new Map(paths.map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")]));
}

/** The files that package.json gives a browser for `#…`, by their names under src/. */
function browserDrivers(): Record<string, string> {
  const { imports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    imports: Record<string, { "earshot-source"?: { browser: string } }>;
  };
  const drivers = Object.entries(imports).flatMap(([name, { "earshot-source": source }]) =>
    source ? [[name, source.browser.replace("./src/", "")] as const] : [],
  );
  return Object.fromEntries(drivers);
}

describe("the sources of Earshot", () => {
  const sources = readSources(join(root, "src"));
  const rules: Record<string, (sources: Sources) => string[]> = {
    "forbidden imports": forbiddenImports,
    "unknown rooms": unknownRooms,
    "stray drivers": strayDrivers,
    "import cycles": cycles,
    "platform names outside their drivers": platformNames,
    "doors that a browser cannot open": (all) => unfitDoors(all, browserDrivers()),
    "packages at every start that few commands need": packagesAtStart,
    "exported names that two files make": namesMadeTwice,
    "unseeded randomness": unseededRandomness,
    "export stars": exportStars,
    "long files": longFiles,
    "long functions": longFunctions,
  };
  it.each(Object.entries(rules))("have no %s", (_, rule) => {
    expect(rule(sources)).toEqual([]);
  });
  it("raise exactly the codes that docs/errors.md lists, and find those that docs/doctor.md explains", () => {
    const page = (name: string) => readFileSync(join(root, "docs", name), "utf8");
    const findings = page("doctor.md").replaceAll(/^### ([A-Z0-9_]+)$/gm, "`$1`");
    expect(unlistedCodes(sources, page("errors.md") + findings)).toEqual([]);
  });
});

const files = (record: Record<string, string>): Sources => new Map(Object.entries(record));

const functionsAround = (body: string): string[] => [
  `function f(a: number): { b: number } {${body}\n}`,
  `const f = async (a = {}) => {${body}\n};`,
  `class C {\n  m(): Promise<void> {${body}\n}\n}`,
];

describe("the rules, on made-up sources", () => {
  it("let a room import the ground, itself, and the doors of rooms above it", () => {
    const source = `import "../errors.ts"; import "./b.ts"; import type { G } from "../graph/index.ts";`;
    expect(forbiddenImports(files({ "network/a.ts": source }))).toEqual([]);
  });
  it("complain about rooms below, back entrances, the ground looking up, and unknown rooms", () => {
    const broken = files({
      "network/a.ts": `import { f } from "../training/index.ts"; const g = await import("../graph/tensor.ts");`,
      "errors.ts": `export { x } from "./text/index.ts";`,
      "helpers/a.ts": "",
    });
    expect(forbiddenImports(broken)).toEqual([
      "network/a.ts imports training/index.ts",
      "network/a.ts imports graph/tensor.ts",
      "errors.ts imports text/index.ts",
    ]);
    expect(unknownRooms(broken)).toEqual(["helpers"]);
    expect(strayDrivers(files({ "audio/a.ts": `import d from "#engine-driver";` }))).toHaveLength(1);
    expect(strayDrivers(files({ "engine/a.ts": `import d from "#engine-driver";` }))).toEqual([]);
  });
  it("let doctor, report and learner know training, which knows none of them", () => {
    expect(importAllowed("doctor/a.ts", "training/index.ts")).toBe(true);
    expect(importAllowed("training/a.ts", "doctor/index.ts")).toBe(false);
    expect(importAllowed("training/a.ts", "evaluation/index.ts")).toBe(false);
    expect(importAllowed("training/a.ts", "report/index.ts")).toBe(false);
    expect(importAllowed("report/a.ts", "training/index.ts")).toBe(true);
  });
  it("let the command line into the server by its door, and the server into no command", () => {
    expect(importAllowed("apps/cli/a.ts", "apps/server/index.ts")).toBe(true);
    expect(importAllowed("apps/cli/a.ts", "apps/server/server.ts")).toBe(false);
    expect(importAllowed("apps/server/a/b.ts", "apps/server/c.ts")).toBe(true);
    expect(importAllowed("apps/server/a/b.ts", "recognizer/index.ts")).toBe(true);
    expect(importAllowed("apps/server/a/b.ts", "recognizer/stream.ts")).toBe(false);
    expect(importAllowed("apps/server/a.ts", "apps/cli/session.ts")).toBe(false);
  });
  it("let the page into any room by its door, and nobody into the page", () => {
    expect(importAllowed("apps/page/listen/a.tsx", "apps/page/b.ts")).toBe(true);
    expect(importAllowed("apps/page/listen/a.tsx", "recognizer/index.ts")).toBe(true);
    expect(importAllowed("apps/page/listen/a.tsx", "recognizer/stream.ts")).toBe(false);
    expect(importAllowed("apps/page/a.ts", "apps/server/index.ts")).toBe(false);
    expect(importAllowed("apps/server/a.ts", "apps/page/a.ts")).toBe(false);
    expect(importAllowed("apps/cli/a.ts", "apps/page/a.ts")).toBe(false);
  });
  it("find a cycle between files", () => {
    const ring = {
      "text/a.ts": `import "./b.ts";`,
      "text/b.ts": `import "./c.ts";`,
      "text/c.ts": `import "./a.ts";`,
    };
    expect(cycles(files(ring))).toEqual(["text/a.ts → text/b.ts → text/c.ts → text/a.ts"]);
    expect(cycles(files({ ...ring, "text/c.ts": `// import "./a.ts";` }))).toEqual([]);
  });
  it("see platform names in code but not in comments, strings, properties or own declarations", () => {
    const fine =
      "// process.exit\nconst a = 'Buffer'; const window = hann(4); b.process(window[0]); c = /fetch/;";
    expect(platformNames(files({ "audio/a.ts": fine }))).toEqual([]);
    const bad = "const a = `${process.pid} fetch`; /* document */ import { readFile } from 'node:fs';";
    expect(platformNames(files({ "audio/a.ts": bad }))).toEqual([
      "audio/a.ts uses process",
      "audio/a.ts uses node:fs",
    ]);
    for (const [text, name] of [
      ["globalThis.process.env", "process"],
      ["f(x, Buffer)", "Buffer"],
      ["const a = { fetch };", "fetch"],
      [`import { readFile } from "fs/promises";`, "fs/promises"],
    ])
      expect(platformNames(files({ "audio/a.ts": text }))).toEqual([`audio/a.ts uses ${name}`]);
    const drivers = { "platform/node/a.ts": bad, "engine/browser/a.ts": bad, "apps/cli/a.ts": bad };
    expect(platformNames(files(drivers))).toEqual([]);
    expect(platformNames(files({ "audio/node/a.ts": bad, "audio/a.node.ts": bad }))).toHaveLength(4);
  });
  it("follow a door's imports to what needs Node, through drivers too, but not those of types", () => {
    const drivers = { "#platform-driver": "platform/browser/driver.ts" };
    const unfit = (change: Record<string, string>) =>
      unfitDoors(
        files({
          "text/index.ts": `export { a } from "./a.ts"; import type { C } from "./c.ts";`,
          "text/a.ts": `import { b } from "../platform/index.ts"; type D = typeof import("node:fs");`,
          "text/c.ts": `import "node:fs";`,
          "platform/index.ts": `export { b } from "#platform-driver"; export type { D } from "./node/driver.ts";`,
          "platform/node/driver.ts": `import { readFile } from "node:fs";`,
          "platform/browser/driver.ts": `export const b = () => fetch("/");`,
          "apps/index.ts": "process.exit();",
          ...change,
        }),
        drivers,
      );
    expect(unfit({})).toEqual([]);
    const driver = "platform/browser/driver.ts";
    const both = [`text/index.ts needs ${driver}`, `platform/index.ts needs ${driver}`];
    for (const broken of [`import { a } from "node:fs";`, "process.exit();", `await import("yauzl");`])
      expect(unfit({ [driver]: broken })).toEqual(both);
    const typed = `import { type C } from "./c.ts"; export { a } from "./a.ts";`; // loads the module
    expect(unfit({ "text/index.ts": typed })).toEqual(["text/index.ts needs text/c.ts"]);
    expect(unfit({ "index.ts": `export { C } from "./text/c.ts";` })).toEqual(["index.ts needs text/c.ts"]);
  });
  it("find packages that are loaded with the command line, and none that is loaded when it is asked for", () => {
    const started = packagesAtStart(
      files({
        "apps/cli/main.ts": `import { a } from "./a.ts"; import { z } from "zod"; import { b } from "node:fs";`,
        "apps/cli/a.ts": `import { parse } from "yaml"; import type { T } from "./b.ts"; await import("ws");`,
        "apps/cli/b.ts": `import { c } from "hono";`,
      }),
    );
    expect(started).toEqual(["apps/cli/a.ts loads yaml at every start"]);
  });
  it("find a name that two files make, and none that a file passes on or that drivers share", () => {
    const apart = {
      "text/a.ts":
        "export async function one() {} export const two = 1; export type Three = 3; // export class C",
      "text/b.ts": `import { one, four } from "./a.ts"; export { one, four }; export { two } from "./a.ts";`,
      "platform/node/a.ts": "export function five() {} export function five(a) {}",
      "platform/browser/b.ts": "const f = 1; export { f as five };",
    };
    expect(namesMadeTwice(files(apart))).toEqual([]);
    const twice = {
      "audio/a.ts":
        "export interface Three {} export abstract class one {} export { a as two }; export { type b };",
      "platform/node/c.ts": "export let two = 2;",
      "graph/b.ts": "export type b = 1; export const five = 5;",
    };
    expect(namesMadeTwice(files({ ...apart, ...twice }))).toEqual([
      "Three: audio/a.ts, text/a.ts",
      "b: audio/a.ts, graph/b.ts",
      "five: graph/b.ts, platform/driver",
      "one: audio/a.ts, text/a.ts",
      "two: audio/a.ts, platform/driver, text/a.ts",
    ]);
  });
  it("find unseeded randomness and export stars", () => {
    const random = { "a.ts": "Math.random()", "b.ts": "// Math.random()", "c.ts": "crypto.randomUUID()" };
    expect(unseededRandomness(files(random))).toEqual(["a.ts", "c.ts"]);
    expect(unseededRandomness(files({ "platform/node/a.ts": "randomUUID()" }))).toEqual([]);
    expect(exportStars(files({ "a.ts": `export * from "./b.ts";`, "b.ts": "export { c };" }))).toEqual([
      "a.ts",
    ]);
  });
  it("measure files and functions, and leave classes, tables and types alone", () => {
    const body = "\n  step();".repeat(LONGEST_FUNCTION - 2);
    for (const source of functionsAround(body)) expect(longFunctions(files({ "a.ts": source }))).toEqual([]);
    for (const source of functionsAround(`${body}\n  step();`))
      expect(longFunctions(files({ "a.ts": source }))).toHaveLength(1);
    const table = `const t = {${"\n  a: 1,".repeat(80)}\n}; class C {${"\n  a = 1;".repeat(80)}\n}`;
    expect(longFunctions(files({ "a.ts": table }))).toEqual([]);
    expect(longFiles(files({ "a.ts": "x\n".repeat(300), "b.ts": "x\n".repeat(301) }))).toEqual([
      "b.ts has 301 lines",
    ]);
  });
  it("compare the codes raised with the page", () => {
    const sources = files({
      "a.ts": `throw new EarshotError({ code: "NO_SUCH_FILE" }); // code: "OLD_CODE"`,
    });
    expect(unlistedCodes(sources, "| `NO_SUCH_FILE` | a | b |")).toEqual([]);
    expect(unlistedCodes(sources, "| `OLD_CODE` | a | b |")).toEqual([
      "NO_SUCH_FILE is not listed",
      "OLD_CODE is never raised",
    ]);
  });
});
