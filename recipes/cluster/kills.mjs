// Ranks are killed at random moments of a training and the run goes on, each time with another number of ranks, until it is done:
// nothing is lost and nothing is doubled, and what was learned is what one rank learns undisturbed, bit for bit. Then a link is cut: the
// ranks end with RANK_SILENT within the time that they were given.
//   node recipes/cluster/kills.mjs [--kills 20] [--seed 1]

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { readSafetensors } from "../../dist/model/index.js";
import { RandomStream } from "../../dist/random.js";
import {
  demoManifest,
  earshot,
  folder,
  logOf,
  makeHosts,
  pidsOf,
  removeHosts,
  runJob,
  startJob,
} from "./job.mjs";

const { values } = parseArgs({
  options: { kills: { type: "string", default: "20" }, seed: { type: "string", default: "1" } },
});
const random = new RandomStream(Number(values.seed), "kills");
const HOSTS = 3;
const settings = {
  seed: 1,
  epochs: 2 * Number(values.kills),
  threads: 1,
  report: false,
  accumulate: 2, // of two summands the order does not matter: the same bits by one rank, two and three
  checkpointSeconds: 0,
  "network.width": 32,
  "data.workers": 1,
  "data.maxUtterances": 3,
  "data.cacheDirectory": join(folder, "cache"),
};
const given = Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
const manifest = demoManifest(36, 6);
const [alone, killed, cut] = ["alone", "killed", "cut"].map((name) => join(folder, name));
const begin = (out) => [...earshot, "train", manifest, ...given, "--out", out];
const goOn = (out) =>
  existsSync(join(out, "run.json")) ? [...earshot, "train", "--resume", out] : begin(out);

/** @returns whether a rank was killed before the job ended by itself */
async function killOne() {
  const ranks = 1 + random.integer(HOSTS);
  const { ended } = startJob(ranks, goOn(killed));
  const job = { isOver: false };
  void ended.then(() => (job.isOver = true));
  let pids = [];
  while (!job.isOver && (pids = pidsOf(killed, ranks)).length < ranks) await sleep(50);
  const stepsOf = () => logOf(killed).filter(({ type }) => type === "batch").length;
  const before = stepsOf();
  const isLearning = () => stepsOf() > before;
  if (random.uniform() < 0.8) while (!job.isOver && !isLearning()) await sleep(20); // the others die while they begin
  await sleep(2000 * random.uniform());
  if (job.isOver) return false;
  const pid = pids[random.integer(pids.length)];
  process.kill(pid, "SIGKILL");
  const { code, stderr } = await ended;
  console.error(`${ranks} ranks, one killed after ${stepsOf()} steps; mpirun ended with ${code}`);
  if (/error:/.test(stderr)) throw new Error(stderr);
  return true;
}

/** Weights, the optimizer's state and what was logged of learning. */
function expectSame() {
  const tensors = (run) => readSafetensors(readFileSync(join(run, "checkpoint.safetensors")), run).tensors;
  const [expected, came] = [tensors(alone), tensors(killed)];
  for (const [name, { data }] of expected)
    if (came.get(name).data.some((value, i) => value !== data[i])) throw new Error(`${name} differs`);
  const learned = (run) =>
    logOf(run).flatMap(({ type, epoch, step, loss, trainLoss }) =>
      type === "batch" || type === "epoch" ? [[type, epoch, step, loss ?? trainLoss].join()] : [],
    );
  if (learned(alone).join("\n") !== learned(killed).join("\n")) throw new Error("the logs differ");
}

/** @returns seconds from the cut to the end of rank 0 */
async function cutLink() {
  const { child, ended } = startJob(2, [...begin(cut), "--rank-timeout", "10"]);
  const job = { isOver: false };
  void ended.then(() => (job.isOver = true));
  while (!job.isOver && !logOf(cut).some(({ type }) => type === "epoch")) await sleep(50);
  execFileSync("ip", ["link", "set", "rank-link-1", "down"]);
  const begun = performance.now();
  let told = "";
  child.stderr.on("data", (data) => (told += data));
  while (!told.includes("RANK_SILENT") && performance.now() - begun < 60_000) await sleep(50);
  const seconds = (performance.now() - begun) / 1000;
  removeHosts(); // mpirun would wait for the daemon that it cannot reach
  await ended;
  if (!told.includes("RANK_SILENT")) throw new Error(`no RANK_SILENT:\n${told}`);
  return seconds;
}

try {
  makeHosts(HOSTS);
  let kills = 0;
  while (kills < Number(values.kills) && (await killOne())) kills++;
  await runJob(2, goOn(killed));
  await runJob(1, begin(alone));
  expectSame();
  console.log(
    `${kills} kills: the weights, the optimizer's state, every step and every epoch of one rank undisturbed, bit for bit`,
  );
  console.log(`a link was cut: RANK_SILENT after ${(await cutLink()).toFixed(1)} s, where 10 s were given`);
} finally {
  removeHosts();
}
