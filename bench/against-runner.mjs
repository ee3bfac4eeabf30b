// One build's side of against.mjs: reads the names of rows from stdin, and prints the milliseconds that each took.

import { readdir, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = process.argv[2];
const load = (path) => import(join(root, "dist", path));
const CLIPS = fileURLToPath(new URL("../demo/corpus", import.meta.url));
const [F, V, B, FRAMES, LABELS] = [81, 29, 16, 400, 60];

const PREPARE = {
  step512: () => prepareStep(512),
  step1024: () => prepareStep(1024),
  features: prepareFeatures,
  decoder: prepareDecoder,
  transcribe: prepareTranscribe,
};
const prepared = {};
for await (const row of createInterface({ input: process.stdin })) {
  prepared[row] ??= await PREPARE[row]();
  await prepared[row](); // brings its data back into the caches
  const start = performance.now();
  await prepared[row]();
  console.log(performance.now() - start);
}
process.exit();

/** A whole train step: B 16, T 200 after the stride, L 60. */
async function prepareStep(width) {
  const { initializeWeights, resolveArchitecture } = await load("network/index.js");
  const { emptySlots, trainingPrograms, TrainStep } = await load("training/index.js");
  const { RandomStream } = await load("random.js");
  const network = { name: "deep-speech", width, context: 9, stride: 2, dropout: 0.05 };
  const architecture = resolveArchitecture(network, { features: F, symbols: V }, "bench");
  const weights = initializeWeights(architecture, 1);
  const random = new RandomStream(1, "bench against");
  const lengths = Array.from({ length: B }, (_, b) => FRAMES - 4 * (b % 4));
  const frames = new Float32Array(FRAMES * B * F).map(() => 0.3 * random.normal());
  const labels = lengths.map(() => Int32Array.from({ length: LABELS }, () => random.integer(V - 1)));
  const optimizer = { name: "nesterov", momentum: 0.99 };
  const plan = {
    programs: trainingPrograms(architecture, V - 1),
    optimizer,
    gradientCap: 100,
    seed: 1,
    threads: availableParallelism(),
    symbols: V,
    blank: V - 1,
  };
  const step = await TrainStep.open(plan, { weights, slots: emptySlots(weights, optimizer) });
  const batch = { frames, T: FRAMES, B, F, lengths, labels };
  let count = 0;
  return () => step.step([batch], { step: count++, learningRate: 1e-6, utterances: B });
}

async function prepareFeatures() {
  const { computeFeatures, featureSettings } = await load("audio/index.js");
  const samples = await speech();
  const settings = featureSettings.parse({ kind: "log-mel" });
  return () => computeFeatures(samples, settings);
}

/** Beam 100 with a word trigram on rows that look like a network's: spikes among blanks. */
async function prepareDecoder() {
  const { BeamDecoder } = await load("ctc/index.js");
  const { openLanguageModel } = await load("lm/index.js");
  const { Alphabet } = await load("text/index.js");
  const { RandomStream } = await load("random.js");
  const random = new RandomStream(1, "bench decoder");
  const words = Array.from({ length: 300 }, () =>
    Array.from({ length: 2 + random.integer(6) }, () => String.fromCharCode(97 + random.integer(26))).join(
      "",
    ),
  );
  const scorer = await openLanguageModel(new TextEncoder().encode(arpaOf(words, random)), "bench");
  const alphabet = Alphabet.english();
  const text = Array.from({ length: 60 }, () => words[random.integer(words.length)]).join(" ");
  const rows = rowsOf(text, alphabet, random);
  const decoder = new BeamDecoder(alphabet, { alpha: 1, beta: 2, beam: 100 }, { scorer });
  return () => decoder.decode(rows);
}

function arpaOf(words, random) {
  const pairs = words.map((word) => [word, words[random.integer(words.length)]]);
  const unigrams = words.map((word) => `${(-2 - random.uniform()).toFixed(4)}\t${word}\t-0.3`);
  const bigrams = pairs.map((pair) => `${(-0.5 - random.uniform()).toFixed(4)}\t${pair.join(" ")}`);
  const ends = ["-1.5\t</s>", "-99\t<s>\t-0.3", "-4\t<unk>"];
  const count = new Set(words).size;
  const unique = [...new Map(unigrams.map((line) => [line.split("\t")[1], line])).values()];
  const uniquePairs = [...new Map(bigrams.map((line) => [line.split("\t")[1], line])).values()];
  return [
    `\\data\\\nngram 1=${count + 3}\nngram 2=${uniquePairs.length}\n`,
    `\\1-grams:\n${[...ends, ...unique].join("\n")}\n`,
    `\\2-grams:\n${uniquePairs.join("\n")}\n`,
    "\\end\\\n",
  ].join("\n");
}

/** Log-probabilities [T, V]: each symbol a spike of one step with some doubt, two steps of blank between. */
function rowsOf(text, alphabet, random) {
  const V = alphabet.size;
  const labels = [...alphabet.encode(text)].flatMap((label) => [label, alphabet.blank, alphabet.blank]);
  const rows = new Float32Array(labels.length * V);
  for (const [t, label] of labels.entries()) {
    const weights = Array.from({ length: V }, (_, k) => (k === label ? 20 : random.uniform() ** 4));
    const sum = weights.reduce((a, b) => a + b, 0);
    weights.forEach((weight, k) => (rows[t * V + k] = Math.log(weight / sum)));
  }
  return rows;
}

async function prepareTranscribe() {
  const { Alphabet } = await load("text/index.js");
  const { initializeWeights, resolveArchitecture } = await load("network/index.js");
  const { featureSettings } = await load("audio/index.js");
  const { transcriptPolicy } = await load("text/index.js");
  const { Recognizer } = await load("index.js");
  const alphabet = Alphabet.english();
  const features = featureSettings.parse({ kind: "log-mel", bins: 64 });
  const network = { name: "deep-speech", width: 384, context: 5, stride: 2 };
  const architecture = resolveArchitecture(network, { features: 64, symbols: alphabet.size }, "bench");
  const weights = initializeWeights(architecture, 1);
  const transcript = transcriptPolicy.parse({});
  const model = { alphabet, features, architecture, weights, transcript, metrics: {}, training: {} };
  const recognizer = await Recognizer.load(model, { threads: 1 });
  const samples = (await speech()).slice(0, 5 * 16_000);
  return () => recognizer.transcribe({ samples, sampleRateHz: 16_000 });
}

/** Half a minute of the demo's corpus. */
async function speech() {
  const { decodeAudio } = await load("audio/index.js");
  const names = (await readdir(CLIPS, { recursive: true }))
    .filter((name) => name.endsWith(".mp3"))
    .toSorted();
  const samples = new Float32Array(30 * 16_000);
  let at = 0;
  for (const name of names) {
    const clip = (await decodeAudio(await readFile(join(CLIPS, name)), name)).samples;
    samples.set(clip.subarray(0, samples.length - at), at);
    at += clip.length;
    if (at >= samples.length) return samples;
  }
  throw new Error(`${CLIPS} holds less than half a minute.`);
}
