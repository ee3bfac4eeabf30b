// One measurement of the row `scale`, in a process of its own: node --expose-gc bench/scale-run.mjs JOB FOLDER [MANIFEST RUN]. Prints JSON.

import { join } from "node:path";
import { argv, memoryUsage, resourceUsage } from "node:process";

const SMALL_NETWORK = { name: "deep-speech", width: 32, context: 5, stride: 2 };
const [job, folder, file, name] = argv.slice(2);

/** Until the first step is done, in seconds from the beginning; then stops. */
async function train() {
  const { readManifests } = await import("../dist/data/index.js");
  const training = await import("../dist/training/index.js");
  const { openFolder } = await import("../dist/platform/index.js");
  const start = performance.now();
  const since = () => (performance.now() - start) / 1000;
  const given = await training.checkTrainingSettings(settingsOf(), "bench");
  const manifests = [join(folder, file)];
  const corpus = await readManifests(manifests);
  const times = { manifest: since() };
  const decided = training.settingsForCorpus(given, corpus.utterances);
  const settings = training.withAlphabetOfRun(decided, corpus.utterances);
  const stop = new AbortController();
  let data;
  const openData = async (request) => {
    data = await prepare(request, corpus.utterances);
    times.prepared = since();
    return data;
  };
  const onEvent = ({ type }) => {
    if (type !== "batch" || times.firstStep) return;
    times.firstStep = since();
    stop.abort(new Error("enough"));
  };
  const out = openFolder(join(folder, `run-${name}`));
  const run = { settings, corpus, manifests, folder: out, openData, onEvent, signal: stop.signal };
  await training.beginRun(run).catch((error) => {
    if (error.message !== "enough") throw error;
  });
  const planning = performance.now();
  data.train.planWithSizes({ epoch: 1, seed: 1 });
  globalThis.kept = [corpus, data]; // what training holds
  return { ...times, plan: (performance.now() - planning) / 1000 };
}

/** As a run does it, but that nothing is decoded: frames of the right size come from this thread. */
async function prepare(request, utterances) {
  const { FeatureStore } = await import("../dist/data/index.js");
  const { openDevSplit, openTrainSplit } = await import("../dist/training/index.js");
  const { sameThreadWorker, Transferred } = await import("../dist/platform/index.js");
  const { features, data } = request.settings;
  const compute = ({ path, paces }) => {
    const bins = paces.length > 1 ? 0 : features.bins; // several at once are asked for their lengths alone
    const variants = paces.map((pace) => madeUp(path, pace, bins));
    const buffers = variants.map(({ frames }) => frames.data.buffer);
    return new Transferred({ variants, warnings: [] }, buffers);
  };
  const fault = (error) => ({ code: "BENCH", problem: String(error), remedy: "" });
  const startWorker = () => sameThreadWorker({ compute }, fault);
  const store = await FeatureStore.open(features, data, console.error, { startWorker });
  const train = await openTrainSplit(request, utterances, store);
  const dev = await openDevSplit(request, utterances, store, train);
  return { train, dev, close: () => store.close() };
}

const settingsOf = () => ({
  network: SMALL_NETWORK,
  epochs: 2,
  seed: 1,
  threads: 1,
  report: false,
  alphabet: "from-data",
  data: { cacheDirectory: join(folder, "cache"), cacheMegabytes: 0, workers: 2 },
});

/** 8 to 16 s, by its name; no two recordings differ but in length. */
function madeUp(path, { speed, tempo }, bins) {
  let digits = 0;
  for (const digit of path.match(/\d+/g).at(-1)) digits = (31 * digits + Number(digit)) % 800;
  const frames = Math.round((800 + digits) / (speed * tempo));
  const data = new Float32Array(frames * bins);
  if (bins > 0) data[0] = 1;
  return { frames: { data, frames, size: bins }, seconds: frames / 100 };
}

async function cache() {
  const { FeatureStore } = await import("../dist/data/index.js");
  const { featureSettings, parseSettings } = await import("../dist/index.js");
  const start = performance.now();
  const settings = parseSettings(featureSettings, {}, "bench");
  const store = await FeatureStore.open(
    settings,
    { workers: 1, cacheDirectory: folder, cacheMegabytes: 1e6 },
    console.error,
  );
  const open = (performance.now() - start) / 1000;
  await store.close();
  return { open };
}

async function manifest() {
  const { readManifests } = await import("../dist/data/index.js");
  const { labelUtterances } = await import("../dist/data/corpus/prepare.js");
  const { Alphabet, parseSettings, transcriptPolicy } = await import("../dist/index.js");
  const start = performance.now();
  const { utterances } = await readManifests([join(folder, file)]);
  const read = (performance.now() - start) / 1000;
  const labeled = labelUtterances(
    utterances,
    Alphabet.english(),
    parseSettings(transcriptPolicy, {}, "bench"),
  );
  const spelled = (performance.now() - start) / 1000 - read;
  globalThis.kept = labeled;
  return { read, spelled };
}

/** Memory, and the processor's time for all of it. */
function resources() {
  globalThis.gc();
  const { heapUsed, arrayBuffers } = memoryUsage();
  const { maxRSS, userCPUTime, systemCPUTime } = resourceUsage();
  return {
    heldMegabytes: Math.round((heapUsed + arrayBuffers) / 1e6),
    peakMegabytes: Math.round(maxRSS / 1024),
    processor: (userCPUTime + systemCPUTime) / 1e6,
  };
}

const JOBS = { train, cache, manifest };
console.log(JSON.stringify({ ...(await JOBS[job]()), ...resources() }));
