// npm run bench -- guard [--update] [--only decoder,lm]: whether anything has become slower beside what it is measured beside. Ratios only, each
// the median of those within many short rounds by processor time, so that they mean the same on other machines and on busy
// ones; those kept are in guard.json, with their commit and date.

import { execFileSync } from "node:child_process";
import { readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import FFT from "fft.js";
import { processorClocked, turnsOf } from "./measure.mjs";
import { compareRatios, LARGEST_FALL, timesAsFast } from "./ratios.mjs";

const KEPT = fileURLToPath(new URL("guard.json", import.meta.url));
const ROUNDS = 15;
const LONG_ROUNDS = 7; // of seconds each
const SECONDS = 120; // of sound
const [WINDOW, HOP, LINES] = [320, 160, 512];

/** Runs the rows, tells what fell and sets the exit code. @param update keeps the ratios of this run @param only names of ROWS */
export async function measure({ update = false, only = Object.keys(ROWS).join(",") } = {}) {
  const kept = JSON.parse(await readFile(KEPT, "utf8"));
  const runRows = async () => {
    const measured = {};
    for (const row of only.split(",")) Object.assign(measured, await ROWS[row]());
    return measured;
  };
  const first = await runRows();
  const isSlower = compareRatios(kept.ratios, first).fallen.length > 0;
  const choose = update ? Math.min : Math.max;
  const measured = isSlower || update ? ofTwo(first, await runRows(), choose) : first;
  report(measured, kept.ratios);
  if (update) await keep({ ...kept.ratios, ...measured });
  else if (compareRatios(kept.ratios, measured).fallen.length > 0) process.exitCode = 1;
  return [{ row: "guard", measured, kept }];
}

/** Other programs lower a ratio by chance: the lesser of two runs is kept, and one has fallen that is below it twice. */
function ofTwo(first, second, choose) {
  return Object.fromEntries(
    Object.entries(first).map(([name, ratio]) => [name, choose(ratio, second[name])]),
  );
}

function report(measured, kept) {
  const { fallen, skipped, added } = compareRatios(kept, measured);
  for (const [name, ratio] of Object.entries(measured)) console.log(`guard  ${name}: ${ratio.toFixed(2)}`);
  for (const name of skipped)
    console.log(`guard  not measured, its row was not asked for or its peer is not installed: ${name}`);
  for (const name of added) console.log(`guard  not kept yet (--update keeps it): ${name}`);
  for (const { name, from, to } of fallen) {
    console.error(
      `guard  fell by more than ${100 * LARGEST_FALL} %: ${name}, from ${from} to ${to.toFixed(2)}; ` +
        `alone: npm run bench -- ${name.split(" ")[0]}`,
    );
  }
}

/** One file or the other, never half of one. */
async function keep(ratios) {
  const rounded = Object.entries(ratios).map(([name, ratio]) => [name, Number(ratio.toPrecision(3))]);
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(
    `${KEPT}.new`,
    `${JSON.stringify({ commit, date, ratios: Object.fromEntries(rounded) }, null, 2)}\n`,
  );
  await rename(`${KEPT}.new`, KEPT);
}

// ── Ratios ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Beside nothing but a transform of each window by fft.js, as long as ours. */
async function besidePlainFrames() {
  const { computeFeatures, featureSettings, parseSettings } = await import("../dist/index.js");
  const { RandomStream } = await import("../dist/random.js");
  const random = new RandomStream(1, "bench guard");
  const samples = new Float32Array(16_000 * SECONDS).map(() => 0.1 * random.normal());
  const settings = parseSettings(featureSettings, {}, "bench");
  const { ours, plain } = await turnsOf(
    {
      ours: () => processorClocked(() => computeFeatures(samples, settings)),
      plain: () => processorClocked(() => transformEach(samples)),
    },
    ROUNDS,
  );
  return { "features beside fft.js alone": timesAsFast(ours, plain) };
}

function transformEach(samples) {
  const fft = new FFT(LINES);
  const signal = new Float64Array(LINES);
  const spectrum = new Float64Array(2 * LINES);
  for (let start = 0; start + WINDOW <= samples.length; start += HOP) {
    signal.set(samples.subarray(start, start + WINDOW));
    fft.realTransform(spectrum, signal);
  }
}

async function besideFeaturePeers() {
  const { measure: features } = await import("./features.mjs");
  const rows = (await features({ rounds: ROUNDS })).filter((row) => row.timesPeer);
  return Object.fromEntries(
    rows.map(({ kind, peer, timesPeer }) => [`features ${kind} beside ${peer.split(" ")[0]}`, timesPeer]),
  );
}

async function besideCtcPeers() {
  const { measure: ctc } = await import("./ctc.mjs");
  const [{ turns }] = await ctc({ rounds: ROUNDS });
  const { "in TypeScript": typeScript, "in the step's program": program, ...peers } = turns;
  const ratios = { "ctc in TypeScript beside the program": timesAsFast(typeScript, program) };
  if (Object.keys(peers).length === 0) return ratios;
  return {
    ...ratios,
    "ctc in TypeScript beside PyTorch": besideFastest(typeScript, peers),
    "ctc in the program beside PyTorch": besideFastest(program, peers),
  };
}

/** The step's arithmetic beside the rate of a large matrix product, and beside the fastest PyTorch. */
async function besideProducts() {
  const { measure: step } = await import("./step.mjs");
  const ratios = {};
  const asked = { quick: true, rounds: LONG_ROUNDS, widths: [256], "processor-time": true };
  for await (const { share, turns } of step(asked)) {
    const { ours, product: _product, ctc: _ctc, ...peers } = turns;
    ratios["step beside a product's rate"] = share;
    if (Object.keys(peers).length > 0) ratios["step beside PyTorch"] = besideFastest(ours, peers);
  }
  return ratios;
}

/** What a command takes beside Node alone, and a clip beside Node with the engine loaded. */
async function besideNode() {
  const { measure: start } = await import("./start.mjs");
  const [{ turns }] = await start({ rounds: LONG_ROUNDS });
  return {
    "start of help beside Node": timesAsFast(turns.help, turns.node),
    "start of a clip beside the engine": timesAsFast(turns.transcribe, turns["node with the engine"]),
  };
}

/** Of the demo's dev split, in turns of some tenths of a second. */
async function besideDecoderPeers() {
  const { measure: decoder } = await import("./decoder.mjs");
  const guarded = ["wide bounds", "narrow bounds", "known words"];
  const rows = await decoder({ quick: true, rounds: LONG_ROUNDS, beams: [100], names: guarded });
  const measured = rows.filter((row) => row.timesPeer);
  return Object.fromEntries(
    measured.map(({ name, peer, timesPeer }) => [`decoder beside ${peer.split(" ")[0]}, ${name}`, timesPeer]),
  );
}

/** Of a million words, by processor time. How fast models are built is not among it: lmplz takes all cores, as far as they are free. */
async function besideKenlm() {
  const { measure: lm } = await import("./lm.mjs");
  const [, queries] = await lm({ quick: true, rounds: 3 });
  if (!queries.probing) return {};
  return {
    "lm asked beside KenLM's probing": queries.probing.timesAsFast,
    "lm asked beside KenLM's trie": queries.trie.timesAsFast,
  };
}

const besideFastest = (ours, peers) =>
  Math.min(...Object.values(peers).map((theirs) => timesAsFast(ours, theirs)));

const ROWS = {
  frames: besidePlainFrames,
  features: besideFeaturePeers,
  ctc: besideCtcPeers,
  step: besideProducts,
  decoder: besideDecoderPeers,
  lm: besideKenlm,
  start: besideNode,
};
