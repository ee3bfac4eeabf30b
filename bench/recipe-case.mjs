// A train step as AN4's recipes have it, opened whole and in parts, and batches of AN4's lengths with noise for features.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const [F, V] = [64, 29];
const BLANK = V - 1;
const SHAPE = { context: 5, stride: 2, dropout: 0.1 };
const OPTIMIZER = { name: "adamw", beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.01 };
const QUANTILES = [0.1, 0.3, 0.5, 0.7, 0.9];

const sum = (values) => values.reduce((total, value) => total + value, 0);

export const everyNth = (items, n) => items.filter((_, i) => i % n === 0);

/**
 * The batches of an epoch: the lengths in frames of their utterances, and the numbers of their labels.
 * @param part every first, second or third utterance of AN4, and so on
 */
export async function an4Plan(B, part = 1) {
  const { planBatches } = await import("../dist/data/corpus/batches.js");
  const file = await readFile(new URL("gpu/an4-lengths.json", import.meta.url), "utf8");
  const all = JSON.parse(file);
  const [frames, labels] = [all.frames, all.labels].map((values) => everyNth(values, part));
  const request = { frames, batchFrames: Infinity, maxUtterances: B, seed: 1, epoch: 1, order: "shuffled" };
  return planBatches(request).map((batch) => ({
    lengths: batch.map((i) => frames[i]),
    labels: batch.map((i) => Math.min(labels[i], Math.floor(frames[i] / 5))),
  }));
}

/** Five of them from short to long, and the share of padding in all. */
export async function an4Batches(B) {
  const { RandomStream } = await import("../dist/random.js");
  const random = new RandomStream(1, "bench recipe");
  const plan = await an4Plan(B);
  const padded = ({ lengths }) => lengths.length * Math.max(...lengths);
  const sorted = plan.toSorted((a, b) => padded(a) - padded(b));
  const batches = QUANTILES.map((q) => noiseBatch(sorted[Math.floor(q * sorted.length)], random));
  const padding = 1 - sum(plan.map(({ lengths }) => sum(lengths))) / sum(plan.map(padded));
  return { batches, padding, steps: plan.length };
}

/** Quiet noise: of loud one CTC comes near to underflow here and there, and such a step runs twice. */
function noiseBatch({ lengths, labels: counts }, random) {
  const [T, B] = [Math.max(...lengths), lengths.length];
  const frames = new Float32Array(T * B * F).map((_, i) =>
    Math.floor(i / F / B) < lengths[Math.floor(i / F) % B] ? 0.3 * random.nearlyNormal() : 0,
  );
  const labels = counts.map((length) => Int32Array.from({ length }, () => random.integer(V - 1)));
  return { frames, T, B, F, lengths, labels };
}

export async function openRecipe({ network: name, cell, width, threads }) {
  const { initializeWeights, resolveArchitecture } = await import("../dist/network/index.js");
  const { emptySlots, trainingPrograms, TrainStep } = await import("../dist/training/index.js");
  const architecture = resolveArchitecture({ name, width, ...(cell && { cell }), ...SHAPE }, { features: F, symbols: V }, "bench"); // prettier-ignore
  const weights = new Map(
    [...initializeWeights(architecture, 1)].map(([weight, { dims, data }]) => [
      weight,
      { type: "float32", dims, data },
    ]),
  );
  const programs = trainingPrograms(architecture, BLANK);
  const plan = { programs, optimizer: OPTIMIZER, gradientCap: 5, seed: 1, threads, symbols: V, blank: BLANK };
  const state = { weights, slots: emptySlots(weights, OPTIMIZER) };
  const step = await TrainStep.open(plan, state);
  const { openEngine } = await import("../dist/engine/index.js");
  const program = await (await openEngine("cpu")).load(programs.step, { threads, spinning: true });
  let count = 0;
  return {
    parameters: [...weights.values()].reduce((total, { data }) => total + data.length, 0),
    step: (batch) => step.step([batch], { step: count++, utterances: batch.B, learningRate: 1e-6 }),
    parts: await stepInParts(plan, state, program),
    profiled: (prefix) => openProfiled(plan, state, prefix),
    close: () => Promise.all([step.close(), program.close()]),
  };
}

/** The functions that a step calls, with a clock between them. */
async function stepInParts(plan, { weights, slots }, program) {
  const feeds = await import("../dist/training/step/step-feeds.js");
  const { gradientLength } = await import("../dist/training/step/gradient-length.js");
  const { maskProgram } = await import("../dist/training/step/mask-program.js");
  const { createOptimizer, weightUpdate } = await import("../dist/training/index.js");
  const update = weightUpdate(createOptimizer(plan.optimizer));
  const { programs } = plan;
  const draw = maskProgram();
  return async (batch, step) => {
    const times = {};
    let from = performance.now();
    const lap = (name) => {
      const now = performance.now();
      times[name] = now - from;
      from = now;
    };
    const own = feeds.batchFeeds(batch, weights, plan);
    lap("feeds");
    const masks = feeds.dropoutFeeds(batch, plan, { step, part: 0 }, draw);
    lap("masks");
    const loss = feeds.lossFeeds(batch, plan, feeds.lossTargets(batch, programs, batch.B));
    lap("labels");
    const results = await program.run(feeds.takenBy(program, { ...own, ...masks, ...loss }));
    lap("program");
    const gradients = programs.gradients.map(([, output]) => results[output].data);
    gradientLength(gradients);
    lap("norm");
    for (const [i, [name]] of programs.gradients.entries()) {
      const { dims, data } = weights.get(name);
      update(data, gradients[i], 1, slots.get(name), { learningRate: 1e-6, step, decays: dims.length > 1 });
    }
    lap("update");
    return times;
  };
}

/** The step's program with the runtime's profiler, which writes a file of that beginning. */
async function openProfiled(plan, { weights }, profileFilePrefix) {
  const { InferenceSession, Tensor } = createRequire(import.meta.url)("onnxruntime-node");
  const feeds = await import("../dist/training/step/step-feeds.js");
  const session = await InferenceSession.create(plan.programs.step, {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    intraOpNumThreads: plan.threads,
    enableProfiling: true,
    profileFilePrefix,
    extra: {
      session: { intra_op: { allow_spinning: "1" }, force_spinning_stop: "1", set_denormal_as_zero: "1" },
    },
  });
  const run = (batch) => {
    const all = {
      ...feeds.batchFeeds(batch, weights, plan),
      ...feeds.dropoutFeeds(batch, plan, { step: 0, part: 0 }),
      ...feeds.lossFeeds(batch, plan, feeds.lossTargets(batch, plan.programs, batch.B)),
    };
    const taken = feeds.takenBy({ inputs: session.inputNames }, all);
    return session.run(
      Object.fromEntries(
        Object.entries(taken).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)]),
      ),
    );
  };
  return { run, end: () => session.endProfiling() };
}
