// How long ranks take to add up a gradient, in float32 and in half precision with error feedback, on hosts that are network namespaces.
//   node recipes/cluster/sums.mjs [--ranks 2] [--links 1gbit,100mbit] [--numbers 2400000] [--repeats 11]

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isRank, openRanks } from "../../dist/platform/index.js";
import { sumOverRanks } from "../../dist/training/ranks/sum-gradients.js";
import { sumHalves } from "../../dist/training/ranks/sum-halves.js";
import { makeHosts, removeHosts, startJob } from "./job.mjs";

const { values } = parseArgs({
  options: {
    ranks: { type: "string", default: "2" },
    links: { type: "string", default: "1gbit,100mbit" },
    numbers: { type: "string", default: "2400000" },
    repeats: { type: "string", default: "11" },
  },
});
if (isRank()) await beRank();
else await measure();

/** Rank 0 tells the times of each way, in ms, as JSON. */
async function beRank() {
  const ranks = await openRanks();
  const gradient = Float32Array.from(
    { length: Number(values.numbers) },
    (_, i) => Math.sin(i) / (1 + (i % 1000)),
  );
  const times = {};
  for (const [name, sum] of Object.entries({ float32: sumOverRanks(ranks), float16: sumHalves(ranks) })) {
    times[name] = [];
    for (let i = 0; i < Number(values.repeats); i++) {
      const own = gradient.slice();
      await ranks.barrier();
      const begun = performance.now();
      await sum([["weights", own]]);
      times[name].push(performance.now() - begun);
    }
  }
  if (ranks.rank === 0) console.log(JSON.stringify(times));
  await ranks.close();
}

async function measure() {
  console.log(
    "| ranks | link | float32: median, least | float16: median, least |\n| ----- | ---- | ---- | ---- |",
  );
  try {
    for (const link of values.links.split(","))
      for (const count of values.ranks.split(",").map(Number)) {
        makeHosts(count, link === "none" ? undefined : link);
        const own = ["--numbers", values.numbers, "--repeats", values.repeats];
        const { code, stdout, stderr } = await startJob(count, [
          process.execPath,
          fileURLToPath(import.meta.url),
          ...own,
        ]).ended;
        if (code !== 0) throw new Error(stderr);
        const { float32, float16 } = JSON.parse(stdout);
        console.log(`| ${[count, link, medianAndLeast(float32), medianAndLeast(float16)].join(" | ")} |`);
      }
  } finally {
    removeHosts();
  }
}

function medianAndLeast(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return `${sorted[sorted.length >> 1].toFixed(0)}, ${sorted[0].toFixed(0)} ms`;
}
