// What `earshot plan` predicts beside what ranks take: one thread each, on hosts that are network namespaces, over links of
// several rates. What a step takes is told to the planner as the same job measured it, since ranks that share cores compute
// more slowly than one alone would; what it has to find is what they wait for each other and for the link.
//   node recipes/cluster/plan.mjs [--ranks 2,4] [--links 1gbit,100mbit] [--width 512] [--rounds 2]

import { parseArgs } from "node:util";
import { earshot as earshotJson } from "../earshot.mjs";
import { demoManifest, earshot, folder, logOf, makeHosts, removeHosts, runJob } from "./job.mjs";
import { join } from "node:path";

const { values } = parseArgs({
  options: {
    ranks: { type: "string", default: "2,4" },
    links: { type: "string", default: "1gbit,100mbit" },
    width: { type: "string", default: "512" },
    rounds: { type: "string", default: "2" },
    utterances: { type: "string", default: "128" },
  },
});
const list = (text) => text.split(",");
const manifest = demoManifest(Number(values.utterances));
const settings = {
  seed: 1,
  epochs: 3,
  report: false,
  "network.width": values.width,
  "data.workers": 1,
  "data.batchFrames": 6000,
  "data.augmentation": "none",
};
const flags = (more) =>
  Object.entries({ ...settings, ...more }).flatMap(([name, value]) => ["--set", `${name}=${value}`]);

/** Seconds of an update: what ranks computed, and all of it; of the fastest epoch but the first. */
async function measured(ranks, link, round) {
  makeHosts(ranks, link);
  const out = join(folder, `plan-${ranks}-${link}-${round}`);
  const own = flags({ threads: 1, accumulate: ranks, "data.cacheDirectory": join(folder, "cache") });
  await runJob(ranks, [...earshot, "train", manifest, ...own, "--out", out]);
  const log = logOf(out);
  const updates = log.filter(({ type, epoch }) => type === "batch" && epoch === 2).length;
  const epochs = log.filter(({ type, epoch }) => type === "ranks" && epoch > 1);
  const seconds = epochs.map(({ ranks: reports }) => {
    const mean = (name) => reports.reduce((sum, report) => sum + report[name], 0) / ranks / updates;
    const computing = mean("computing");
    return { computing, all: computing + mean("waiting") + mean("adding") };
  });
  return seconds.reduce((least, one) => (one.all < least.all ? one : least));
}

async function planned(ranks, link, computing) {
  const own = ["--ranks", String(ranks), "--link", link.replace("gbit", "Gbit/s").replace("mbit", "Mbit/s")];
  const [plan] = await earshotJson("plan", manifest, ...flags(), ...own, "--step-seconds", String(computing));
  const { computeSeconds, waitSeconds, exchangeSeconds } = plan.plans[0];
  return computeSeconds + waitSeconds + exchangeSeconds;
}

const rows = [];
try {
  for (const link of list(values.links))
    for (const ranks of list(values.ranks).map(Number)) {
      let best;
      for (let round = 0; round < Number(values.rounds); round++) {
        const one = await measured(ranks, link, round);
        if (!best || one.all < best.all) best = one;
      }
      rows.push({ link, ranks, ...best, planned: await planned(ranks, link, best.computing) });
    }
} finally {
  removeHosts();
}
const ms = (seconds) => `${(1000 * seconds).toFixed(0)} ms`;
console.log("| ranks | link | computing | an update, measured | planned | difference |");
console.log("| ----- | ---- | --------- | ------------------- | ------- | ---------- |");
for (const { ranks, link, computing, all, planned: predicted } of rows)
  console.log(
    `| ${ranks} | ${link} | ${ms(computing)} | ${ms(all)} | ${ms(predicted)} | ${(100 * (predicted / all - 1)).toFixed(1)} % |`,
  );
