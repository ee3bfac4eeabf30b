// The same recipe (AN4, recipes/an4), its second cycle with and without noise training: on the clean test split, and on
// the same under noises that nobody has learned with, at 10 dB. EARSHOT_DATA=… node recipes/noise/run.mjs [seed…]

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { median } from "../../dist/quantiles.js";
import { earshot, manifestOf, minutes, percent, printTable } from "../earshot.mjs";
import { CONFIG, trainAn4 } from "../an4/train.mjs";
import { mixTestSplit, splitNoises } from "./recordings.mjs";

const FOLDER = "runs/noise";

const manifest = manifestOf("an4");
const seeds = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 2, 3];
mkdirSync(FOLDER, { recursive: true });
const noises = splitNoises(manifestOf("noise"), FOLDER);
const noisyManifest = await mixTestSplit(manifest, noises.test, `${FOLDER}/test-10db`);
const noisyConfig = writeConfig();
const results = [];
for (const seed of seeds) {
  const clean = await trainAn4(manifest, seed, { out: `${FOLDER}/seed${seed}-clean`, brought: [] });
  const noisy = await trainAn4(manifest, seed, {
    config: noisyConfig,
    out: `${FOLDER}/seed${seed}-second`,
    brought: [],
  });
  results.push({
    seed,
    clean: await test(clean),
    noisy: await test(noisy),
    seconds: noisy.seconds,
  });
}
report();

/** The settings of recipes/an4 with those of noise.yaml: nothing else differs. */
function writeConfig() {
  const config = parse(readFileSync(CONFIG, "utf8"));
  const { noise } = parse(readFileSync("recipes/noise/noise.yaml", "utf8")).data.augmentation;
  config.data.augmentation.noise = { ...noise, paths: [noises.train] };
  const path = `${FOLDER}/config.yaml`;
  writeFileSync(path, stringify(config));
  return path;
}

async function test({ modelPath }) {
  const [clean] = await earshot("test", manifest, "-m", modelPath, "--split", "test");
  const [noisy] = await earshot("test", noisyManifest, "-m", modelPath, "--split", "test");
  return { clean: clean.wer, noisy: noisy.wer };
}

function report() {
  const gain = ({ clean, noisy }) => 1 - noisy.noisy / clean.noisy;
  const loss = ({ clean, noisy }) => noisy.clean - clean.clean;
  printTable(
    [
      "seed",
      "clean training: clean",
      "at 10 dB",
      "noise training: clean",
      "at 10 dB",
      "gain at 10 dB",
      "loss on clean",
      "both cycles",
    ],
    results.map((result) => [
      result.seed,
      percent(result.clean.clean),
      percent(result.clean.noisy),
      percent(result.noisy.clean),
      percent(result.noisy.noisy),
      percent(gain(result)),
      (100 * loss(result)).toFixed(1),
      minutes(result.seconds),
    ]),
  );
  console.log(
    `\nmedians: gain at 10 dB ${percent(median(results.map(gain)))} of the errors, ` +
      `loss on clean ${(100 * median(results.map(loss))).toFixed(1)} points (greedy)`,
  );
}
