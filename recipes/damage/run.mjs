// 500 damaged recordings with 50 intact ones among them, through one `earshot transcribe`: the intact ones keep their
// transcripts, what is cut gives its text and a warning, the rest are named errors; memory and time stay bounded.
// node recipes/damage/run.mjs [--model FILE] [--seed 1] [--damaged 500] [--intact 50] [--folder runs/damage]

import { spawn, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { RandomStream } from "../../dist/random.js";
import { printTable } from "../earshot.mjs";
import { makeDamaged } from "./damage.mjs";
import { judge, prefixOf } from "./judge.mjs";
import { makeIntact } from "./recordings.mjs";

const SLOWEST_MS = 5000; // of processor time
const MOST_GROWTH_MEGABYTES = 100;

const { values: options } = parseArgs({
  options: {
    model: { type: "string", default: "runs/demo/model.safetensors" },
    seed: { type: "string", default: "1" },
    damaged: { type: "string", default: "500" },
    intact: { type: "string", default: "50" },
    folder: { type: "string", default: "runs/damage" },
  },
});
const program = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));
const listener = fileURLToPath(new URL("listen.mjs", import.meta.url));

rmSync(options.folder, { recursive: true, force: true });
const random = new RandomStream(Number(options.seed), "damage");
const intact = makeIntact(join(options.folder, "intact"), Number(options.intact));
const damaged = makeDamaged(join(options.folder, "damaged"), intact, Number(options.damaged), random);
const prefixes = damaged
  .filter(({ expect }) => expect === "cut")
  .map((file) => prefixOf(file, options.folder))
  .filter((prefix) => prefix !== undefined);
const files = random.shuffle([
  ...intact.map((file) => ({ ...file, kind: "intact", expect: "same", original: file })),
  ...damaged,
]);
const paths = files.map(({ path }) => path);

const start = performance.now();
const { code, lines, stderr } = await transcribe(paths);
const seconds = (performance.now() - start) / 1000;
const heard = listen();
const faults = judge({ files, lines, texts: heard.texts, prefixes });
report();

/** One process for all of them. */
async function transcribe(paths) {
  const child = spawn(process.execPath, [program, "transcribe", ...paths, "-m", options.model, "--json"]);
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise((resolve) => child.on("close", resolve)),
  ]);
  return {
    code,
    stderr,
    lines: stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  };
}

async function textOf(stream) {
  let text = "";
  for await (const part of stream.setEncoding("utf8")) text += part;
  return text;
}

function listen() {
  const list = join(options.folder, "list.json");
  const whole = prefixes.map(({ path }) => path);
  const together = files.filter(({ kind }) => kind !== "folder").map(({ path }) => path);
  writeFileSync(list, JSON.stringify({ alone: [...intact.map(({ path }) => path), ...whole], together }));
  const { stdout, status } = spawnSync(process.execPath, ["--expose-gc", listener, options.model, list], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error("listen.mjs failed");
  return JSON.parse(stdout);
}

function report() {
  const { memory, slowest } = heard;
  const at = (files) => memory.find((entry) => entry.files >= files) ?? memory.at(-1);
  const round = memory.at(-1).files / 3;
  const growth = memory.at(-1).megabytes - at(round).megabytes;
  const whole = [
    code !== 1 && `the exit code is ${code}, not 1`,
    stderr !== "" && `stderr carries: ${stderr.slice(0, 500)}`,
    slowest.milliseconds > SLOWEST_MS &&
      `${slowest.path} took ${slowest.milliseconds.toFixed(0)} ms of processor time`,
    growth > MOST_GROWTH_MEGABYTES && `memory grew by ${growth.toFixed(0)} MB in the second and third round`,
  ].filter(Boolean);
  printTable(["kind", "files", "text", "text and a warning", "named error", "wrong"], rows());
  const resident = [100, round, 2 * round, 3 * round].map(
    (n) => `${at(n).megabytes.toFixed(0)} MB after ${at(n).files}`,
  );
  console.log(`\none process: ${files.length} files in ${seconds.toFixed(1)} s, exit code ${code}`);
  const spoken = prefixes.filter(({ path }) => heard.texts[path].text !== "").length;
  console.log(`cut WAV and FLAC files with a second left: ${prefixes.length}; ${spoken} of them with words`);
  console.log(
    `memory: ${resident.join(", ")}; slowest file ${slowest.milliseconds.toFixed(0)} ms (${slowest.path})`,
  );
  console.log(`error codes: ${count(lines.flatMap(({ error }) => error?.code ?? []))}`);
  for (const fault of [
    ...faults.map(({ path, kind, complaint }) => `${path} (${kind}): ${complaint}`),
    ...whole,
  ])
    console.log(`WRONG ${fault}`);
  console.log(`${faults.length + whole.length} wrong`);
  if (faults.length + whole.length > 0) process.exitCode = 1;
}

function rows() {
  const lineOf = new Map(lines.map((line) => [line.path, line]));
  return [...new Set(files.map(({ kind }) => kind))].toSorted().map((kind) => {
    const own = files.filter((file) => file.kind === kind);
    const results = own.map(({ path }) => lineOf.get(path));
    const withText = results.filter((line) => line?.text !== undefined);
    const warned = withText.filter(({ warnings }) => warnings.length > 0).length;
    const errors = results.filter((line) => line?.error).length;
    return [
      kind,
      own.length,
      withText.length - warned,
      warned,
      errors,
      faults.filter((fault) => fault.kind === kind).length,
    ];
  });
}

function count(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, n]) => `${name} ${n}`).join(", ");
}
