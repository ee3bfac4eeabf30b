// Row `streams`, width 512, one thread, random weights, which make no difference to time. First what the processor needs for a
// second of sound, by how many streams run together and how many steps of each: its own account, which other work on the
// machine disturbs little; and on that clock what streams wait for (streams-replay.mjs). Then live speech of many at once, at
// the pace at which people speak, with streams that wait run together (batch dispatch) and each by itself. Each speaker says
// the demo's clips one after another in blocks of 100 ms, a stream for each clip. Measured: from the last block of a clip to
// its final text; and the longest pause of the program's event loop, how much of a pause its thread computed (the rest it
// waited for a processor), and the pauses of a program that does nothing beside a thread that only counts. A process of its
// own for each.

import { execFile } from "node:child_process";
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { argv, cpuUsage, execPath } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { quantile } from "../dist/quantiles.js";
import { processorClocked, randomModel } from "./measure.mjs";
import { BLOCK_MS, sendSpoken } from "./spoken-pace.mjs";
import { replay } from "./streams-replay.mjs";

const RATE_HZ = 16_000;
const BLOCK = (RATE_HZ * BLOCK_MS) / 1000; // samples
const NETWORK = "deep-speech-streaming";
const WIDTH = 512;
const TOGETHER = 32;
/** How many streams run together, and how many steps of each. */
const COSTS = [1, 8, TOGETHER].flatMap((together) => [5, 10, 20].map((steps) => [together, steps]));
const IDLE_MS = 10_000;
const CLIPS = fileURLToPath(new URL("../demo/corpus/dev/", import.meta.url));
/** What Linux has counted of this thread: nanoseconds that it computed, and that it waited for a processor. */
const ACCOUNT = "/proc/thread-self/schedstat";
const SELF = fileURLToPath(import.meta.url);

/**
 * Prints a row for each number of streams, together and each by itself, and gives them back.
 * @param streams how many at once
 * @param quick 10 s of each instead of 30
 */
export async function measure({ quick = false, streams = "10,60", network = NETWORK } = {}) {
  const counts = String(streams).split(",").map(Number);
  const rows = await onProcessorClock(network, counts, quick ? 2 : 4);
  for (const count of counts)
    for (const batch of [TOGETHER, 1]) rows.push(await inOwnProcess(network, count, batch, quick ? 10 : 30));
  return rows;
}

/** The network alone, by the processor's own account: what a second of sound costs, and how long streams wait. */
async function onProcessorClock(name, counts, seconds) {
  const { streamingProgram, zerosFor } = await import("../dist/network/index.js");
  const { openEngine } = await import("../dist/engine/index.js");
  const { architecture, weights } = await streamingModel(name);
  const streaming = streamingProgram(architecture, weights);
  const program = await (await openEngine()).load(streaming.program, { threads: 1 });
  const { stride, lookAhead, features, states } = streaming;
  const tensor = (dims, value) => {
    const data = new Float32Array(dims.reduce((all, size) => all * size, 1)).fill(value);
    return { type: "float32", dims, data };
  };
  const cost = async (B, steps) => {
    const feeds = {
      frames: tensor([steps * stride + lookAhead, B, features], 0.1),
      mask: tensor([steps + Math.floor(lookAhead / stride), B, 1], 1),
      ...Object.fromEntries(states.map((state) => [state.input, zerosFor(state, B)])),
    };
    const times = [];
    for (let run = 0; run < 6; run++) times.push(await processorClocked(() => program.run(feeds)));
    return Number((Math.min(...times) / ((B * steps * stride) / 100)).toFixed(1)); // hops of 10 ms
  };
  const table = [];
  for (const [together, steps] of COSTS)
    table.push({ together, steps, processorMs: await cost(together, steps) });
  for (const { together, steps, processorMs } of table)
    console.log(
      `streams  ${name}: ${together} together, ${steps} steps of each: ${processorMs} ms for a second of sound`,
    );
  const lengths = (await spokenClips()).map(({ length }) => (1000 * length) / RATE_HZ);
  const replays = [];
  for (const count of counts)
    for (const together of [TOGETHER, 1]) {
      const options = { count, together, lengths, seconds };
      const { latencies, ...rest } = await replay(streaming, program, options);
      const [p50, p95, p99] = percentiles(latencies);
      replays.push({ streams: count, batch: together, p50, p95, p99, ...rest });
      console.log(
        `streams  ${count} at once on a core of their own, up to ${together} together (${rest.together.toFixed(1)}): ` +
          `final text after ${p50} ms (p50), ${p95} (p95), ${p99} (p99), core ${Math.round(100 * rest.busy)} % busy`,
      );
    }
  await program.close();
  return [{ network: name, costs: table }, ...replays];
}

