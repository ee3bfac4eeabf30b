// Row `step`: a whole training step (window, mask, dropout, CTC, norm cap, Nesterov update, copies) at widths 512, 1024
// and 2048, of any network and cell, beside PyTorch's: the same network with torch.nn.RNN, LSTM or GRU, whose directions
// have input weights of their own (and whose rectifier does not clip), over packed sequences and over the padding as well,
// where PyTorch has faster ways; the paper's also with the recurrence as a Python loop; the transformer with PyTorch's own
// convolutions, normalization and attention. 81 numbers a frame (1539 in the paper's window of 19), 400 frames, L = 60,
// B = 16; FLOP = 6 · B · T · parameters. Each peer and ours runs with its best number of threads; losses and gradients have
// to agree before anything is timed. The rate to measure by is that of a product of 2048 × 2048 matrices in the same engine.
// On a machine that others share, `--processor-time` counts that, each with one thread.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clocked, mediansOf, processorClocked, turnsOf } from "./measure.mjs";
import { openPeer, pythonsWith } from "./peer.mjs";
import { timesAsFast } from "./ratios.mjs";
import * as stepCase from "./step-case.mjs";

const { BLANK, CAP, F, FULL, LEARNING_RATE, LITTLE, makeCase, MOMENTUM, stepMaskOf, stepsOf, V } = stepCase;

const PEER = fileURLToPath(new URL("peers/step.py", import.meta.url));
const TOLERANCE = 1e-4;
const SQUARE = 2048;
const THREADS = [...new Set([availableParallelism(), 1])];
/** PyTorch's layer for each cell, and the ways to run it; the plain loop shares W4 and clips as the paper says. */
const KINDS = {
  clipped: ["loop", "rnn", "rnn-padded"],
  lstm: ["lstm", "lstm-padded"],
  gru: ["gru", "gru-padded"],
  attention: ["attention"],
};
const NAMES = {
  loop: "shared W4 in a loop",
  rnn: "nn.RNN",
  lstm: "nn.LSTM",
  gru: "nn.GRU",
  attention: "scaled_dot_product_attention",
};

/**
 * Prints a row for each width, and gives it.
 * @param quick width 512 only unless `widths` says more, 3 rounds instead of 5 unless `rounds` does
 */
