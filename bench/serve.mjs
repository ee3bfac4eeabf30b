// Row `serve`: the server as it is started, and its clients in a process of their own. Live streams of width-512 streaming networks
// (random weights, which make no difference to the network's time, and the most that a beam search can have to do; or a trained
// one, --model) with a trigram of the demo's sentences and a beam of 32: each
// client says the demo's clips one after another at the pace of speech, in Vosk's dialect. Measured: from the last sound of a clip to
// its final text, with streams that run together (batch dispatch) and each by itself; the processor's time of both processes. Then
// whole files, eight clients at once.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { argv, cpuUsage, execPath } from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { quantile } from "../dist/quantiles.js";
import { randomModel } from "./measure.mjs";

const RATE_HZ = 16_000;
const BLOCK_MS = 100;
const BLOCK = (2 * RATE_HZ * BLOCK_MS) / 1000; // bytes
const WIDTH = 512;
const TOGETHER = 32;
const FILE_CLIENTS = 8;
const SELF = fileURLToPath(import.meta.url);
const MAIN = fileURLToPath(new URL("../dist/apps/cli/main.js", import.meta.url));
const CORPUS = fileURLToPath(new URL("../demo/corpus/", import.meta.url));

/**
 * Prints a row for each number of streams, together and each by itself, and one for files.
 * @param streams how many at once @param quick 10 s of each instead of 30 @param model a file, instead of random weights
 * @param precision what the server computes in
 */
