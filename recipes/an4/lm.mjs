// What a trigram of the train transcripts does for the models that run.mjs trained: α and β tuned on dev, test read once
// for each, with every spelling allowed and with the closed vocabulary of train.
// EARSHOT_DATA=… node recipes/an4/lm.mjs [seed…]

import { existsSync } from "node:fs";
import { median } from "../../dist/quantiles.js";
import { manifestOf, percent, printTable } from "../earshot.mjs";
import { modelFolder } from "./train.mjs";
import { buildTrigram, test, tuneAndTest } from "./trigram.mjs";

const manifest = manifestOf("an4");
const asked = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 2, 3];
const modelOf = (seed) => `${modelFolder(seed)}/model.safetensors`;
const seeds = asked.filter((seed) => existsSync(modelOf(seed)));
if (seeds.length === 0) {
  console.error("There is no model yet: node recipes/an4/run.mjs");
  process.exit(3);
}
await buildTrigram(manifest);
const results = [];
for (const seed of seeds) {
  const model = modelOf(seed);
  const greedy = await test(manifest, model, "--greedy");
  const open = await tuneAndTest(manifest, model, `seed${seed}-open`);
  const closed = await tuneAndTest(manifest, model, `seed${seed}-closed`, "--dictionary");
  results.push({ seed, greedy, open, closed });
}
report();

function report() {
  const reduction = (greedy, { wer }) => percent(1 - wer / greedy.wer);
  const cells = (greedy, tuned) => {
    const { alpha, beta, wer } = tuned.best;
    return [`${alpha}, ${beta}`, percent(wer), percent(tuned.wer), reduction(greedy, tuned)];
  };
  const head = (name) => [`${name}: α, β`, "dev WER", "test WER", "less by"];
  printTable(
    ["seed", "greedy test WER", ...head("open"), ...head("closed")],
    results.map(({ seed, greedy, open, closed }) => [
      seed,
      percent(greedy.wer),
      ...cells(greedy, open),
      ...cells(greedy, closed),
    ]),
  );
  const medianOf = (kind) => percent(median(results.map((result) => result[kind].wer)));
  console.log(
    `\nmedian test WER: greedy ${medianOf("greedy")}, open ${medianOf("open")}, closed ${medianOf("closed")}`,
  );
}
