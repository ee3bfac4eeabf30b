// The house rules, each a function from sources to complaints.

import { isBuiltin } from "node:module";
import { posix } from "node:path";
import {
  code,
  importsAtOnce,
  importsOf,
  namesMadeIn,
  relativeImports,
  roomOf,
  runtimeImportsOf,
  type Sources,
} from "./reading.ts";

const GROUND = new Set([
  "errors.ts",
  "settings.ts",
  "settings-list.ts",
  "random.ts",
  "figures.ts",
  "quantiles.ts",
  "tensor.ts",
  "web-assembly.ts",
]);
const LONGEST_FILE = 300; // lines
export const LONGEST_FUNCTION = 59;

/** Rooms in the order of the signal path, each with the rooms it may import (docs/architecture.md). */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  text: [],
  audio: ["platform"],
  graph: [],
  engine: ["graph", "platform"],
  network: ["graph"],
  ctc: ["text", "graph"],
  grammar: ["text", "ctc", "platform"],
  lm: ["text", "ctc", "platform"],
  model: ["network", "graph", "engine", "ctc", "audio", "text", "platform"],
  recognizer: ["model", "engine", "ctc", "lm", "audio", "text", "platform"],
  data: ["audio", "text", "ctc", "platform"],
  synthesis: ["data", "grammar", "engine", "graph", "audio", "text", "platform"],
  evaluation: ["recognizer", "model", "data", "ctc", "grammar", "lm", "audio", "text", "platform"],
  training: ["data", "model", "engine", "network", "graph", "ctc", "audio", "text", "platform"],
  walkthrough: ["model", "network", "engine", "ctc", "audio", "text"],
  report: roomsAbove("report"),
  learner: roomsAbove("learner"),
  doctor: roomsAbove("doctor"),
  browser: roomsAbove("browser"),
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
    "grammar",
    "lm",
    "model",
    "recognizer",
  ];
  const all = [
    ...core,
    "data",
    "synthesis",
    "evaluation",
    "training",
    "walkthrough",
    "report",
    "learner",
    "doctor",
    "browser",
    "apps",
  ];
  return all.slice(0, all.indexOf(room));
}

export function forbiddenImports(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) =>
    relativeImports(path, source)
      .filter((target) => !importAllowed(path, target))
      .map((target) => `${path} imports ${target}`),
  );
}

export function importAllowed(path: string, target: string): boolean {
  const [from, to] = [roomOf(path), roomOf(target)];
  if (GROUND.has(target)) return true;
  if (GROUND.has(path)) return false;
  const isDoor = target === `${to}/index.ts`;
  if (path === "index.ts") return isDoor && to !== "apps";
  if (path.startsWith("apps/page/"))
    return target.startsWith("apps/page/") || isDoor || target === "index.ts";
  if (target.startsWith("apps/page/")) return false;
  if (path.startsWith("apps/server/")) return !target.startsWith("apps/cli/") && (from === to || isDoor);
  if (path.startsWith("apps/cli/") && target.startsWith("apps/server/"))
    return target === "apps/server/index.ts";
  if (from === to) return true;
  if (from === "browser" && target.startsWith("platform/browser/")) return true;
  if (target === "index.ts") return from === "apps";
  return (MAY_IMPORT[from] ?? []).includes(to) && isDoor;
}

export function unknownRooms(sources: Sources): string[] {
  return [...new Set([...sources.keys()].map(roomOf))].filter((room) => room !== "" && !(room in MAY_IMPORT));
}

/** Drivers picked by package.json stay inside the room that owns them: `#engine-driver` belongs to engine/. */
export function strayDrivers(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) =>
    importsOf(source)
      .filter((specifier) => specifier.startsWith("#") && !specifier.startsWith(`#${roomOf(path)}-`))
      .map((specifier) => `${path} imports ${specifier}`),
  );
}

export function cycles(sources: Sources): string[] {
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

/** What Node has and browsers lack; then what browsers have. */
const NODE_NAMES = "Buffer process require __dirname __filename setImmediate";
const BROWSER_NAMES =
  "window document navigator self localStorage sessionStorage indexedDB fetch WebSocket Worker XMLHttpRequest " +
  "AudioContext OfflineAudioContext AudioWorkletNode MediaRecorder HTMLElement requestAnimationFrame";
/** Packages that need Node. */
const NODE_PACKAGES = ["commander", "koffi", "modern-tar/fs", "onnxruntime-node", "unbzip2-stream", "yauzl"];

const isDriver = (path: string): boolean => /^(apps|browser|(platform|engine)\/(node|browser))\//.test(path);

export function platformNames(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => !isDriver(path))
    .flatMap(([path, source]) => {
      const names = namesUsed(source, `${NODE_NAMES} ${BROWSER_NAMES}`);
      return [...names, ...nodeModules(source)].map((name) => `${path} uses ${name}`);
    });
}

