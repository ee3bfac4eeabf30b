// What several models of AN4 hear together: those of run.mjs, of two seeds, and a smaller network of other features and
// another stride, which is trained here. Each alone, then together, greedily and with the trigram of the train transcripts.
// α and β are those that dev chose for the members; test is read once for each row.
// EARSHOT_DATA=… node recipes/an4/ensemble.mjs [model…], after run.mjs and lm.mjs

import { existsSync } from "node:fs";
import { earshot, manifestOf, percent, printTable, train } from "../earshot.mjs";
import { CONFIG, modelFolder } from "./train.mjs";

const TRIGRAM = "runs/an4-lm/trigram.arpa";
const OTHER_FOLDER = "runs/an4-other";
const OTHER = [
  "epochs=20",
  "seed=7",
  "schedule.peak=0.002",
  "network.width=256",
  "network.context=4",
  "network.stride=3",
  "features.bins=40",
];
const WEIGHTS = ["--alpha", "1", "--beta", "5"];

const manifest = manifestOf("an4");
const [first, second, other] = await models();
const lists = [[first], [second], [other], [first, second], [first, second, other]];
const rows = [];
for (const list of lists) {
  const names = list.map((path) => [first, second, other].indexOf(path) + 1).join(" + ");
  const rates = [];
  for (const options of [["--greedy"], ["--lm", TRIGRAM, ...WEIGHTS]])
    for (const split of ["dev", "test"]) rates.push(await wordErrors(list, split, options));
  rows.push([names, ...rates.map(percent)]);
}
printTable(["models", "greedy: dev WER", "test WER", "trigram: dev WER", "test WER"], rows);

/** Given, or those that other recipes made, with the third. */
async function models() {
  const given = process.argv.slice(2);
  if (given.length === 3) return given;
  const two = [1, 2].map((seed) => `${modelFolder(seed)}/model.safetensors`);
  if (!two.every(existsSync) || !existsSync(TRIGRAM)) {
    console.error("Models or trigram are missing: node recipes/an4/run.mjs 1 2, node recipes/an4/lm.mjs 1 2");
    process.exit(3);
  }
  return [...two, (await train(manifest, CONFIG, OTHER_FOLDER, ...OTHER)).modelPath];
}

async function wordErrors(list, split, options) {
  const given = list.flatMap((path) => ["-m", path]);
  const [{ wer }] = await earshot("test", manifest, ...given, "--split", split, ...options);
  return wer;
}
