// AN4 by one rank and by two, with the same updates: the same WER within noise, and the time of each. The recipe's first cycle (recipes/an4/config.yaml), on this machine, one thread for each rank.
//   EARSHOT_DATA=folder/of/corpora node recipes/cluster/an4.mjs [--ranks 1,2] [--epochs 60] [--seed 1] [--rank-timeout 300]
// Only the time of some epochs, in turns, where nothing else runs: --ranks 1,2,1,2 --epochs 2 --time-only

import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "../../dist/quantiles.js";
import { earshot as evaluate, manifestOf, minutes, percent, printTable } from "../earshot.mjs";
import { earshot, folder, logOf, runJob, startJobHere } from "./job.mjs";

const { values } = parseArgs({
  options: {
    ranks: { type: "string", default: "1,2" },
    epochs: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    out: { type: "string", default: folder },
    "rank-timeout": { type: "string", default: "300" },
    "time-only": { type: "boolean", default: false },
  },
});
const ranksOf = values.ranks.split(",").map(Number);
const manifest = manifestOf("an4");
const config = join(dirname(fileURLToPath(import.meta.url)), "../an4/config.yaml");
const settings = {
  seed: values.seed,
  epochs: values.epochs,
  threads: 1,
  report: !values["time-only"],
  // two halves of the batch that one machine takes, whoever computes them
  accumulate: 2,
  "data.maxUtterances": 4,
};
const given = Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]);

mkdirSync(values.out, { recursive: true });
const rows = [];
for (const [turn, ranks] of ranksOf.entries()) {
  const out = join(values.out, `an4-${ranks}-${turn}`);
  const command = [...earshot, "train", manifest, "--config", config, ...given, "--out", out];
  await runJob(ranks, [...command, "--rank-timeout", values["rank-timeout"]], startJobHere);
  const log = logOf(out);
  const epochs = log.filter(({ type }) => type === "epoch").map(({ seconds }) => seconds);
  console.error(`${ranks} ranks: epochs of ${epochs.map((seconds) => seconds.toFixed(1)).join(", ")} s`);
  const { metrics, seconds } = log.find(({ type }) => type === "done");
  const [test] = values["time-only"] ? [] : await evaluate("test", manifest, "-m", out, "--split", "test");
  rows.push([
    ranks,
    percent(metrics.devWer),
    test ? percent(test.wer) : "",
    `${median(epochs).toFixed(1)} s`,
    minutes(seconds),
  ]);
}
printTable(["ranks", "dev WER", "test WER", "an epoch", "all"], rows);
