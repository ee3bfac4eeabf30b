// The clients of the row `serve`, in a process of their own: each says the demo's clips one after another at the pace of speech, or sends
// them as files as soon as the one before is answered. Prints what they waited and took as a line of JSON.
//   node bench/serve-clients.mjs ADDRESS vosk|openai|sherpa-live|sherpa-files COUNT SECONDS

import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { argv, cpuUsage } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { decodeAudio } from "../dist/audio/index.js";
import { quantile } from "../dist/quantiles.js";
import { BLOCK_MS, sendSpoken } from "./spoken-pace.mjs";

const RATE_HZ = 16_000;
const BLOCK_SAMPLES = (RATE_HZ * BLOCK_MS) / 1000;
const CORPUS = fileURLToPath(new URL("../demo/corpus/", import.meta.url));

const [address, dialect, count, seconds] = argv.slice(2);
const clips = await readClips();
const figures = { waits: [], blocks: 0, late: 0, soundSeconds: 0 };
console.log(JSON.stringify(await load(Number(count), Number(seconds))));

async function readClips() {
  const names = (await readdir(join(CORPUS, "dev"))).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const file = await readFile(join(CORPUS, "dev", name));
      const { samples } = await decodeAudio(file, name);
      const pcm = Int16Array.from(samples, (sample) => Math.round(32_767 * sample));
      return { file, pcm: bytesOf(pcm), floats: bytesOf(samples), seconds: samples.length / RATE_HZ };
    }),
  );
}

function bytesOf({ buffer, byteOffset, byteLength }) {
  return Buffer.from(buffer, byteOffset, byteLength);
}

async function load(clients, limit) {
  const says = { vosk, openai, "sherpa-live": sherpaLive, "sherpa-files": sherpaFile }[dialect];
  const start = performance.now();
  const before = cpuUsage();
  const one = async (index) => {
    await sleep((1_000 * index) / clients);
    for (let n = index; performance.now() < start + 1_000 * limit; n++) {
      const clip = clips[n % clips.length];
      figures.waits.push(await says(clip));
      figures.soundSeconds += clip.seconds;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => one(index)));
  const elapsed = performance.now() - start;
  const { user, system } = cpuUsage(before);
  const sorted = figures.waits.toSorted((a, b) => a - b);
  const [p50, p95, p98] = [0.5, 0.95, 0.98].map((share) => Math.round(quantile(sorted, share)));
  return {
    clients,
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

// ── A clip in each dialect: the milliseconds from its end to its final text ─────────────────────────────────────

async function vosk({ pcm }) {
  const socket = await open(address.replace("http", "ws"));
  let answer;
  socket.on("message", (data) => (answer = data));
  socket.send(JSON.stringify({ config: { sample_rate: RATE_HZ } }));
  await sendSpoken(pcm, 2 * BLOCK_SAMPLES, figures, (block) => socket.send(block));
  const spoken = performance.now();
  socket.send(JSON.stringify({ eof: 1 }));
  await once(socket, "close");
  if (typeof JSON.parse(answer).text !== "string") throw new Error(`No text came: ${answer}`);
  return performance.now() - spoken;
}

async function sherpaLive({ floats }) {
  const socket = await open(address);
  const final = new Promise((resolve) =>
    socket.on("message", (data) => {
      const answer = String(data);
      if (answer === "Done!" || JSON.parse(answer).is_eof) resolve();
    }),
  );
  await sendSpoken(floats, 4 * BLOCK_SAMPLES, figures, (block) => socket.send(block));
  const spoken = performance.now();
  socket.send("Done");
  await final;
  socket.close();
  return performance.now() - spoken;
}

async function openai({ file }) {
  const form = new FormData();
  form.set("file", new Blob([file]), "clip");
  const start = performance.now();
  const answer = await fetch(`${address}/v1/audio/transcriptions`, { method: "POST", body: form });
  if (!answer.ok) throw new Error(await answer.text());
  await answer.json();
  return performance.now() - start;
}

async function sherpaFile({ floats }) {
  const start = performance.now();
  const socket = await open(address);
  const header = Buffer.alloc(8);
  header.writeInt32LE(RATE_HZ, 0);
  header.writeInt32LE(floats.length, 4);
  socket.send(Buffer.concat([header, floats]));
  const [answer] = await once(socket, "message");
  if (typeof JSON.parse(String(answer)).text !== "string") throw new Error(`No text came: ${answer}`);
  const taken = performance.now() - start;
  socket.send("Done");
  return taken;
}

async function open(url) {
  const socket = new WebSocket(url);
  await once(socket, "open");
  return socket;
}
