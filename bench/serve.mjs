// Row `serve`: the server as it is started, and its clients in a process of their own. Live streams of width-512 streaming networks
// (random weights, which make no difference to the network's time, and the most that a beam search can have to do; or a trained
// one, --model) with a trigram of the demo's sentences and a beam of 32: each
// client says the demo's clips one after another at the pace of speech, in Vosk's dialect. Measured: from the last sound of a clip to
// its final text, with streams that run together (batch dispatch) and each by itself; the processor's time of both processes. Then
// whole files, eight clients at once. With --peer FOLDER sherpa-onnx's servers have the same clips and the same network, in turn, and
// greedy decoding stands beside the beam, since they have no other.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { randomModel } from "./measure.mjs";
import { sherpaServers } from "./serve-sherpa.mjs";

const WIDTH = 512;
const TOGETHER = 32;
const FILE_CLIENTS = 8;
const CLIENTS = fileURLToPath(new URL("serve-clients.mjs", import.meta.url));
const MAIN = fileURLToPath(new URL("../dist/apps/cli/main.js", import.meta.url));
const CORPUS = fileURLToPath(new URL("../demo/corpus/", import.meta.url));

/**
 * Prints a row for each number of streams and each server, and those for files.
 * @param streams how many at once @param quick 10 s of each instead of 30 @param model a file, instead of random weights
 * @param precision what the servers compute in @param peer the folder of sherpa-onnx's executables (PyPI: sherpa-onnx-bin)
 */
export async function* measure(asked = {}) {
  const { quick = false, streams = "10,50,100", model, precision = "float32", peer } = asked;
  const folder = await mkdtemp(join(tmpdir(), "earshot-serve-"));
  const seconds = quick ? 10 : 30;
  try {
    const file = await makeModel(folder, model);
    const beam = earshot(folder, precision, `beam 32, up to ${TOGETHER} together`);
    const others = peer
      ? [
          earshot(folder, precision, `greedy, up to ${TOGETHER} together`, ["--greedy"]),
          ...(await sherpaServers(folder, file, precision, peer)),
        ]
      : [earshot(folder, precision, "beam 32, each by itself", ["--set", "streamBatch=1"])];
    for (const count of String(streams).split(",").map(Number))
      for (const server of [beam, ...others].filter(({ live }) => live))
        yield await row(server, server.live, count, seconds);
    for (const server of [beam, ...(peer ? others : [])].filter(({ files }) => files))
      yield await row(server, server.files, FILE_CLIENTS, seconds);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function makeModel(folder, given) {
  const { buildLanguageModel, readManifests, readModelFile, writeCompact, writeModelFile } = await rooms();
  const network = { name: "deep-speech-streaming", width: WIDTH };
  const file = given
    ? await readFile(given)
    : writeModelFile(await randomModel(network, { normalization: "none" }));
  await writeFile(join(folder, "model.safetensors"), file);
  const { utterances } = await readManifests([join(CORPUS, "manifest.csv")]);
  await writeFile(join(folder, "texts.txt"), utterances.map(({ transcript }) => transcript).join("\n"));
  const { trie } = await buildLanguageModel([join(folder, "texts.txt")], { order: 3 });
  await writeFile(join(folder, "trigram"), Buffer.concat([...writeCompact(trie)]));
  return readModelFile(file, "bench");
}

async function rooms() {
  const [lm, data, model] = await Promise.all(
    ["lm", "data", "model"].map((room) => import(`../dist/${room}/index.js`)),
  );
  return { ...lm, ...data, ...model };
}

/** A server that can be started: how, and what its clients speak. */
function earshot(folder, precision, how, further = []) {
  const [model, lm] = ["model.safetensors", "trigram"].map((name) => join(folder, name));
  const decoder = further.includes("--greedy") ? [] : ["--lm", lm, "--beam", "32"];
  const limits = ["streams=1000", "streamsPerKey=1000", `streamBatch=${TOGETHER}`].flatMap((limit) => ["--set", limit]); // prettier-ignore
  const machine = ["--threads", "1", "--precision", precision];
  const start = async () => {
    const options = [...decoder, ...machine, ...limits, ...further];
    const server = spawn(execPath, [MAIN, "serve", "-m", model, "--port", "0", "--json", ...options]);
    server.stderr.resume();
    const [first] = await once(createInterface(server.stdout), "line");
    return { server, address: JSON.parse(first).listening.http };
  };
  return { name: `earshot, ${precision}, ${how}`, start, live: "vosk", files: "openai" };
}

async function row({ name, start }, dialect, clients, seconds) {
  const { server, address } = await start(dialect);
  try {
    const before = await usageOf(server.pid);
    const args = [CLIENTS, address, dialect, clients, seconds].map(String);
    const { stdout } = await promisify(execFile)(execPath, args);
    const after = await usageOf(server.pid);
    const figures = JSON.parse(stdout);
    const result = {
      server: name,
      dialect,
      ...figures,
      serverMsPerSecond: Math.round((1000 * (after.seconds - before.seconds)) / figures.soundSeconds),
      serverMegabytes: after.megabytes,
      load: Math.round(loadavg()[0]),
    };
    console.log(`serve    ${name}: ${describe(result)}`);
    return result;
  } finally {
    server.kill("SIGKILL");
  }
}

const TICKS = 100; // of Linux's account, a second

/** Linux's account of a process: seconds of the processor since it began, MB resident. */
async function usageOf(pid) {
  const [stat, status] = await Promise.all(
    ["stat", "status"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8")),
  );
  const behindName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user, system] = behindName.slice(11, 13).map(Number);
  return {
    seconds: (user + system) / TICKS,
    megabytes: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024),
  };
}

const describe = (r) =>
  (/openai|files/.test(r.dialect)
    ? `files, ${r.clients} clients: ${r.hoursPerHour} hours of sound an hour, `
    : `${r.clients} live streams: final text after `) +
  `${r.p50} ms (p50), ${r.p95} (p95), ${r.p98} (p98) of ${r.texts} texts; server ${r.serverMsPerSecond} ms of processor for a second ` +
  `of sound, ${r.serverMegabytes} MB; clients ${r.clientShare} % of a core; ${r.late} % of blocks late; load ${r.load}`;
