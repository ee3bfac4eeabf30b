// Trains on AN4 with seeds 1, 2, 3: train split learned, dev split picks the epoch, test read once.
// EARSHOT_DATA=… node recipes/an4/run.mjs [seed…]

import { median } from "../../dist/quantiles.js";
import { earshot, manifestOf, minutes, percent, printTable } from "../earshot.mjs";
import { trainAn4 } from "./train.mjs";

const manifest = manifestOf("an4");
const seeds = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 2, 3];
const results = [];
for (const seed of seeds) {
  const { modelPath, metrics, first, seconds } = await trainAn4(manifest, seed);
  const test = await greedily(modelPath);
  results.push({
    seed,
    metrics,
    first: { ...first.metrics, test: await greedily(first.modelPath) },
    test,
    seconds,
  });
}
printTable(
  [
    "seed",
    "best epoch of the second cycle",
    "first cycle: dev WER",
    "test WER",
    "second cycle: dev WER",
    "dev CER",
    "test WER",
    "test CER",
    "from the command to the model",
  ],
  results.map(({ seed, metrics, first, test, seconds }) => [
    seed,
    metrics.epoch,
    percent(first.devWer),
    percent(first.test.wer),
    percent(metrics.devWer),
    percent(metrics.devCer),
    percent(test.wer),
    percent(test.cer),
    minutes(seconds),
  ]),
);
console.log(`\nmedian test WER ${percent(median(results.map(({ test }) => test.wer)))} (greedy)`);

async function greedily(model) {
  const [rates] = await earshot("test", manifest, "-m", model, "--split", "test");
  return rates;
}
