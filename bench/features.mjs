// Row `features`: how many times faster than real time one thread turns speech into frames, beside a Python peer that
// computes the same ones on one thread (bench/peers/features.py). Both take turns in one run, by processor time; before any
// timing, their frames have to agree. Decoding is not counted, for either.

import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, env } from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { processorClocked } from "./measure.mjs";
import { timesAsFast } from "./ratios.mjs";
import { median } from "../dist/quantiles.js";
import { RandomStream } from "../dist/random.js";

const CLIPS = fileURLToPath(new URL("../demo/corpus/train/", import.meta.url));
const PEERS = fileURLToPath(new URL("peers/features.py", import.meta.url));
const SELF = fileURLToPath(import.meta.url);

/** The default, and the paper's (Deep Speech, section 5). */
const KINDS = ["log-mel", "linear"];
const LARGEST_DIFFERENCE = 1e-4; // of natural logarithms
const SINGLE_THREAD = {
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
  NUMBA_NUM_THREADS: "1",
};

/** Each turn computes the frames so often: some tenth of a second, where one computation would be over too soon to be timed. */
const COMPUTATIONS = 6;

/**
 * Prints a row for each kind of features, and gives them back.
 * @param quick timed 5 times instead of 15, unless `rounds` says otherwise
 */
export async function measure({ quick = false, rounds = quick ? 5 : 15 } = {}) {
  const samples = await speech(60);
  const folder = await mkdtemp(join(tmpdir(), "earshot-features-"));
  const peers = await openPeers(folder, samples);
  try {
    const rows = [];
    for (const kind of KINDS) rows.push(await compare(kind, samples, peers, rounds));
    rows.forEach(print);
    return rows;
  } finally {
    peers.close();
    await rm(folder, { recursive: true });
  }
}

async function compare(kind, samples, peers, rounds) {
  const { computeFeatures, featureSettings, parseSettings } = await import("../dist/index.js");
  const settings = parseSettings(featureSettings, { kind }, "bench");
  const ours = () => computeFeatures(samples, settings);
  const seconds = samples.length / 16_000;
  const { name, missing } = peers.names[kind];
  const row = { row: "features", kind, seconds, rounds };
  const difference = missing ? undefined : largestDifference(ours(), await peers.frames(kind));
  if (difference > LARGEST_DIFFERENCE) throw new Error(`${name}: its ${kind} frames differ by ${difference}`);
  const times = { ours: [], peer: [] };
  for (let round = -1; round < rounds; round++) {
    times.ours.push(await summed(async () => (await processorClocked(ours)) / 1000));
    if (!missing) times.peer.push(await summed(() => peers.seconds(kind)));
  }
  for (const taken of Object.values(times)) taken.shift(); // the first turn warms up
  const realTimes = (taken) => Math.round((COMPUTATIONS * seconds) / median(taken));
  const result = { ...row, timesRealTime: realTimes(times.ours) };
  if (missing) return { ...result, peer: `not run: ${missing}` };
  const timesPeer = timesAsFast(times.ours, times.peer);
  return { ...result, peer: name, peerTimesRealTime: realTimes(times.peer), timesPeer, difference };
}

async function summed(work) {
  let sum = 0;
  for (let n = 0; n < COMPUTATIONS; n++) sum += await work();
  return sum;
}

function print({ kind, seconds, rounds, timesRealTime, peer, peerTimesRealTime, timesPeer, difference }) {
  const beside = peerTimesRealTime
    ? `${peer}: ${peerTimesRealTime} × (ours ${timesPeer.toFixed(2)} times as fast; ` +
      `frames differ by ${difference.toExponential(1)} at most)`
    : `peer ${peer}`;
  console.log(
    `features  ${kind}  ${seconds} s of speech, one thread, median of ${rounds}  ${timesRealTime} × real time  ${beside}`,
  );
}

// ── Peers ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A Python process that answers line by line; without one, both peers are missing. */
async function openPeers(folder, samples) {
  const python = spawnSync("python3", ["--version"]);
  if (python.error) {
    const missing = { missing: `python3: ${python.error.code}` };
    return { names: Object.fromEntries(KINDS.map((kind) => [kind, missing])), close: () => {} };
  }
  const path = join(folder, "samples.f32");
  await writeFile(path, samples);
  const child = spawn("python3", [PEERS, path], {
    env: { ...env, ...SINGLE_THREAD },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("The Python peer ended without an answer.");
    return JSON.parse(value);
  };
  const ask = (question) => {
    child.stdin.write(`${question}\n`);
    return answer();
  };
  return {
    names: await answer(),
    seconds: async (kind) => (await ask(`${kind} time`)).seconds,
    frames: async (kind) => {
      const file = join(folder, `${kind}.f32`);
      const { shape } = await ask(`${kind} frames ${file}`);
      return { shape, data: new Float32Array((await readFile(file)).buffer) };
    },
    close: () => child.stdin.end(),
  };
}

function largestDifference({ data, frames, size }, peer) {
  if (peer.shape.join() !== [frames, size].join())
    throw new Error(`The peer gives frames of [${peer.shape}].`);
  return data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - peer.data[i])), 0);
}

// ── Speech ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const DITHER = 2 ** -15; // one step of 16 bits

/** The demo's clips one after another, with dither: frames of zeros are at the floor, in ours as soon as they are half zeros. */
async function speech(seconds) {
  const { decodeAudio } = await import("../dist/index.js");
  const samples = new Float32Array(seconds * 16_000);
  let at = 0;
  for (const name of (await readdir(CLIPS)).toSorted()) {
    if (at === samples.length) break;
    const clip = (await decodeAudio(await readFile(join(CLIPS, name)), name)).samples;
    const part = clip.subarray(0, samples.length - at);
    samples.set(part, at);
    at += part.length;
  }
  const random = new RandomStream(1, "bench features");
  return samples.map((sample) => sample + DITHER * random.normal());
}

if (argv[1] === SELF) await measure({ quick: argv.includes("--quick") });
