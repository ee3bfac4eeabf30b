// Keeps the house rules by reading the sources: who may import whom, platform names behind their drivers, sizes,
// error codes listed. Each rule is a function from sources to complaints; the second half tries each on made-up
// sources, so a rule that can no longer fail is noticed. It reads text, not types: oxlint and tsc do the rest.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** Path under src/ (with `/`) → text. */
type Sources = ReadonlyMap<string, string>;

const GROUND = new Set(["errors.ts", "settings.ts", "random.ts", "figures.ts", "tensor.ts"]);
const LONGEST_FILE = 300; // lines
const LONGEST_FUNCTION = 59;

/** Rooms in the order of the signal path, each with the rooms it may import (docs/architecture.md). */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  text: [],
  audio: ["platform"],
  graph: [],
  engine: ["graph", "platform"],
  network: ["graph"],
  ctc: ["text", "graph"],
  lm: ["text", "ctc", "platform"],
  model: ["network", "graph", "engine", "ctc", "audio", "text", "platform"],
  recognizer: ["model", "engine", "ctc", "lm", "audio", "text", "platform"],
  data: ["audio", "text", "ctc", "platform"],
  evaluation: ["recognizer", "model", "data", "ctc", "lm", "audio", "text", "platform"],
  training: ["data", "model", "engine", "network", "graph", "ctc", "audio", "text", "platform"],
  report: roomsAbove("report"),
  learner: roomsAbove("learner"),
  doctor: roomsAbove("doctor"),
  apps: roomsAbove("apps"),
};

function roomsAbove(room: string): string[] {
  const core = [
    "platform",
    "text",
    "audio",
    "graph",
    "engine",
    "network",
    "ctc",
    "lm",
    "model",
    "recognizer",
  ];
  const all = [...core, "data", "evaluation", "training", "report", "learner", "doctor", "apps"];
  return all.slice(0, all.indexOf(room));
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

const LEXEMES =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?<=(?:[(,=:[!&|?{};]|return)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n[])+\/|[`{}]/g;
const TEMPLATE_TEXT = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y;

/** The source with comments blanked, and the contents of strings too unless `keepStrings`; lines stay in place. */
function code(source: string, { keepStrings = false } = {}): string {
  const braces: ("block" | "template")[] = [];
  let result = "";
  let at = 0;
  const blank = (end: number) => {
    result += source.slice(at, end).replaceAll(/[^\n]/g, " ");
    at = end;
  };
  const template = () => {
    TEMPLATE_TEXT.lastIndex = at;
    const text = TEMPLATE_TEXT.exec(source)?.[0] ?? source.slice(at);
    if (text.endsWith("${")) braces.push("template");
    blank(at + text.length);
  };
  const copy = (end: number) => {
    result += source.slice(at, end);
    at = end;
  };
  for (LEXEMES.lastIndex = 0; ; LEXEMES.lastIndex = at) {
    const match = LEXEMES.exec(source);
    if (!match) return result + source.slice(at);
    copy(match.index);
    const end = at + match[0].length;
    if (match[0] === "{") braces.push("block");
    if (match[0] === "`" || (match[0] === "}" && braces.pop() === "template")) {
      blank(end);
      template();
    } else if (match[0] === "{" || match[0] === "}" || (keepStrings && /^["']/.test(match[0]))) copy(end);
    else blank(end);
  }
}

/** The specifiers of static and dynamic imports and re-exports. */
function importsOf(source: string): string[] {
  const text = code(source, { keepStrings: true });
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(([, specifier]) => specifier);
}

function relativeImports(path: string, source: string): string[] {
  return importsOf(source)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => posix.join(posix.dirname(path), specifier));
}

const roomOf = (path: string): string => (path.includes("/") ? path.split("/")[0] : "");

// ── Rules ───────────────────────────────────────────────────────────────────────────────────────────────────────

function forbiddenImports(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) =>
    relativeImports(path, source)
      .filter((target) => !importAllowed(path, target))
      .map((target) => `${path} imports ${target}`),
  );
}

function importAllowed(path: string, target: string): boolean {
  const [from, to] = [roomOf(path), roomOf(target)];
  if (GROUND.has(target)) return true;
  if (GROUND.has(path)) return false;
  const isDoor = target === `${to}/index.ts`;
  if (path === "index.ts") return isDoor && to !== "apps";
  if (from === to) return true;
  if (target === "index.ts") return from === "apps";
  return (MAY_IMPORT[from] ?? []).includes(to) && isDoor;
}

function unknownRooms(sources: Sources): string[] {
  return [...new Set([...sources.keys()].map(roomOf))].filter((room) => room !== "" && !(room in MAY_IMPORT));
}

/** Drivers picked by package.json stay inside the room that owns them: `#engine-driver` belongs to engine/. */
function strayDrivers(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) =>
    importsOf(source)
      .filter((specifier) => specifier.startsWith("#") && !specifier.startsWith(`#${roomOf(path)}-`))
      .map((specifier) => `${path} imports ${specifier}`),
  );
}

