// Chaos: good clients speak all the time, and every text of theirs has to be the one that the same clip had in peace; beside them
// bad ones do what bad clients do. In the end the server has to answer within a second, nothing may be open, and memory is told.
//   node recipes/serving/chaos.mjs MODEL FOLDER-OF-WAV [SECONDS]

import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, execPath, exit } from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { RandomStream } from "../../dist/random.js";

const [model, clips, seconds = "60"] = argv.slice(2);
const MAIN = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));
const GOOD = 4;
const BAD = 8;
const random = new RandomStream(1, "chaos");
const pick = (list) => list[random.integer(list.length)];

const folder = mkdtempSync(join(tmpdir(), "earshot-chaos-"));
const served = join(folder, "model.safetensors");
copyFileSync(model, served);
const files = readdirSync(clips)
  .filter((name) => name.endsWith(".wav"))
  .toSorted()
  .slice(0, 8)
  .map((name) => readFileSync(join(clips, name)));

const IDLE_SECONDS = 15;
const limits = [
  `idleSeconds=${IDLE_SECONDS}`,
  "headerSeconds=2",
  "uploadSeconds=4",
  "unreadKilobytes=64",
].flatMap((limit) => ["--set", limit]);
const server = spawn(execPath, [
  MAIN,
  "serve",
  "-m",
  `m=${served}`,
  "--port",
  "0",
  "--wyoming",
  "0",
  "--json",
  "--threads",
  "1",
  ...limits,
]);
const failures = [];
createInterface(server.stderr).on("line", (line) => line.includes('"failed"') && failures.push(line));
const [first] = await once(createInterface(server.stdout), "line");
const { http, wyoming } = JSON.parse(first).listening;
const [port, wyomingPort] = [http, wyoming].map((address) => Number(address.split(":").at(-1)));
const live = http.replace("http", "ws");

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

async function upload(file) {
  const form = new FormData();
  form.set("file", new Blob([file]), "a.wav");
  const answer = await fetch(`${http}/v1/audio/transcriptions`, { method: "POST", body: form });
  return { status: answer.status, ...(await answer.json()) };
}

async function metrics() {
  const text = await (await fetch(`${http}/metrics`)).text();
  return (series) =>
    Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${series} `))
        ?.split(" ")
        .at(-1) ?? 0,
    );
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
  server.kill("SIGHUP");
  await sleep(1_000);
  copyFileSync(model, served);
  server.kill("SIGHUP");
}

const peace = { speech: [], files: [] };
for (const file of files) peace.speech.push(await speak(file));
for (const file of files) peace.files.push((await upload(file)).text);
const before = await metrics();
const end = performance.now() + 1_000 * Number(seconds);
const counts = { texts: 0, wrong: 0, refused: 0, attacks: {} };

async function good() {
  for (let n = random.integer(8); performance.now() < end; n++) {
    const i = n % files.length;
    try {
      const [speech, file] = [await speak(files[i]), await upload(files[i])];
      counts.texts += 2;
      if (speech !== peace.speech[i]) counts.wrong++;
      if (file.status !== 200) counts.refused++;
      else if (file.text !== peace.files[i]) counts.wrong++;
    } catch (error) {
      if (/come again|are open already/.test(error.message)) counts.refused++;
      else throw error;
    }
  }
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
  sleep(500 * Number(seconds)).then(fiveHundred),
  sleep(300 * Number(seconds)).then(corruptReload),
]);
await sleep(5_000); // for what waits to be noticed
const start = performance.now();
const answer = await upload(files[0]);
const answeredMs = Math.round(performance.now() - start);
const after = await metrics();
const megabytes = [before, after].map((value) =>
  Math.round(value("process_resident_memory_bytes") / 2 ** 20),
);
const reasons = ["bad_request", "too_large", "too_slow", "too_many", "slow_reader", "failed"];
const result = {
  ...counts,
  serverFailures: failures.length,
  open: after("earshot_streams_open"),
  answeredMs,
  same: answer.text === peace.files[0],
  megabytes,
  refusals: Object.fromEntries(
    reasons.map((reason) => [reason, after(`earshot_refusals_total{reason="${reason}"}`)]),
  ),
  reloads: ["loaded", "failed"].map((outcome) =>
    after(`earshot_model_reloads_total{model="m",outcome="${outcome}"}`),
  ),
};
console.log(JSON.stringify(result, null, 2));
if (failures.length > 0) console.log(failures[0]);
server.kill("SIGTERM");
await once(server, "exit");
rmSync(folder, { recursive: true });
const isMet = (attack, reason) => !(attack in counts.attacks) || result.refusals[reason] > 0;
const areLimitsMet = isMet("one byte a second", "too_slow") && isMet("does not read", "slow_reader");
exit(counts.wrong === 0 && result.open === 0 && failures.length === 0 && result.same && areLimitsMet ? 0 : 1);
