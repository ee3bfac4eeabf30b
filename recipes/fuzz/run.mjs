// Fuzzes the readers of foreign bytes: node recipes/fuzz/run.mjs [--seed 1] [--executions 1000000] [--reader NAME,…]
// [--keep FOLDER] [--missed]; or runs kept cases again: … --cases FOLDER. A thread does the work; this file watches
// that it goes on, writes findings down and prints a table. The exit code is 1 when anything was found.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { printTable } from "../earshot.mjs";
import { execute } from "./execute.mjs";
import { folder, READERS } from "./readers.mjs";

const HANG_CPU_SECONDS = 20; // for one execution
const HANG_SECONDS = 300;
const SHARED_BYTES = 2 ** 16;
const HEAP_MEGABYTES = 512;

const { values: options } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    executions: { type: "string", default: "1000000" },
    reader: { type: "string" },
    keep: { type: "string", default: "runs/fuzz" },
    cases: { type: "string" },
    missed: { type: "boolean", default: false },
  },
});
async function fuzzAll() {
  const rows = [];
  const chosen = options.reader?.split(",") ?? Object.keys(READERS);
  const shares = chosen.reduce((sum, name) => sum + READERS[name].share, 0);
  for (const name of chosen) {
    rows.push(await fuzz(name, Math.ceil((Number(options.executions) * READERS[name].share) / shares)));
  }
  printTable(["reader", "executions", "findings", "kept inputs", "lines of code reached", "time"], rows);
  thread?.close();
  const sum = rows.reduce((sum, [, executions]) => sum + executions, 0);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`\n${sum} executions, ${findings} findings, peak memory ${peak} MB, seed ${options.seed}`);
}

/** One reader; after an input on which the thread hung or died, a new thread goes on behind it. */
async function fuzz(name, executions) {
  const start = performance.now();
  const before = findings;
  let result;
  for (let from = 0; from < executions;) {
    thread ??= new Thread();
    const ending = await thread.run({ name, seed: Number(options.seed), from, until: executions });
    if (!ending.result) thread = undefined;
    from = ending.next;
    result = ending.result ?? result;
  }
  const seconds = (performance.now() - start) / 1000;
  if (options.missed && result) tellMissed(name, result);
  return [
    name,
    executions,
    findings - before,
    result?.kept ?? "–",
    result ? reach(result) : "–",
    `${seconds.toFixed(0)} s`,
  ];
}

class Thread {
  #shared = new SharedArrayBuffer(SHARED_BYTES);
  #state = new Int32Array(this.#shared, 0, 3); // as worker.mjs fills it
  #worker = new Worker(new URL("worker.mjs", import.meta.url), {
    workerData: { shared: this.#shared, folder },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  });

  /** Until the job is done, or cannot be: then `next` is where to go on with another thread. */
  run(job) {
    return new Promise((resolve) => {
      const watch = this.#watchPulse(() => give("hang: it does not end"));
      const died = (error) => give(`died: ${error.stack?.split("\n").slice(0, 3).join(" ")}`);
      const told = ({ lines, kept, complaint, input }) => {
        if (lines) end({ next: job.until, result: { lines, kept } });
        else found(job.name, complaint, input);
      };
      const give = (complaint) => {
        found(job.name, complaint, this.#input());
        end({ next: Atomics.load(this.#state, 0) + 1 });
        this.close();
      };
      const end = (ending) => {
        clearInterval(watch);
        this.#worker.off("error", died).off("message", told);
        resolve(ending);
      };
      this.#worker.on("error", died).on("message", told).postMessage(job);
    });
  }

  /** Standing still costs processor time, or takes very long: on a busy machine a thread may just wait for its turn. */
  #watchPulse(onStandstill) {
    const cpuSeconds = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
    let last = { pulse: -1, clock: 0, cpu: 0 };
    return setInterval(() => {
      const now = { pulse: Atomics.load(this.#state, 2), clock: performance.now() / 1000, cpu: cpuSeconds() };
      if (now.pulse !== last.pulse) last = now;
      else if (now.cpu - last.cpu > HANG_CPU_SECONDS || now.clock - last.clock > HANG_SECONDS) onStandstill();
    }, 500);
  }

  #input() {
    return new Uint8Array(this.#shared, this.#state.byteLength, this.#state[1]).slice();
  }

  close() {
    this.#worker.on("error", () => {});
    void this.#worker.terminate();
  }
}

function found(name, complaint, input) {
  findings++;
  mkdirSync(options.keep, { recursive: true });
  const path = join(options.keep, `${name}-${findings}.bin`);
  writeFileSync(path, input);
  console.log(`${path} (${input.length} bytes): ${complaint}`);
}

// ── Reports ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Of the lines of all functions that were called. */
function reach({ lines }) {
  const ran = lines.reduce((sum, script) => sum + script.ran, 0);
  return `${ran} of ${lines.reduce((sum, { missed }) => sum + missed.length, ran)}`;
}

function tellMissed(name, { lines }) {
  for (const { url, missed } of lines) {
    if (missed.length > 0)
      console.log(`${name}: ${url.replace(/^.*\/dist\//, "")} never ran lines ${missed.join(", ")}`);
  }
}

// ── Cases ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** `<reader>.<what>.bin`, each read by its reader. */
async function runCases(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".bin"));
  for (const name of files.toSorted()) {
    const complaint = await execute(
      READERS[name.split(".")[0]],
      new Uint8Array(readFileSync(join(folder, name))),
    );
    if (complaint === undefined) continue;
    findings++;
    console.log(`${name}: ${complaint}`);
  }
  console.log(`${files.length} cases, ${findings} findings`);
}

// ── What was asked for ────────────────────────────────────────────────────────────────────────────────────────

let findings = 0;
let thread;
if (options.cases === undefined) await fuzzAll();
else await runCases(options.cases);
if (findings > 0) process.exitCode = 1;