function cycles(sources: Sources): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(" → "));
    if (start >= 0 || done.has(path)) return;
    for (const next of relativeImports(path, sources.get(path) ?? "")) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return found;
}

const PLATFORM_NAMES =
  "Buffer process require __dirname __filename setImmediate window document navigator self localStorage " +
  "sessionStorage indexedDB fetch WebSocket Worker XMLHttpRequest AudioContext OfflineAudioContext " +
  "AudioWorkletNode MediaRecorder HTMLElement requestAnimationFrame";

function platformNames(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => !/^(apps|platform\/(node|browser))\//.test(path) && !/\.(node|web)\.ts$/.test(path))
    .flatMap(([path, source]) => {
      const text = code(source);
      const names = PLATFORM_NAMES.split(" ").filter((name) => usesGlobal(text, name));
      const modules = importsOf(source).filter((specifier) => specifier.startsWith("node:"));
      return [...names, ...modules].map((name) => `${path} uses ${name}`);
    });
}

/** A name that the file declares itself (a Hann `window`, say) is not the platform's. */
function usesGlobal(text: string, name: string): boolean {
  const declared = new RegExp(
    `\\b(?:const|let|function|class)\\s+${name}\\b|[([{,]\\s*${name}\\??\\s*[:,)\\]}=]`,
  );
  const used = new RegExp(`(?<![.\\w#])${name}\\b(?!\\s*\\??:)`);
  return used.test(text) && !declared.test(text);
}

function unseededRandomness(sources: Sources): string[] {
  return [...sources]
    .filter(([, source]) => /\bMath\s*\.\s*random\b/.test(code(source)))
    .map(([path]) => path);
}

function exportStars(sources: Sources): string[] {
  return [...sources]
    .filter(([, source]) => /\bexport\s+(?:type\s+)?\*/.test(code(source)))
    .map(([path]) => path);
}

const lines = (source: string): number => source.trimEnd().split("\n").length;

function longFiles(sources: Sources): string[] {
  return [...sources]
    .filter(([, source]) => lines(source) > LONGEST_FILE)
    .map(([path, source]) => `${path} has ${lines(source)} lines`);
}

function longFunctions(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) =>
    functionBodies(code(source))
      .filter(({ first, last }) => last - first + 1 > LONGEST_FUNCTION)
      .map(({ first, last }) => `${path}:${first} is ${last - first + 1} lines long`),
  );
}

/** Blocks that follow `=>`, a parameter list or a return type; blocks of statements inside functions may count too. */
function functionBodies(text: string): { first: number; last: number }[] {
  const open: { line: number; isFunction: boolean }[] = [];
  const bodies: { first: number; last: number }[] = [];
  let line = 1;
  let header = "";
  for (const character of text) {
    if (character === "\n") line++;
    if (character === "{") open.push({ line, isFunction: /=>\s*$|\)\s*(?::[^=]*)?$|^\}\s*$/.test(header) });
    if (character === "}") {
      const block = open.pop();
      if (block?.isFunction) bodies.push({ first: block.line, last: line });
    }
    header = "{};".includes(character) ? character : header + character;
  }
  return bodies;
}

/** Codes of the sources that docs/errors.md does not list, and codes it lists that nothing raises. */
function unlistedCodes(sources: Sources, page: string): string[] {
  const text = [...sources.values()].map((source) => code(source, { keepStrings: true })).join("\n");
  const values = [...text.matchAll(/\bcode:([^,;{}]*)/g)].map(([, value]) => value).join();
  const raised = new Set([...values.matchAll(/"([A-Z][A-Z0-9_]+)"/g)].map(([, name]) => name));
  const listed = new Set([...page.matchAll(/`([A-Z][A-Z0-9_]{2,})`/g)].map(([, name]) => name));
  const missing = [...raised].filter((name) => !listed.has(name)).map((name) => `${name} is not listed`);
  return [
    ...missing,
    ...[...listed].filter((name) => !raised.has(name)).map((name) => `${name} is never raised`),
  ];
}

// ── The house ───────────────────────────────────────────────────────────────────────────────────────────────────

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function readSources(folder: string): Sources {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );
  return new Map(paths.map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")]));
}

describe("the sources of Earshot", () => {
  const sources = readSources(join(root, "src"));
  const rules: Record<string, (sources: Sources) => string[]> = {
    "forbidden imports": forbiddenImports,
    "unknown rooms": unknownRooms,
    "stray drivers": strayDrivers,
    "import cycles": cycles,
    "platform names outside their drivers": platformNames,
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
    expect(platformNames(files({ "audio/a.node.ts": bad, "apps/cli/a.ts": bad }))).toEqual([]);
  });
  it("find unseeded randomness and export stars", () => {
    expect(unseededRandomness(files({ "a.ts": "Math.random()", "b.ts": "// Math.random()" }))).toEqual([
      "a.ts",
    ]);
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
