// Row `ctc`: the CTC loss with its gradient at the logits of a batch, B 16, T 200, L 60, V 29, one thread, by processor
// time: in TypeScript, as the program that a train step contains, and PyTorch's. Loss and gradient have to agree before
// anything is timed.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mediansOf, processorClocked, turnsOf } from "./measure.mjs";
import { openPeer, pythonsWith } from "./peer.mjs";

const PEER = fileURLToPath(new URL("peers/ctc.py", import.meta.url));
const [T, B, L, V] = [200, 16, 60, 29];
const BLANK = V - 1;
const TOLERANCE = 1e-4;

/** Prints the row, and gives it back. @param quick 5 rounds instead of 21 */
export async function measure({ quick = false, rounds = quick ? 5 : 21 } = {}) {
  const batch = await makeBatch();
  const folder = await mkdtemp(join(tmpdir(), "earshot-ctc-"));
  const program = await openProgram(batch);
  const peers = await openPeers(batch, folder);
  try {
    const { ctcLoss } = await import("../dist/index.js");
    const typeScript = () => processorClocked(async () => ctcLoss(batch));
    const runners = { "in TypeScript": typeScript, "in the step's program": program.run, ...peers.runners };
    const turns = await turnsOf(runners, rounds);
    const ms = mediansOf(turns);
    for (const [name, taken] of Object.entries(ms)) console.log(`ctc  ${name}: ${taken.toFixed(1)} ms`);
    for (const reason of peers.notRun) console.log(`ctc  not run: ${reason}`);
    return [{ row: "ctc", T, B, L, V, rounds, ms, turns, notRun: peers.notRun }];
  } finally {
    peers.close();
    await program.close();
    await rm(folder, { recursive: true });
  }
}

async function makeBatch() {
  const { RandomStream } = await import("../dist/random.js");
  const random = new RandomStream(1, "bench ctc");
  const logits = new Float32Array(T * B * V).map(() => 2 * random.normal());
  const labels = Array.from({ length: B }, () => Int32Array.from({ length: L }, () => random.integer(V - 1)));
  return { logits, steps: Array(B).fill(T), labels, symbols: V, blank: BLANK };
}

async function openProgram({ logits, steps, labels }) {
  const { ctcFeeds, ctcGradient, readCtc } = await import("../dist/ctc/index.js");
  const { Graph, writeOnnx } = await import("../dist/graph/index.js");
  const { openEngine } = await import("../dist/engine/index.js");
  const graph = new Graph();
  const input = graph.input("logits", "float32", ["T", "B", V]);
  const { gradient, outputs } = ctcGradient(input, graph.input("mask", "float32", ["T", "B", 1]), BLANK);
  graph.output(gradient);
  const program = await (await openEngine("cpu")).load(writeOnnx(graph), { threads: 1 });
  const float32 = (data, ...dims) => ({ type: "float32", dims, data });
  const work = async () => {
    const results = await program.run({
      ...ctcFeeds(labels, steps, V, BLANK),
      logits: float32(logits, T, B, V),
      mask: float32(new Float32Array(T * B).fill(1), T, B, 1),
      "ctc/weights": float32(new Float32Array(B).fill(1), B, 1),
      "ctc/given": float32(new Float32Array(T * B * V), T, B, V),
      "ctc/isGiven": { type: "bool", dims: [1], data: Uint8Array.of(0) },
    });
    if (!readCtc(results, outputs, steps, labels)) throw new Error("CTC came near to underflow.");
  };
  return { run: () => processorClocked(work), close: () => program.close() };
}

async function openPeers(batch, folder) {
  const { ctcLoss } = await import("../dist/index.js");
  const { losses, gradient } = ctcLoss(batch);
  const expected = { loss: sum(losses), length: Math.sqrt(sum(gradient.map((slope) => slope * slope))) };
  const [logits, labels] = ["logits.f32", "labels.i32"].map((name) => join(folder, name));
  await writeFile(logits, batch.logits);
  await writeFile(labels, Int32Array.from(batch.labels.flatMap((row) => [...row])));
  const [runners, open] = [{}, []];
  for (const { version, python } of pythonsWith("torch")) {
    const peer = await openPeer(python, [PEER, logits, labels, ...[T, B, V, L, 1].map(String)]);
    open.push(peer);
    const answer = await peer.ask("check");
    for (const [what, value] of Object.entries(expected)) {
      if (!(Math.abs(answer[what] / value - 1) < TOLERANCE))
        throw new Error(`PyTorch ${version}: another ${what}.`);
    }
    runners[`PyTorch ${version}`] = async () => (await peer.ask("time")).ms;
  }
  const notRun =
    open.length > 0 ? [] : ["PyTorch: no Python here imports torch (npm run bench:peers installs it)"];
  return { runners, notRun, close: () => open.forEach((peer) => peer.close()) };
}

const sum = (numbers) => numbers.reduce((total, x) => total + x, 0);