function namesUsed(source: string, names: string): string[] {
  const text = code(source);
  return names.split(" ").filter((name) => text.includes(name) && usesGlobal(text, name));
}

const nodeModules = (source: string): string[] =>
  importsOf(source).filter((specifier) => isBuiltin(specifier));

/**
 * The doors that a browser cannot open, each with one of the files behind it that need Node: imports are followed to their
 * end, those of drivers by package.json's condition "browser".
 */
export function unfitDoors(sources: Sources, drivers: Readonly<Record<string, string>>): string[] {
  const doors = [...sources.keys()].filter(
    (path) => /^(\w+\/)?index\.ts$/.test(path) && roomOf(path) !== "apps",
  );
  return doors.flatMap((door) => {
    const unfit = [...reachedFrom(door, sources, drivers)].find((path) => needsNode(sources.get(path) ?? ""));
    return unfit === undefined ? [] : [`${door} needs ${unfit}`];
  });
}

function needsNode(source: string): boolean {
  const modules = runtimeImportsOf(source).filter(
    (specifier) => isBuiltin(specifier) || NODE_PACKAGES.includes(specifier),
  );
  return modules.length > 0 || namesUsed(source, NODE_NAMES).length > 0;
}

function reachedFrom(door: string, sources: Sources, drivers: Readonly<Record<string, string>>): Set<string> {
  const reached = new Set([door]);
  for (const path of reached) {
    for (const specifier of runtimeImportsOf(sources.get(path) ?? "")) {
      const target = drivers[specifier] ?? posix.join(posix.dirname(path), specifier);
      if (sources.has(target)) reached.add(target);
    }
  }
  return reached;
}

/** All that the command line loads before it knows what it is asked for: each package more is felt at every start. */
const AT_START = new Set(["commander", "pathe", "zod"]);

export function packagesAtStart(sources: Sources): string[] {
  const reached = new Set(["apps/cli/main.ts"]);
  const complaints: string[] = [];
  for (const path of reached) {
    for (const specifier of importsAtOnce(sources.get(path) ?? "")) {
      const target = posix.join(posix.dirname(path), specifier);
      if (sources.has(target)) reached.add(target);
      else if (/^[@\w]/.test(specifier) && !isBuiltin(specifier) && !AT_START.has(specifier))
        complaints.push(`${path} loads ${specifier} at every start`);
    }
  }
  return complaints;
}

/** A driver's names are those of its interface: the same in the drivers of other platforms. */
export function namesMadeTwice(sources: Sources): string[] {
  const places = new Map<string, Set<string>>();
  for (const [path, source] of sources) {
    for (const name of namesMadeIn(source)) {
      const place = path.replace(/^(platform|engine)\/(node|browser)\//, "$1/driver: ");
      places.set(name, (places.get(name) ?? new Set()).add(isDriver(path) ? place.replace(/:.*/, "") : path));
    }
  }
  const twice = [...places].filter(([, { size }]) => size > 1);
  return twice.map(([name, paths]) => `${name}: ${[...paths].toSorted().join(", ")}`).toSorted();
}

/** A name that the file declares itself (a Hann `window`, say) is not the platform's. */
function usesGlobal(text: string, name: string): boolean {
  if (new RegExp(`\\bglobalThis\\s*\\.\\s*${name}\\b`).test(text)) return true;
  const declared = new RegExp(`\\b(?:const|let|function|class)\\s+${name}\\b|[([{,]\\s*${name}\\??\\s*[:=]`);
  const used = new RegExp(`(?<![.\\w#])${name}\\b(?!\\s*\\??:)`);
  return used.test(text) && !declared.test(text);
}

export function unseededRandomness(sources: Sources): string[] {
  const random = /\bMath\s*\.\s*random\b|\b(?:getRandomValues|randomUUID|randomBytes)\b/;
  return [...sources]
    .filter(([path, source]) => !isDriver(path) && random.test(code(source)))
    .map(([path]) => path);
}

export function exportStars(sources: Sources): string[] {
  return [...sources]
    .filter(([, source]) => /\bexport\s+(?:type\s+)?\*/.test(code(source)))
    .map(([path]) => path);
}

const lines = (source: string): number => source.trimEnd().split("\n").length;

export function longFiles(sources: Sources): string[] {
  return [...sources]
    .filter(([, source]) => lines(source) > LONGEST_FILE)
    .map(([path, source]) => `${path} has ${lines(source)} lines`);
}

export function longFunctions(sources: Sources): string[] {
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
export function unlistedCodes(sources: Sources, page: string): string[] {
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
