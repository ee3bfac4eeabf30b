// Makes a checkout ready to run, and does nothing when it already is: `npm ci` when package-lock.json asks for it,
// a build of dist/ when a source changed (with the files of onnxruntime-web that Earshot uses, so that nobody installs the
// rest; ready-made modules for browsers; and the page), the command marked executable (so that `npx earshot` works here).
// Needs Node and npm only. It emits without checking types, so that a type error cannot hide the tests;
// tools/check.mjs checks them.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = [20, 19];
const LOCK_GIVEN_UP_AFTER_MS = 15 * 60_000; // longer than any install
const LOCK = ".earshot/setup.lock"; // outside node_modules, which `npm ci` removes
const SOURCES = [
  "src",
  "tsconfig.json",
  "package-lock.json",
  "tools/build-browser.mjs",
  "tools/build-page.mjs",
];
const BUILT_FROM = ".earshot/built-from";
const COMMAND = "dist/apps/cli/main.js";
/** ONNX Runtime as WebAssembly: its JavaScript for Node, with that of its threads, that for browsers, the binary; the build for GPUs. */
const WASM_RUNTIME = [
  "ort.node.min.mjs",
  "ort-wasm-simd-threaded.mjs",
  "ort.wasm.bundle.min.mjs",
  "ort-wasm-simd-threaded.wasm",
  "ort.jspi.bundle.min.mjs",
  "ort-wasm-simd-threaded.jspi.wasm",
];

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
requireNode(OLDEST_NODE);
const work = [
  { isDone: isInstalled, run: install },
  { isDone: isBuilt, run: build },
];
if (process.argv.includes("--build")) fs.rmSync(BUILT_FROM, { force: true });
if (!work.every(({ isDone }) => isDone())) {
  await withLock(() => work.forEach(({ isDone, run }) => isDone() || run()));
}

/** Whether npm's own record of what it installed has every package of the lock file (but other systems' binaries). */
function isInstalled() {
  if (!fs.existsSync("node_modules/.package-lock.json")) return false;
  const [wanted, present] = ["package-lock.json", "node_modules/.package-lock.json"].map(
    (path) => JSON.parse(fs.readFileSync(path, "utf8")).packages,
  );
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || present[path]?.version === version,
  );
}

function isBuilt() {
  if (!fs.existsSync("dist") || !fs.existsSync(BUILT_FROM)) return false;
  return fs.readFileSync(BUILT_FROM, "utf8") === fingerprint(SOURCES);
}

/** A hash over names and contents, so that neither a removed file nor a copied time stamp goes unnoticed. */
function fingerprint(inputs) {
  const hash = createHash("sha256");
  for (const path of inputs.flatMap(filesUnder))
    hash.update(`${path}\0`).update(fs.readFileSync(path)).update("\0");
  return hash.digest("hex");
}

function filesUnder(path) {
  if (!fs.statSync(path).isDirectory()) return [path];
  return fs
    .readdirSync(path)
    .toSorted()
    .flatMap((name) => filesUnder(join(path, name)));
}

function install() {
  console.error("setup: installing dependencies (npm ci)");
  const options = ["--ignore-scripts", "--no-progress"]; // onnxruntime-node's script would download CUDA libraries
  const npm = process.env.npm_execpath; // the npm that called us; a plain `node tools/setup.mjs` looks on the PATH
  if (npm?.endsWith("js")) execute(process.execPath, [npm, "ci", ...options]);
  else execute("npm", ["ci", ...options], { shell: process.platform === "win32" });
}

/** Builds beside dist/ and then swaps, so that a program started meanwhile finds the old build or the new one. */
function build() {
  console.error("setup: building dist/");
  const sources = fingerprint(SOURCES); // taken first: what is saved meanwhile makes the next set-up build again
  const [fresh, old] = [".earshot/dist.tmp", ".earshot/dist.old.tmp"];
  for (const path of [fresh, old]) fs.rmSync(path, { recursive: true, force: true });
  execute(process.execPath, ["node_modules/typescript/bin/tsc", "--noCheck", "--outDir", fresh]);
  for (const name of WASM_RUNTIME)
    fs.cpSync(`node_modules/onnxruntime-web/dist/${name}`, `${fresh}/browser/${name}`);
  execute(process.execPath, ["tools/build-browser.mjs", fresh]);
  execute(process.execPath, ["tools/build-page.mjs", `${fresh}/page`]);
  execute(process.execPath, ["tools/build-command.mjs", fresh]);
  if (fs.existsSync("dist")) fs.renameSync("dist", old);
  fs.renameSync(fresh, "dist");
  fs.rmSync(old, { recursive: true, force: true });
  if (fs.existsSync(COMMAND)) fs.chmodSync(COMMAND, 0o755);
  fs.writeFileSync(BUILT_FROM, sources);
}

function execute(program, parameters, options = {}) {
  // stdout is for the caller's own output, so a child's goes to stderr.
  const { status, error } = spawnSync(program, parameters, { stdio: ["ignore", 2, 2], ...options });
  if (status !== 0)
    throw new Error(`setup: "${program} ${parameters.join(" ")}" failed. ${error?.message ?? ""}`);
}

/** One set-up at a time; a lock whose owner is dead, or that is too old, is taken over. */
async function withLock(action) {
  fs.mkdirSync(dirname(LOCK), { recursive: true });
  for (let waited = false; !tryLock(); waited = true) {
    if (!waited) console.error("setup: waiting for another set-up of this checkout to finish");
    if (lockIsDead()) fs.rmSync(LOCK, { force: true });
    else await sleep(200);
  }
  try {
    action();
  } finally {
    fs.rmSync(LOCK, { force: true });
  }
}

function tryLock() {
  try {
    fs.writeFileSync(LOCK, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function lockIsDead() {
  try {
    if (Date.now() - fs.statSync(LOCK).mtimeMs > LOCK_GIVEN_UP_AFTER_MS) return true;
    const owner = Number(fs.readFileSync(LOCK, "utf8"));
    if (owner > 0) process.kill(owner, 0); // signal 0 only asks whether the process exists; 0 = not written yet
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function requireNode([major, minor]) {
  const [ours, oursMinor] = process.versions.node.split(".").map(Number);
  if (ours > major || (ours === major && oursMinor >= minor)) return;
  console.error(
    `Earshot needs Node ${major}.${minor} or newer; this is ${process.versions.node}. See https://nodejs.org.`,
  );
  process.exit(3);
}
