// Chaos: good clients speak all the time, and every text of theirs has to be the one that the same clip had in peace; beside them
// bad ones do what bad clients do, the model file is none for a while, and workers run out of memory: who speaks through one that dies
// is told, and nobody else notices. In the end, and after each death, the server has to answer within a second; nothing may be
// left open; memory, threads and descriptors are told.
//   node recipes/serving/chaos.mjs MODEL FOLDER-OF-WAV [SECONDS]

import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, exit } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { RandomStream } from "../../dist/random.js";
import { readClips, serveModel } from "./served-model.mjs";

const [model, clips, seconds = "60"] = argv.slice(2);
const GOOD = 4;
const BAD = 8;
const DEATH_EVERY_MS = 10_000;
const random = new RandomStream(1, "chaos");
const pick = (list) => list[random.integer(list.length)];

const folder = mkdtempSync(join(tmpdir(), "earshot-chaos-"));
const served = join(folder, "model.safetensors");
copyFileSync(model, served);
const files = readClips(clips).slice(0, 8);

const IDLE_SECONDS = 15;
const limits = [
  `idleSeconds=${IDLE_SECONDS}`,
  "headerSeconds=2",
  "uploadSeconds=4",
  "unreadKilobytes=64",
].flatMap((limit) => ["--set", limit]);
const mortal = ["--import", new URL("mortal-workers.mjs", import.meta.url).href];
const server = await serveModel(served, ["--threads", "1", ...limits], mortal);
const { http, wyoming, live, upload } = server;
const [port, wyomingPort] = [http, wyoming].map((address) => Number(address.split(":").at(-1)));

/** A clip, frame by frame, each with its answer. */
async function speak(file) {
  const socket = new WebSocket(live);
  await once(socket, "open");
  const texts = [];
  const ask = async (message) => {
    const answer = once(socket, "message");
    socket.send(message);
    const { text, error } = JSON.parse(String((await answer)[0]));
    if (error) throw new Error(error);
    if (text) texts.push(text);
  };
  for (let at = 0; at < file.length; at += 8_000) await ask(file.subarray(at, at + 8_000));
  await ask(JSON.stringify({ eof: 1 }));
  return texts.join(" ");
}

const raw = (to = port) => connect(to, "127.0.0.1").on("error", () => undefined);
const openSocket = async (path = "") => {
  const socket = new WebSocket(live + path);
  socket.on("error", () => undefined);
  await Promise.race([once(socket, "open"), once(socket, "close")]);
  return socket;
};

/** Whatever errors come before. */
const closed = (socket) => new Promise((resolve) => socket.once("close", resolve));

/** A byte a second, until the server hangs up. @param expected of all that it answered */
async function drip(socket, beginning, expected) {
  let answer = "";
  socket.on("data", (bytes) => (answer += bytes));
  socket.write(beginning);
  const drops = setInterval(() => socket.writable && socket.write("x"), 1_000);
  await Promise.race([closed(socket), sleep(30_000)]);
  clearInterval(drops);
  if (!socket.destroyed) throw new Error("a byte a second was waited for");
  if (!expected.test(answer)) throw new Error(`a byte a second was answered with ${answer.slice(0, 200)}`);
}

/** The end that the server has given a socket which reads again. */
async function closing(socket, codes) {
  const end = Promise.race([closed(socket), sleep(30_000)]);
  socket.resume();
  const code = await end;
  if (!codes.includes(code)) throw new Error(`a socket was not let go: ${code}`);
}

const ATTACKS = {
  async vanishes() {
    const socket = await openSocket();
    socket.send(pick(files).subarray(0, 20_000));
    await sleep(50);
    socket.terminate();
  },
  async garbage() {
    const socket = raw(pick([port, wyomingPort]));
    socket.write(pick(files).subarray(1_000, 9_000));
    await sleep(50);
    socket.destroy();
  },
  async "wrong rates"() {
    const socket = await openSocket();
    socket.send(JSON.stringify({ config: { sample_rate: pick([1, 8_000, 48_000, 700_000, -3]) } }));
    for (let i = 0; i < 5; i++) socket.send(pick(files).subarray(44, 9_000));
    await sleep(100);
    socket.close();
  },
  async "zero bytes"() {
    const socket = await openSocket();
    for (let i = 0; i < 200; i++) socket.send(Buffer.alloc(0));
    socket.terminate();
    await upload(Buffer.alloc(0));
  },
  async "four gigabytes"() {
    const [request, frame] = [raw(), raw(wyomingPort)];
    request.write(
      "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4294967296\r\n\r\n",
    );
    frame.write('{"type":"audio-chunk","payload_length":4294967296}\n');
    await sleep(100);
    request.destroy();
    frame.destroy();
  },
  async "one byte a second"() {
    const upload = "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    await Promise.all([
      drip(raw(), upload, /^HTTP\/1.1 (408|503) /),
      drip(raw(), `${upload}Content-Length: 1000\r\n\r\n`, /^HTTP\/1.1 (408|429|503) /),
      drip(raw(wyomingPort), '{"type":"ping","data_length":1000}\n', /A frame took longer|^$/),
    ]);
  },
  async "does not read"() {
    const socket = await openSocket("/v1/realtime");
    socket.pause();
    const session = {
      type: "transcription",
      audio: { input: { transcription: { prompt: "x ".repeat(100_000) } } },
    };
    for (let i = 0; i < 100; i++) socket.send(JSON.stringify({ type: "session.update", session }));
    await sleep(10_000); // its end is in the metrics alone: who does not read sees none
    socket.terminate();
  },
  async "half open"() {
    const socket = await openSocket();
    socket.pause(); // answers no ping, says nothing
    await sleep(1_000 * (IDLE_SECONDS + 1));
    await closing(socket, [1006, 1008, 1013]);
  },
  async "not a recording"() {
    const { status } = await upload(Buffer.from(Array.from({ length: 5_000 }, () => random.integer(256))));
    if (![400, 408, 429, 503].includes(status)) throw new Error(`garbage was answered with ${status}`);
  },
};