export async function* measure({ quick = false, widths = quick ? [512] : [512, 1024, 2048], ...asked } = {}) {
  const { network = "deep-speech", cell, "processor-time": processorTime = false } = asked;
  const { rounds = quick ? 3 : 5 } = asked;
  const folder = await mkdtemp(join(tmpdir(), "earshot-step-"));
  const run = { rounds, folder, threads: processorTime ? [1] : THREADS };
  run.clocked = processorTime ? processorClocked : clocked;
  run.answered = processorTime ? "processorMs" : "ms";
  try {
    for (const width of widths) {
      const row = await measureNetwork({ name: network, width, ...(cell && { cell }) }, run);
      print(row);
      yield row;
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureNetwork(network, run) {
  const path = (size) => join(run.folder, `${network.width}-${size}.safetensors`);
  const setting = await makeCase(network, FULL, path("full"));
  const little = await makeCase(network, LITTLE, path("little"));
  const peers = await openPeers(setting, little, run);
  const ours = await fastestThreads(run, (threads) => openStep(setting, threads, run));
  const product = await fastestThreads(run, (threads) => openProduct(threads, run));
  const ctc = await openCtc(setting, ours.threads, run);
  try {
    const runners = { ours: ours.run, product: product.run, ctc: ctc.run };
    const turns = await turnsOf({ ...runners, ...peers.runners }, run.rounds);
    const ms = mediansOf(turns);
    const [work, productWork] = [6 * setting.B * setting.T * setting.parameters, 2 * SQUARE ** 3];
    return {
      network: network.name,
      cell: network.cell,
      width: network.width,
      stepMs: ms.ours,
      turns,
      gflops: work / ms.ours / 1e6,
      matmulGflops: productWork / ms.product / 1e6,
      share: (work / productWork) * timesAsFast(turns.ours, turns.product),
      peers: Object.fromEntries(Object.keys(peers.runners).map((name) => [name, ms[name]])),
      ctcShare: ms.ctc / ms.ours,
      threads: ours.threads,
      parameters: setting.parameters,
      peerFacts: peers.facts,
      notRun: peers.notRun,
    };
  } finally {
    await Promise.all([ours, product, ctc, peers].map(({ close }) => close()));
  }
}

function print({ network, cell = "", width, stepMs, gflops, ...row }) {
  const { matmulGflops, share, peers, ctcShare, threads, notRun } = row;
  const fastest = Math.min(...Object.values(peers));
  const ratio = Number.isFinite(fastest) ? `, ${(fastest / stepMs).toFixed(2)} × the fastest peer` : "";
  console.log(
    `step  ${network} ${cell} width ${width}  ${stepMs.toFixed(0)} ms with ${threads} threads  ${gflops.toFixed(0)} GFLOP/s, ` +
      `${(100 * share).toFixed(0)} % of a matrix product's ${matmulGflops.toFixed(0)}${ratio}; ` +
      `CTC ${(100 * ctcShare).toFixed(1)} %`,
  );
  for (const [name, ms] of Object.entries(peers)) console.log(`      ${name}: ${ms.toFixed(0)} ms`);
  for (const reason of notRun) console.log(`      not run: ${reason}`);
}

// ── Ours ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Opens with each number of threads, and keeps the one whose second run is the fastest. */
async function fastestThreads({ threads: numbers }, open) {
  let best;
  for (const threads of numbers) {
    const candidate = { ...(await open(threads)), threads };
    await candidate.run();
    const ms = await candidate.run();
    const worse = !best || ms < best.ms ? best : candidate;
    if (worse !== candidate) best = { ...candidate, ms };
    await worse?.close();
  }
  return best;
}

async function openStep(setting, threads, { clocked }) {
  const { frameCount, B, weights, programs, lengths, frames, labels } = setting;
  const { emptySlots, TrainStep } = await import("../dist/training/index.js");
  const optimizer = { name: "nesterov", momentum: MOMENTUM };
  const copy = new Map(
    [...weights].map(([name, { dims, data }]) => [name, { type: "float32", dims, data: data.slice() }]),
  );
  const plan = { programs, optimizer, gradientCap: CAP, seed: 1, threads, symbols: V, blank: BLANK };
  const step = await TrainStep.open(plan, { weights: copy, slots: emptySlots(copy, optimizer) });
  const batch = { frames, T: frameCount, B, F, lengths, labels };
  let count = 0;
  return {
    run: () =>
      clocked(() => step.step([batch], { step: count++, utterances: batch.B, learningRate: LEARNING_RATE })),
    close: () => step.close(),
  };
}

/** A square matrix product in the same engine. */
async function openProduct(threads, { clocked }) {
  const { Graph, matMul, writeOnnx } = await import("../dist/graph/index.js");
  const graph = new Graph();
  const dims = [SQUARE, SQUARE];
  const [a, b] = ["a", "b"].map((name) => graph.input(name, "float32", dims));
  graph.output(matMul(a, b));
  const program = await (await openCpu()).load(writeOnnx(graph), { threads, spinning: true });
  const tensor = { type: "float32", dims, data: new Float32Array(SQUARE ** 2).fill(0.5) };
  return { run: () => clocked(() => program.run({ a: tensor, b: tensor })), close: () => program.close() };
}

/** The CTC part alone: its feeds, a program of nothing else, and the losses read from it. */
async function openCtc(setting, threads, { clocked }) {
  const { T, B, labels } = setting;
  const { ctcFeeds, ctcGradient, readCtc } = await import("../dist/ctc/index.js");
  const { Graph, writeOnnx } = await import("../dist/graph/index.js");
  const graph = new Graph();
  const logits = graph.input("logits", "float32", ["T", "B", V]);
  const { gradient, outputs } = ctcGradient(logits, graph.input("mask", "float32", ["T", "B", 1]), BLANK);
  graph.output(gradient);
  const program = await (await openCpu()).load(writeOnnx(graph), { threads, spinning: true });
  const steps = stepsOf(setting);
  const feeds = {
    logits: {
      type: "float32",
      dims: [T, B, V],
      data: new Float32Array(T * B * V).map((_, i) => Math.sin(i)),
    },
    mask: { type: "float32", dims: [T, B, 1], data: await stepMaskOf(setting) },
    ...restOfLoss(setting),
  };
  const work = async () => {
    const results = await program.run({ ...feeds, ...ctcFeeds(labels, steps, V, BLANK) });
    if (!readCtc(results, outputs, steps, labels)) throw new Error("CTC came near to underflow.");
  };
  return { run: () => clocked(work), close: () => program.close() };
}

const restOfLoss = ({ T, B }) => ({
  "ctc/weights": { type: "float32", dims: [B, 1], data: new Float32Array(B).fill(1 / B) },
  "ctc/given": { type: "float32", dims: [T, B, V], data: new Float32Array(T * B * V) },
  "ctc/isGiven": { type: "bool", dims: [1], data: Uint8Array.of(0) },
});

async function openCpu() {
  const { openEngine } = await import("../dist/engine/index.js");
  return openEngine("cpu");
}

/** Loss and gradients of the case with its own dropout masks, by the program that a step runs. */
async function ourGradients(setting) {
  const { frameCount, T, B, weights, programs, frames, labels, keep } = setting;
  const { ctcFeeds, readCtc } = await import("../dist/ctc/index.js");
  const program = await (await openCpu()).load(programs.step);
  const steps = stepsOf(setting);
  const results = await program.run({
    frames: { type: "float32", dims: [frameCount, B, F], data: frames },
    mask: { type: "float32", dims: [T, B, 1], data: await stepMaskOf(setting) },
    ...Object.fromEntries([...weights].map(([name, weight]) => [name, { type: "float32", ...weight }])),
    ...Object.fromEntries(keep.map(([name, mask]) => [name, { type: "bool", ...mask }])),
    ...ctcFeeds(labels, steps, V, BLANK),
    ...restOfLoss(setting),
  });
  await program.close();
  const losses = readCtc(results, programs.ctc, steps, labels);
  const sorted = programs.gradients.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    loss: losses.reduce((sum, loss) => sum + loss, 0) / B,
    gradients: sorted.map(([weight, output]) => ({ weight, data: results[output].data })),
  };
}

// ── Peers ───────────────────────────────────────────────────────────────────────────────────────────────────────────

async function openPeers(setting, little, run) {
  const { cell = "clipped", ceiling, heads } = setting.settings;
  const kinds = (heads ? KINDS.attention : ceiling && KINDS[cell]) ?? [];
  const pythons = pythonsWith("torch");
  const absent = "PyTorch: no Python here imports torch (npm run bench:peers installs it)";
  const notRun = [
    ...(pythons.length > 0 ? [] : [absent]),
    ...(kinds.length > 0 ? [] : ["PyTorch: peers/step.py has no such network"]),
  ];
  const expected = { all: await ourGradients(setting), little: await ourGradients(little) };
  const [runners, facts, opened] = [{}, {}, []];
  for (const { python } of pythons) {
    for (const kind of kinds) {
      const peer = await openAgreeing(python, kind, { setting, little, expected }, run);
      const { blas, parameters, same } = peer.greeting;
      runners[peer.name] = peer.run;
      facts[peer.name] = { blas, parameters, threads: peer.threads, same };
      opened.push(peer);
    }
  }
  return { runners, facts, notRun, close: () => opened.forEach((peer) => peer.close()) };
}

/** A peer with its best number of threads; where it computes the same function, it has to give our numbers. */
async function openAgreeing(python, kind, { setting, little, expected }, run) {
  const file = join(run.folder, "gradients.f32");
  const checked = await openTorch(python, little, kind, 1, run);
  const { same } = checked.greeting;
  if (same) await agree(checked, expected.little, file);
  checked.close();
  return fastestThreads(run, async (threads) => {
    const candidate = await openTorch(python, setting, kind, threads, run);
    const { loss } = await candidate.ask(`check ${file}`);
    if (same) complainAbove(TOLERANCE, Math.abs(loss / expected.all.loss - 1), `${candidate.name}: its loss`);
    return candidate;
  });
}

async function openTorch(python, { path }, kind, threads, { answered }) {
  const limits = {
    OMP_NUM_THREADS: `${threads}`,
    OPENBLAS_NUM_THREADS: `${threads}`,
    MKL_NUM_THREADS: `${threads}`,
  };
  const peer = await openPeer(python, [PEER, path, kind, `${threads}`], limits);
  const [layer, padded] = kind.split("-");
  const way = padded
    ? ` over the padding${peer.greeting.same ? "" : ", where the backward direction begins"}`
    : "";
  const name = `PyTorch ${peer.greeting.version}, ${NAMES[layer]}${way}`;
  return { ...peer, name, run: async () => (await peer.ask("step"))[answered] };
}

/** @throws when the loss, or a number of a gradient relative to its largest, differs by more than the tolerance */
async function agree({ name, ask }, { loss, gradients }, file) {
  const answer = await ask(`check ${file}`);
  const theirs = new Float32Array((await readFile(file)).buffer);
  complainAbove(TOLERANCE, Math.abs(answer.loss / loss - 1), `${name}: its loss`);
  let at = 0;
  for (const { weight, data } of gradients) {
    const other = theirs.subarray(at, (at += data.length));
    const largest = other.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const difference = other.reduce((most, x, i) => Math.max(most, Math.abs(x - data[i])), 0);
    complainAbove(TOLERANCE, difference / largest, `${name}: its gradient of ${weight}`);
  }
}

function complainAbove(most, difference, what) {
  if (!(difference <= most)) throw new Error(`${what} differs by ${difference.toExponential(1)}.`);
}