async function inOwnProcess(network, count, batch, seconds) {
  const { stdout } = await promisify(execFile)(execPath, [
    SELF,
    network,
    String(count),
    String(batch),
    String(seconds),
  ]);
  const row = JSON.parse(stdout);
  const { p50, p95, p99, utterances, processorMs, late, pauses, idle, load } = row;
  console.log(
    `streams  ${count} at once, ${batch === 1 ? "each by itself" : `up to ${batch} together`}  ` +
      `final text after ${p50} ms (p50), ${p95} (p95), ${p99} (p99) of ${utterances} utterances  ` +
      `processor ${processorMs} ms for a second of sound  ${late} % of blocks late  ` +
      `event loop: longest pause ${pauses.max} ms, p99 ${pauses.p99}, computed in one at most ${pauses.computed}; ` +
      `idle beside a thread that counts: ${idle.max}, p99 ${idle.p99}  load ${load}`,
  );
  return row;
}

async function serve(network, count, batch, seconds) {
  const { Recognizer } = await import("../dist/index.js");
  const recognizer = await Recognizer.load(await streamingModel(network), { threads: 1, streamBatch: batch });
  const clips = await spokenClips();
  await speak(recognizer, clips[0], {}); // the worker starts
  const idle = await pausesDuring(() => besideCounting(IDLE_MS));
  const figures = { latencies: [], blocks: 0, late: 0, seconds: 0 };
  const before = cpuUsage();
  const end = performance.now() + 1000 * seconds;
  const pauses = await pausesDuring(() =>
    Promise.all(Array.from({ length: count }, (_, i) => speaker(recognizer, clips, i, count, end, figures))),
  );
  const { user, system } = cpuUsage(before);
  await recognizer.close();
  const [p50, p95, p99] = percentiles(figures.latencies);
  return {
    streams: count,
    batch,
    utterances: figures.latencies.length,
    p50,
    p95,
    p99,
    processorMs: Math.round((user + system) / 1000 / figures.seconds),
    late: Math.round((100 * figures.late) / figures.blocks),
    pauses,
    idle,
    load: Math.round(loadavg()[0]),
  };
}

/** Clip after clip, beginning at a moment of its own. */
async function speaker(recognizer, clips, index, count, end, figures) {
  await sleep((1_000 * index) / count);
  for (let clip = index; performance.now() < end; clip++)
    await speak(recognizer, clips[clip % clips.length], figures);
}

async function speak(recognizer, samples, figures) {
  const endpoints = { detector: "none" };
  const stream = recognizer.stream({ endpoints });
  const finalText = (async () => {
    for await (const event of stream) if (event.type === "final") return performance.now();
  })();
  await sendSpoken(samples, BLOCK, figures, (block) => stream.write(block));
  const spoken = performance.now();
  void stream.finish();
  figures.latencies?.push((await finalText) - spoken);
  figures.seconds += samples.length / RATE_HZ;
}

/** p50, p95 and p99, whole. */
function percentiles(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return [0.5, 0.95, 0.99].map((share) => Math.round(quantile(sorted, share)));
}

/** Of the event loop, in ms. */
async function pausesDuring(work) {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const stop = watchTurns();
  delays.enable();
  await work();
  delays.disable();
  return {
    max: Math.round(delays.max / 1e6),
    p99: Math.round(delays.percentile(99) / 1e6),
    computed: stop(),
  };
}

/** @returns ends it, and gives the most that this thread computed between two turns of the event loop, in ms; Linux alone tells */
function watchTurns() {
  if (!existsSync(ACCOUNT)) return () => undefined;
  const file = openSync(ACCOUNT);
  const bytes = Buffer.alloc(64);
  const computed = () => Number(bytes.latin1Slice(0, readSync(file, bytes, 0, 64, 0)).split(" ")[0]) / 1e6;
  let [longest, last] = [0, computed()];
  const timer = setInterval(() => {
    const now = computed();
    [longest, last] = [Math.max(longest, now - last), now];
  }, 1);
  return () => {
    clearInterval(timer);
    closeSync(file);
    return Number(longest.toFixed(1));
  };
}

/** Nothing, while another thread is as busy as that of the network. */
async function besideCounting(ms) {
  const worker = new Worker("for (let n = 0; ; n++);", { eval: true });
  await sleep(ms);
  await worker.terminate();
}

async function spokenClips() {
  const { decodeAudio } = await import("../dist/audio/index.js");
  const names = (await readdir(CLIPS)).toSorted();
  return Promise.all(
    names.map(async (name) => (await decodeAudio(await readFile(`${CLIPS}/${name}`), name)).samples),
  );
}

const streamingModel = (name) => randomModel({ name, width: WIDTH }, { normalization: "none" });

if (argv[1] === SELF) {
  const [network, ...figures] = argv.slice(2);
  console.log(JSON.stringify(await serve(network, ...figures.map(Number))));
}
