// The thread that fuzzes one reader after another: damages a member of the corpus, executes, judges. Inputs that reach
// new code join the corpus. What it is about to read lies in memory that it shares with run.mjs, which outlives a hang.

import { parentPort, workerData } from "node:worker_threads";
import { RandomStream } from "../../dist/random.js";
import { Coverage } from "./coverage.mjs";
import { execute } from "./execute.mjs";
import { minimize } from "./minimize.mjs";
import { mutate } from "./mutations.mjs";
import { READERS } from "./readers.mjs";

const OURS = new URL("../../dist/", import.meta.url).href;
const BATCH = 100; // executions for each look at the coverage
const SLOW_BATCH = 10;
const LARGEST = 4000;
const LARGEST_CORPUS = 400;
const MINIMIZED = 12; // kinds of findings of one reader; the others are only counted

const { shared } = workerData;
const state = new Int32Array(shared, 0, 3); // the number of this execution, bytes of its input, a pulse
const current = new Uint8Array(shared, state.byteLength);
const { PATH } = process.env;

parentPort.on("message", async (job) => parentPort.postMessage(await new Campaign(job).run()));

/** The executions `from` to `until` of one reader. */
class Campaign {
  #job;
  #reader;
  #corpus;
  #coverage = new Coverage((url) => url.startsWith(OURS));
  #kinds = new Set();

  constructor(job) {
    this.#job = job;
    this.#reader = READERS[job.name];
    this.#corpus = this.#reader.seeds();
  }

  async run() {
    const { from, until } = this.#job;
    process.env.PATH = this.#reader.usesPrograms ? PATH : ""; // else no ffmpeg
    await this.#coverage.start();
    for (const input of this.#corpus) await this.#attempt(input);
    await this.#coverage.sawNew({ keep: true });
    const batch = this.#reader.isSlow ? SLOW_BATCH : BATCH;
    for (let start = from; start < until; start += batch) {
      await this.#runBatch(start, Math.min(until, start + batch));
    }
    await this.#coverage.stop();
    return { lines: this.#coverage.lines(), kept: this.#corpus.length };
  }

  async #runBatch(start, end) {
    const inputs = [];
    for (let i = start; i < end; i++) {
      const input = this.#nextInput(i);
      inputs.push(input);
      Atomics.store(state, 0, i);
      await this.#attempt(input);
    }
    if (await this.#coverage.sawNew({ keep: false })) await this.#keepNew(inputs);
  }

  #nextInput(i) {
    const { largest = LARGEST, repair, tokens } = this.#reader;
    const random = new RandomStream(this.#job.seed, this.#job.name, i);
    const input = mutate(random, this.#corpus, tokens, largest);
    return repair && random.integer(4) > 0 ? repair(input) : input;
  }

  async #attempt(input) {
    const complaint = await this.#execute(input);
    const kind = complaint?.replaceAll(/\d+/g, "#");
    if (kind === undefined || this.#kinds.has(kind) || this.#kinds.size === MINIMIZED) return;
    this.#kinds.add(kind);
    const smallest = await minimize(input, (candidate) => this.#execute(candidate));
    parentPort.postMessage({ complaint, input: smallest });
  }

  #execute(input) {
    current.set(input);
    Atomics.store(state, 1, input.length);
    Atomics.add(state, 2, 1);
    return execute(this.#reader, input);
  }

  /** Finds by halves which of the inputs reached new code. */
  async #keepNew(inputs) {
    if (inputs.length === 1) return this.#keep(inputs[0]);
    const middle = inputs.length >> 1;
    for (const half of [inputs.slice(0, middle), inputs.slice(middle)]) {
      for (const input of half) await this.#execute(input);
      if (await this.#coverage.sawNew({ keep: false })) await this.#keepNew(half);
    }
  }

  async #keep(input) {
    await this.#execute(input);
    if (!(await this.#coverage.sawNew({ keep: true }))) return;
    if (this.#corpus.length < LARGEST_CORPUS) this.#corpus.push(input.slice());
  }
}
