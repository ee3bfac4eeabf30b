// Networks of about 1.2 million parameters beside the paper's, each trained once from nothing on the recordings as they are:
// the schedule of config.yaml's first cycle, 20 to 60 minutes of one thread. Dev picks the epoch, α and β; test is read once.
// EARSHOT_DATA=… node recipes/an4/networks.mjs [NAME…] [--seed N]; a name is that of a file in networks/

import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { earshot, manifestOf, minutes, percent, printTable, train } from "../earshot.mjs";
import { buildTrigram, test, tuneAndTest } from "./trigram.mjs";

const FOLDER = "recipes/an4/networks";

const { values, positionals } = parseArgs({
  options: { seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const manifest = manifestOf("an4");
const all = readdirSync(FOLDER).map((file) => basename(file, ".yaml"));
const rows = [];
await buildTrigram(manifest);
for (const name of positionals.length > 0 ? positionals : all) rows.push(await rowOf(name));
printTable(
  [
    "network",
    "parameters",
    "dev WER",
    "test WER",
    "trigram: dev WER",
    "test WER",
    "training",
    "real-time factor",
  ],
  rows,
);

async function rowOf(name) {
  const out = `runs/an4-${name}-seed${values.seed}`;
  const run = await train(manifest, `${FOLDER}/${name}.yaml`, out, `seed=${values.seed}`);
  const greedy = await test(manifest, run.modelPath, "--greedy");
  const trigram = await tuneAndTest(manifest, run.modelPath, `${name}-seed${values.seed}`);
  const costs = await costsOf(run.modelPath);
  return [
    name,
    costs.parameters,
    percent(run.metrics.devWer),
    percent(greedy.wer),
    percent(trigram.best.wer),
    percent(trigram.wer),
    minutes(run.seconds),
    costs.realTimeFactor.toFixed(3),
  ];
}

/** What a model costs where it runs, in a process of its own. */
async function costsOf(model) {
  const page = model.replace("model.safetensors", "costs.html");
  const options = ["--split", "test", "--threads", "1", "--out", page];
  const [{ systems }] = await earshot("compare", model, manifest, ...options);
  return systems[0];
}