export async function* measure({ quick = false, streams = "10,50,100", model, precision = "float32" } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "earshot-serve-"));
  const seconds = quick ? 10 : 30;
  try {
    await makeModel(folder, model);
    for (const count of String(streams).split(",").map(Number))
      for (const together of [TOGETHER, 1])
        yield await row(
          folder,
          { together, precision },
          ["live", count, seconds],
          describeLive(count, together),
        );
    yield await row(
      folder,
      { together: TOGETHER, precision },
      ["files", FILE_CLIENTS, seconds],
      describeFiles,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function makeModel(folder, given) {
  const { buildLanguageModel, readManifests, writeCompact, writeModelFile } = await rooms();
  const network = { name: "deep-speech-streaming", width: WIDTH };
  const file = given
    ? await readFile(given)
    : writeModelFile(await randomModel(network, { normalization: "none" }));
  await writeFile(join(folder, "model.safetensors"), file);
  const { utterances } = await readManifests([join(CORPUS, "manifest.csv")]);
  await writeFile(join(folder, "texts.txt"), utterances.map(({ transcript }) => transcript).join("\n"));
  const { trie } = await buildLanguageModel([join(folder, "texts.txt")], { order: 3 });
  await writeFile(join(folder, "trigram"), Buffer.concat([...writeCompact(trie)]));
}

async function rooms() {
  const [lm, data, model] = await Promise.all(
    ["lm", "data", "model"].map((room) => import(`../dist/${room}/index.js`)),
  );
  return { ...lm, ...data, ...model };
}

async function row(folder, { together, precision }, work, describe) {
  const [model, lm] = ["model.safetensors", "trigram"].map((name) => join(folder, name));
  const machine = ["--threads", "1", "--precision", precision, "--set", `streamBatch=${together}`];
  const options = ["--lm", lm, "--beam", "32", ...machine];
  const server = spawn(execPath, [
    MAIN,
    "serve",
    "-m",
    model,
    "--port",
    "0",
    "--json",
    ...options,
    "--set",
    "streams=1000",
    "--set",
    "streamsPerKey=1000",
  ]);
  server.stderr.resume();
  try {
    const [first] = await once(createInterface(server.stdout), "line");
    const { http } = JSON.parse(first).listening;
    const before = await metrics(http);
    const { stdout } = await promisify(execFile)(execPath, [SELF, http, ...work.map(String)]);
    const after = await metrics(http);
    const figures = JSON.parse(stdout);
    const serverSeconds = after.process_cpu_seconds_total - before.process_cpu_seconds_total;
    const result = {
      together,
      precision,
      ...figures,
      serverMsPerSecond: Math.round((1000 * serverSeconds) / figures.soundSeconds),
      serverMegabytes: Math.round(after.process_resident_memory_bytes / 2 ** 20),
      load: Math.round(loadavg()[0]),
    };
    console.log(`serve    ${describe(result)}`);
    return result;
  } finally {
    server.kill("SIGKILL");
  }
}

const describeLive = (count, together) => (r) =>
  `${count} live streams, ${together === 1 ? "each by itself" : `up to ${together} together`}: final text after ${r.p50} ms (p50), ${r.p95} (p95), ` +
  `${r.p98} (p98) of ${r.texts} texts; server ${r.serverMsPerSecond} ms of processor for a second of sound, ${r.serverMegabytes} MB; ` +
  `clients ${r.clientShare} % of a core; ${r.late} % of blocks late; load ${r.load}`;
const describeFiles = (r) =>
  `files, ${FILE_CLIENTS} clients: ${r.hoursPerHour} hours of sound an hour, ${r.p50} ms (p50), ${r.p98} (p98); server ${r.serverMsPerSecond} ms of processor for a second of sound; load ${r.load}`;

async function metrics(http) {
  const text = await (await fetch(`${http}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(" ")),
      Number(line.slice(line.lastIndexOf(" ") + 1)),
    ]),
  );
}

// ── The clients, in a process of their own ──────────────────────────────────────────────────────────────────────

async function clients(http, kind, count, seconds) {
  const { WebSocket } = await import("ws");
  const names = (await readdir(join(CORPUS, "dev"))).toSorted();
  const files = await Promise.all(names.map((name) => readFile(join(CORPUS, "dev", name))));
  const { decodeAudio } = await import("../dist/audio/index.js");
  const sounds = await Promise.all(files.map((file, i) => decodeAudio(file, names[i])));
  const pcms = sounds.map(({ samples }) =>
    Buffer.from(Int16Array.from(samples, (sample) => Math.round(32_767 * sample)).buffer),
  );
  const figures = { waits: [], blocks: 0, late: 0, soundSeconds: 0 };
  const start = performance.now();
  const end = start + 1000 * seconds;
  const before = cpuUsage();
  const one = async (index) => {
    await sleep((1_000 * index) / count);
    for (let clip = index; performance.now() < end; clip++) {
      const i = clip % names.length;
      if (kind === "live") await speak(WebSocket, http, pcms[i], figures);
      else await upload(http, files[i], figures);
      figures.soundSeconds += sounds[i].samples.length / RATE_HZ;
    }
  };
  await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
  const elapsed = performance.now() - start;
  const { user, system } = cpuUsage(before);
  const sorted = figures.waits.toSorted((a, b) => a - b);
  const [p50, p95, p98] = [0.5, 0.95, 0.98].map((share) => Math.round(quantile(sorted, share)));
  return {
    streams: count,
    texts: sorted.length,
    p50,
    p95,
    p98,
    late: Math.round((100 * figures.late) / Math.max(1, figures.blocks)),
    soundSeconds: figures.soundSeconds,
    hoursPerHour: Math.round((1000 * figures.soundSeconds) / elapsed),
    clientShare: Math.round((user + system) / 10 / elapsed),
  };
}

/** One clip in the time that it takes to say it; a block that is sent 50 ms after its time is late. */
async function speak(WebSocket, http, pcm, figures) {
  const socket = new WebSocket(http.replace("http", "ws"));
  await once(socket, "open");
  let answer;
  socket.on("message", (data) => (answer = data));
  socket.send(JSON.stringify({ config: { sample_rate: RATE_HZ } }));
  const start = performance.now();
  for (let block = 0; block * BLOCK < pcm.length; block++) {
    const due = start + (block + 1) * BLOCK_MS;
    await sleep(Math.max(0, due - performance.now()));
    if (performance.now() > due + BLOCK_MS / 2) figures.late++;
    figures.blocks++;
    socket.send(pcm.subarray(block * BLOCK, (block + 1) * BLOCK));
  }
  const spoken = performance.now();
  socket.send(JSON.stringify({ eof: 1 }));
  await once(socket, "close");
  if (typeof JSON.parse(answer).text !== "string") throw new Error(`No text came: ${answer}`);
  figures.waits.push(performance.now() - spoken);
}

async function upload(http, file, figures) {
  const form = new FormData();
  form.set("file", new Blob([file]), "clip");
  const start = performance.now();
  const answer = await fetch(`${http}/v1/audio/transcriptions`, { method: "POST", body: form });
  if (!answer.ok) throw new Error(await answer.text());
  await answer.json();
  figures.waits.push(performance.now() - start);
}

if (argv[1] === SELF) {
  const [http, kind, count, seconds] = argv.slice(2);
  console.log(JSON.stringify(await clients(http, kind, Number(count), Number(seconds))));
}