async function fiveHundred() {
  const sockets = await Promise.all(Array.from({ length: 500 }, openSocket));
  for (const socket of sockets) if (socket.readyState === 1) socket.send(Buffer.alloc(1_000));
  await sleep(500);
  for (const socket of sockets) socket.terminate();
}

async function corruptReload() {
  writeFileSync(served, "no model");
  server.signal("SIGHUP");
  await sleep(1_000);
  copyFileSync(model, served);
  server.signal("SIGHUP");
}

/** Workers of streams and of files in turn; how long those who come new then wait for an answer, in ms. */
async function deaths() {
  while (performance.now() + DEATH_EVERY_MS < end) {
    await sleep(DEATH_EVERY_MS);
    const death = server.logged(/A worker died/);
    server.signal("SIGUSR2");
    await death;
    const [speech, file] = await Promise.all([answerMs(firstAnswer), answerMs(firstFile)]);
    counts.deaths.push({ speech, file });
  }
}

async function answerMs(ask) {
  const start = performance.now();
  await ask();
  return Math.round(performance.now() - start);
}

async function firstAnswer() {
  const socket = await openSocket();
  socket.send(files[0].subarray(0, 8_000));
  await Promise.race([once(socket, "message"), closed(socket)]);
  socket.terminate();
}

async function firstFile() {
  const { status } = await upload(files[0]);
  if (status !== 200 && status !== 429) throw new Error(`a file was answered with ${status}`);
}

const peace = { speech: [], files: [] };
for (const file of files) peace.speech.push(await speak(file));
for (const file of files) peace.files.push((await upload(file)).text);
const before = await server.held();
const end = performance.now() + 1_000 * Number(seconds);
const counts = { texts: 0, wrong: 0, refused: 0, lost: 0, deaths: [], attacks: {} };

async function good() {
  for (let i = random.integer(8); performance.now() < end; i = (i + 1) % files.length) {
    await goodSpeech(i);
    const { status, text } = await upload(files[i]);
    if (status === 429 || status === 503) counts.refused++;
    else compare(text, peace.files[i]);
  }
}

async function goodSpeech(i) {
  try {
    compare(await speak(files[i]), peace.speech[i]);
  } catch (error) {
    if (/come again|are open already|server response: (408|429|503)/.test(error.message)) counts.refused++;
    else if (/failed at this request/.test(error.message)) counts.lost++;
    else throw error;
  }
}

function compare(text, expected) {
  counts.texts++;
  if (text !== expected) counts.wrong++;
}

async function bad() {
  while (performance.now() < end) {
    const name = pick(Object.keys(ATTACKS));
    counts.attacks[name] = (counts.attacks[name] ?? 0) + 1;
    await ATTACKS[name]();
  }
}

await Promise.all([
  ...Array.from({ length: GOOD }, good),
  ...Array.from({ length: BAD }, bad),
  deaths(),
  sleep(500 * Number(seconds)).then(fiveHundred),
  sleep(300 * Number(seconds)).then(corruptReload),
]);
await sleep(10_000); // for what waits to be noticed
const after = await server.held();
const start = performance.now();
const answer = await upload(files[0]);
const answeredMs = Math.round(performance.now() - start);
const valueOf = await server.metrics();
const reasons = ["bad_request", "too_large", "too_slow", "too_many", "slow_reader", "failed"];
const unprovoked = server.failures.filter((line) => !/The worker of (live streams|files) ended/.test(line));
const result = {
  ...counts,
  serverFailures: unprovoked.length,
  open: valueOf("earshot_streams_open"),
  answeredMs,
  same: answer.text === peace.files[0],
  before,
  after,
  refusals: Object.fromEntries(
    reasons.map((reason) => [reason, valueOf(`earshot_refusals_total{reason="${reason}"}`)]),
  ),
  reloads: ["loaded", "failed"].map((outcome) =>
    valueOf(`earshot_model_reloads_total{model="m",outcome="${outcome}"}`),
  ),
};
console.log(JSON.stringify(result, null, 2));
if (unprovoked.length > 0) console.log(unprovoked[0]);
await server.end();
rmSync(folder, { recursive: true });
const isMet = (attack, reason) => !(attack in counts.attacks) || result.refusals[reason] > 0;
const areLimitsMet = isMet("one byte a second", "too_slow") && isMet("does not read", "slow_reader");
const isHeld = result.open > 0 || after.descriptors > before.descriptors;
exit(counts.wrong === 0 && unprovoked.length === 0 && !isHeld && result.same && areLimitsMet ? 0 : 1);
