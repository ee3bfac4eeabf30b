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
    utterances: { type: "string", default: "384" },
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
    const [computing, waiting, adding] = ["computing", "waiting", "adding"].map(mean);
    return { computing, waiting, adding, all: computing + waiting + adding };
  });
  return seconds.reduce((least, one) => (one.all < least.all ? one : least));
}

async function planned(ranks, link, computing) {
  const own = ["--ranks", String(ranks), "--link", link.replace("gbit", "Gbit/s").replace("mbit", "Mbit/s")];
  const [plan] = await earshotJson("plan", manifest, ...flags(), ...own, "--step-seconds", String(computing));
  const { computeSeconds, waitSeconds: waiting, exchangeSeconds: adding } = plan.plans[0];
  return { waiting, adding, all: computeSeconds + waiting + adding };
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
const both = (name, one) => `${ms(one[name])} / ${ms(one.planned[name])}`;
console.log("An update, measured / planned:");
console.log("| ranks | link | computing | waiting | adding up | all | difference |");
console.log("| ----- | ---- | --------- | ------- | --------- | --- | ---------- |");
for (const one of rows) {
  const difference = `${(100 * (one.planned.all / one.all - 1)).toFixed(1)} %`;
  const cells = ["waiting", "adding", "all"].map((name) => both(name, one));
  console.log(`| ${[one.ranks, one.link, ms(one.computing), ...cells, difference].join(" | ")} |`);
}
