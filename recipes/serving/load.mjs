// Mixed load at the pace of speech for half an hour: live streams of three dialects, and files between them. Every text has to be
// the one that the clip had before, nothing may fail, and memory is read every half minute.
//   node recipes/serving/load.mjs MODEL FOLDER-OF-WAV [MINUTES] [STREAMS]

import { once } from "node:events";
import { connect } from "node:net";
import { argv, exit } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { quantile } from "../../dist/quantiles.js";
import { readClips, serveModel } from "./served-model.mjs";

const [model, clips, minutes = "30", streams = "8"] = argv.slice(2);
const [RATE_HZ, BLOCK_MS, HEADER] = [16_000, 100, 44];
const BLOCK = (2 * RATE_HZ * BLOCK_MS) / 1000; // bytes
const FILE_EVERY_MS = 2_000;
const MEMORY_EVERY_MS = 30_000;

const files = readClips(clips);
const server = await serveModel(model);
const { live, wyoming, failures } = server;

// ── A clip through each dialect ─────────────────────────────────────────────────────────────────────────────────────

async function* paced(file, pace) {
  const start = performance.now();
  for (let at = HEADER, n = 1; at < file.length; at += BLOCK, n++) {
    yield file.subarray(at, at + BLOCK);
    await sleep(Math.max(0, start + n * BLOCK_MS * pace - performance.now()));
  }
}

/** The texts that `textOf` finds in what a socket says, until it closes. */
function textsOf(socket, textOf) {
  const texts = [];
  socket.on("message", (message) => {
    const text = textOf(JSON.parse(String(message)));
    if (text) texts.push(text);
  });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("close", () => resolve(texts.join(" ")));
  });
}

async function vosk(file, pace) {
  const socket = new WebSocket(live);
  const texts = textsOf(socket, ({ text }) => text);
  await once(socket, "open");
  for await (const block of paced(file, pace)) socket.send(block);
  socket.send(JSON.stringify({ eof: 1 }));
  return texts;
}

async function deepgram(file, pace) {
  const socket = new WebSocket(`${live}/v1/listen?encoding=linear16&sample_rate=${RATE_HZ}`);
  const texts = textsOf(
    socket,
    ({ is_final, channel }) => is_final && channel?.alternatives?.[0]?.transcript,
  );
  await once(socket, "open");
  for await (const block of paced(file, pace)) socket.send(block);
  socket.send(JSON.stringify({ type: "CloseStream" }));
  return texts;
}

async function wyomingClip(file, pace) {
  const { hostname, port } = new URL(wyoming.replace("tcp:", "http:"));
  const socket = connect(Number(port), hostname);
  const format = { rate: RATE_HZ, width: 2, channels: 1 };
  const send = (type, data, payload) => {
    socket.write(`${JSON.stringify({ type, data, ...(payload && { payload_length: payload.length }) })}\n`);
    if (payload) socket.write(payload);
  };
  send("transcribe", {});
  send("audio-start", format);
  for await (const block of paced(file, pace)) send("audio-chunk", format, block);
  send("audio-stop", {});
  let said = "";
  for await (const bytes of socket) {
    said += bytes;
    const [, length, data] = /"type":"transcript".*?"data_length":(\d+)\}\n(.*)/s.exec(said) ?? [];
    if (data === undefined || Buffer.byteLength(data) < Number(length)) continue;
    socket.destroy();
    return JSON.parse(Buffer.from(data).subarray(0, Number(length))).text;
  }
  throw new Error("Wyoming's connection ended without a transcript");
}

async function upload(file) {
  const { status, text } = await server.upload(file);
  if (status !== 200) throw new Error(`a file was answered with ${status}`);
  return text;
}

// ── The load ────────────────────────────────────────────────────────────────────────────────────────────────────────

const dialects = { vosk, deepgram, wyoming: wyomingClip, files: upload };
const peace = {};
for (const [name, say] of Object.entries(dialects)) {
  peace[name] = [];
  for (const file of files) peace[name].push(await say(file, 0));
}
const end = performance.now() + 60_000 * Number(minutes);
const counts = { texts: 0, wrong: 0, failed: 0 };

async function check(name, i) {
  try {
    const text = await dialects[name](files[i], 1);
    counts.texts++;
    if (text !== peace[name][i]) counts.wrong++;
  } catch (error) {
    counts.failed++;
    console.error(`${name}: ${error.message}`);
  }
}

async function speaker(n) {
  const name = ["vosk", "deepgram", "wyoming"][n % 3];
  await sleep(137 * n);
  for (let clip = n; performance.now() < end; clip++) await check(name, clip % files.length);
}

async function sender() {
  for (let clip = 0; performance.now() < end; clip++) {
    await Promise.all([check("files", clip % files.length), sleep(FILE_EVERY_MS)]);
  }
}

const megabytes = [];
async function watch() {
  while (performance.now() < end) {
    await sleep(MEMORY_EVERY_MS);
    const valueOf = await server.metrics();
    megabytes.push(Math.round(valueOf("process_resident_memory_bytes") / 2 ** 20));
    console.error(
      `${(megabytes.length * MEMORY_EVERY_MS) / 60_000} min: ${megabytes.at(-1)} MB, ${JSON.stringify(counts)}`,
    );
  }
}

await Promise.all([...Array.from({ length: Number(streams) }, (_, n) => speaker(n)), sender(), watch()]);
const median = (from, to) => quantile(megabytes.slice(from * megabytes.length, to * megabytes.length).toSorted((a, b) => a - b), 0.5); // prettier-ignore
const [early, late] = [median(1 / 6, 1 / 2), median(2 / 3, 1)];
const growth = late / early - 1;
console.log(JSON.stringify({ ...counts, serverFailures: failures.length, megabytes, early, late, growth }));
await server.end();
exit(counts.wrong + counts.failed + failures.length === 0 && Math.abs(growth) <= 0.05 ? 0 : 1);
