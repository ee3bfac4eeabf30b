// How much of their time ranks compute, and how much faster an epoch is by more of them: one thread each, on hosts that are
// network namespaces, over links of several rates. Every job has the same updates of the same batches.
//   node recipes/cluster/efficiency.mjs [--ranks 1,2,4] [--links none,1gbit] [--batch 8 | --frames 5500] [--accumulate 2] [--width 512] [--rounds 3] [--epochs 3] [--compression none,float16] [--model FILE]
// Batches have so many clips, or as many as fit into so many padded frames, so that all are of one size.
// The first some twenty updates of a network compute the loss twice, since it is far down: --model begins with one that has learned.
// Its last column is what an epoch of one rank takes beside what all ranks together take, as if all computed at one speed: ranks
// that share a machine's memory compute a little slower, which is not theirs to mend.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { demoManifest, earshot, folder, logOf, makeHosts, removeHosts, runJob } from "./job.mjs";

const { values } = parseArgs({
  options: {
    ranks: { type: "string", default: "1,2" },
    links: { type: "string", default: "none,1gbit" },
    width: { type: "string", default: "512" },
    rounds: { type: "string", default: "3" },
    compression: { type: "string", default: "none" },
    utterances: { type: "string", default: "576" },
    batch: { type: "string", default: "8" },
    frames: { type: "string" },
    accumulate: { type: "string" },
    epochs: { type: "string", default: "3" },
    model: { type: "string" },
  },
});
const MANY = 1000; // more than any clip has frames, and any batch clips
const list = (text) => text.split(",");
const ranksOf = list(values.ranks).map(Number);
const accumulate = Number(values.accumulate ?? Math.max(...ranksOf));
const manifest = demoManifest(Number(values.utterances));
const limits = values.frames
  ? { "data.batchFrames": Number(values.frames), "data.maxUtterances": MANY }
  : { "data.batchFrames": MANY * Number(values.batch), "data.maxUtterances": Number(values.batch) };
const settings = {
  seed: 1,
  epochs: Number(values.epochs),
  threads: 1,
  report: false,
  accumulate,
  "network.width": values.width,
  "data.workers": 1,
  ...limits,
  "data.sortaGrad": false,
  "data.augmentation": "none",
  "data.cacheDirectory": join(folder, "cache"),
};
const given = Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]);

/** Seconds of the fastest epoch but the first, and how its ranks spent them in the mean. */
async function measure(ranks, link, compression, round) {
  makeHosts(ranks, link === "none" ? undefined : link);
  const out = join(folder, `${ranks}-${link}-${compression}-${round}`);
  const command = [
    ...earshot,
    "train",
    manifest,
    ...given,
    ...(values.model ? ["-m", values.model] : []),
    "--set",
    `gradientCompression=${compression}`,
    "--out",
    out,
    "--mpi", // one by itself, too
  ];
  await runJob(ranks, command);
  const log = logOf(out);
  const epochs = log.filter(({ type }) => type === "epoch").slice(1);
  const best = epochs.reduce((least, epoch) => (epoch.seconds < least.seconds ? epoch : least));
  const reports = log.find(({ type, epoch }) => type === "ranks" && epoch === best.epoch).ranks;
  const mean = (name) => reports.reduce((sum, report) => sum + report[name], 0) / ranks;
  const spent = Object.fromEntries(
    ["computing", "waiting", "adding", "between"].map((name) => [name, mean(name)]),
  );
  return { seconds: best.seconds, ...spent };
}

// one rank sends nothing
const alone = ranksOf.includes(1) ? { ranks: 1, link: "none", compression: "none" } : undefined;
const cases = list(values.links).flatMap((link) =>
  list(values.compression).flatMap((compression) =>
    ranksOf.filter((ranks) => ranks > 1).map((ranks) => ({ ranks, link, compression })),
  ),
);
if (alone) cases.unshift(alone);
try {
  for (let round = 0; round < Number(values.rounds); round++)
    for (const one of cases) {
      const measured = await measure(one.ranks, one.link, one.compression, round);
      if (!one.best || measured.seconds < one.best.seconds) one.best = measured;
      console.error(`${one.ranks} ranks, ${one.link}, ${one.compression}: ${measured.seconds.toFixed(2)} s`);
    }
} finally {
  removeHosts();
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const size = values.frames ? `${values.frames} padded frames` : `${values.batch} clips`;
console.log(`Batches of ${size}, ${accumulate} in an update:`);
console.log(
  "| ranks | link | carried | epoch | computing | waiting | adding up | between epochs | computes | faster | efficiency |",
);
console.log(
  "| ----- | ---- | ------- | ----- | --------- | ------- | --------- | -------------- | -------- | ------ | ---------- |",
);
for (const { ranks, link, compression, best } of cases) {
  const { seconds, computing, waiting, adding, between } = best;
  const faster = alone ? `${(alone.best.seconds / seconds).toFixed(2)} times` : "";
  const atOneSpeed = alone && alone.best.seconds - alone.best.computing + ranks * computing;
  const efficiency = alone ? percent(atOneSpeed / (ranks * seconds)) : "";
  const cells = [ranks, link, compression === "none" ? "float32" : compression, `${seconds.toFixed(2)} s`];
  const times = [computing, waiting, adding, between].map((time) => `${time.toFixed(2)} s`);
  console.log(
    `| ${[...cells, ...times, percent(computing / (computing + waiting + adding + between)), faster, efficiency].join(" | ")} |`,
  );
}
