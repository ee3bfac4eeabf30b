// Row `decoder`: milliseconds of one core for a second of audio, at beams 16, 100 and 500 with a trigram, on the
// log-probabilities of real speech; word error rates beside an unpruned search, and beside pyctcdecode with KenLM
// (bench/peers/decoder.py) over the same numbers. Then an hour-long stream: memory, and time per chunk.
// It needs recordings and a model of them:
//   node bench/decoder.mjs --manifest an4/manifest.csv --model model.safetensors [--lm words.arpa] [--quick]
// The split `dev` is decoded; without --lm the trigram is built from the text of `train`. PYTHON names the Python that has
// pyctcdecode and kenlm, which reads ARPA files only.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, cpuUsage, env, memoryUsage } from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const PEER = fileURLToPath(new URL("peers/decoder.py", import.meta.url));
const SELF = fileURLToPath(import.meta.url);
const BEAMS = [16, 100, 500];
/** Tuned on AN4 dev; the penalty is pyctcdecode's own. */
const WEIGHTS = { alpha: 1, beta: 3, unknownWordPenalty: 10 };
const BOUNDS = {
  no: { cutoffProbability: 1e-30, beamThreshold: 1000 },
  wide: { cutoffProbability: 1e-4, beamThreshold: 20 },
  narrow: { cutoffProbability: Math.exp(-5), beamThreshold: 10 }, // pyctcdecode's defaults
};

/**
 * Prints a row for each beam and one for the stream, and gives them back.
 * @param quick 30 utterances, and a stream of five minutes
 * @param manifest of a corpus with the splits train and dev
 * @param model the path of its model
 * @param lm the path of a language model, if not a trigram of the split train
 */
export async function measure({ quick = false, manifest, model, lm } = {}) {
  if (!manifest || !model) {
    const reason =
      "--manifest (a corpus with the splits train and dev) and --model (of that corpus) are not given";
    console.log(`decoder  not run: ${reason}`);
    return [{ row: "decoder", notRun: reason }];
  }
  const folder = await mkdtemp(join(tmpdir(), "earshot-decoder-"));
  try {
    const speech = await hear(manifest, model, quick ? 30 : Infinity);
    const arpa = lm ?? (await buildTrigram(folder, speech.trainTexts));
    const peer = await openPeer(folder, speech, arpa);
    const rows = [];
    for (const beam of BEAMS) rows.push(await compare(beam, speech, arpa, peer));
    peer.close();
    rows.push(await streamFor(quick ? 300 : 3600, speech, arpa));
    return rows.map((row) => ({ ...row, manifest, model, lm: lm ?? "a trigram of train" }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function compare(beam, speech, arpa, peer) {
  const { BeamDecoder } = await import("../dist/ctc/index.js");
  const { alphabet, utterances, seconds } = speech;
  const scorer = await openModel(arpa);
  const summary = async (texts, milliseconds) => {
    return { millisecondsPerSecond: milliseconds / seconds, wer: await errorRate(utterances, texts) };
  };
  const ours = (bounds) => {
    const decoder = new BeamDecoder(alphabet, { ...WEIGHTS, beam, ...bounds }, { scorer });
    for (const { rows } of utterances) decoder.decode(rows); // warms up
    const before = cpuUsage();
    const texts = utterances.map(({ rows }) => decoder.decode(rows)[0].text);
    const { user, system } = cpuUsage(before); // µs
    return summary(texts, (user + system) / 1000);
  };
  const theirs = async (bounds) => {
    const answer = await peer.decode({ beam, ...WEIGHTS, ...bounds });
    if (answer.missing) throw new Error(`${peer.name}: ${answer.missing}`);
    return summary(answer.texts, 1000 * answer.seconds);
  };
  const row = { row: "decoder", beam, utterances: utterances.length, seconds: Math.round(seconds) };
  for (const [name, bounds] of Object.entries(BOUNDS)) {
    row[name] = await ours(bounds);
    if (!peer.missing && !(name === "no" && beam > 100)) row[name].peer = await theirs(bounds);
  }
  row.peer = peer.missing ? `not run: ${peer.missing}` : peer.name;
  print(row);
  return row;
}

function print({ beam, utterances, seconds, peer, ...row }) {
  const figures = ({ millisecondsPerSecond, wer }) =>
    `${millisecondsPerSecond.toFixed(3)} ms per second, WER ${(100 * wer).toFixed(2)} %`;
  console.log(`decoder  beam ${beam}  ${utterances} utterances, ${seconds} s`);
  for (const name of Object.keys(BOUNDS)) {
    const own = row[name];
    const times = own.peer && (own.peer.millisecondsPerSecond / own.millisecondsPerSecond).toFixed(1);
    const beside = own.peer
      ? `${peer}: ${figures(own.peer)} (ours ${times} times as fast)`
      : `peer ${peer.startsWith("not run") ? peer : "not run: too slow"}`;
    const realTime = `${Math.round(1000 / own.millisecondsPerSecond)} × real time`;
    console.log(`decoder  beam ${beam}  ${name} bounds  ${figures(own)} (${realTime})  ${beside}`);
  }
}

/** The utterances one after another, over and over, in chunks of a second. */
async function streamFor(seconds, { alphabet, utterances, stepsPerSecond }, arpa) {
  const { BeamDecoder } = await import("../dist/ctc/index.js");
  const decoder = new BeamDecoder(
    alphabet,
    { ...WEIGHTS, ...BOUNDS.wide },
    { scorer: await openModel(arpa) },
  );
  const stream = decoder.open();
  const tenths = Array.from({ length: 10 }, () => ({ microseconds: 0, chunks: 0, heapMegabytes: 0 }));
  const chunks = chunksOf(utterances, Math.round(stepsPerSecond), alphabet.size);
  let words = 0;
  for (let second = 0; second < seconds; second++) {
    const rows = chunks.next().value;
    const before = cpuUsage();
    words += stream.push(rows).words.length;
    const { user, system } = cpuUsage(before);
    const tenth = tenths[Math.floor((10 * second) / seconds)];
    tenth.microseconds += user + system;
    tenth.chunks++;
    tenth.heapMegabytes = (memoryUsage().heapUsed + memoryUsage().arrayBuffers) / 1e6;
  }
  const row = {
    row: "decoder-stream",
    seconds,
    words,
    millisecondsPerChunk: tenths.map(({ microseconds, chunks }) => microseconds / 1000 / chunks),
    heapMegabytes: tenths.map(({ heapMegabytes }) => heapMegabytes),
  };
  const list = (numbers) => numbers.map((number) => number.toFixed(2)).join(" ");
  console.log(
    `decoder  stream of ${seconds} s, ${words} words  ms per second, by tenths: ${list(row.millisecondsPerChunk)}`,
  );
  console.log(`decoder  stream: heap and buffers in MB, by tenths: ${list(row.heapMegabytes)}`);
  return row;
}

function* chunksOf(utterances, steps, symbols) {
  let rest = new Float32Array(0);
  for (let index = 0; ; index++) {
    const next = utterances[index % utterances.length].rows;
    const rows = new Float32Array(rest.length + next.length);
    rows.set(rest);
    rows.set(next, rest.length);
    let at = 0;
    for (; at + steps * symbols <= rows.length; at += steps * symbols)
      yield rows.subarray(at, at + steps * symbols);
    rest = rows.slice(at);
  }
}

// ── Speech and models ───────────────────────────────────────────────────────────────────────────────────────────────

/** The log-probabilities of the dev split, and the texts of the train split; a recording over 40 s is left out. */
async function hear(manifest, modelPath, limit) {
  const { normalizeTranscript, readManifests, Recognizer, rowsOfUtterances } =
    await import("../dist/index.js");
  const all = (await readManifests([manifest])).utterances;
  const inSplit = (name) => all.filter(({ split }) => split === name);
  const recognizer = await Recognizer.load(modelPath, { threads: 1, decoding: "greedy" });
  const read = await rowsOfUtterances(recognizer, inSplit("dev").slice(0, limit));
  await recognizer.close();
  const { alphabet, transcript } = recognizer.model;
  const whole = read.utterances.filter(({ recording }) => recording.parts.length === 1);
  const utterances = whole.map(({ reference, recording }) => ({ reference, rows: recording.parts[0].part }));
  const seconds = whole.reduce((sum, { recording }) => sum + recording.seconds, 0);
  const steps = utterances.reduce((sum, { rows }) => sum + rows.length / alphabet.size, 0);
  const trainTexts = inSplit("train").map(
    (utterance) => normalizeTranscript(utterance.transcript, alphabet, transcript, utterance.where).text,
  );
  return { alphabet, utterances, seconds, stepsPerSecond: steps / seconds, trainTexts };
}

async function buildTrigram(folder, texts) {
  const path = join(folder, "train.arpa");
  const { buildLanguageModel, saveLanguageModel } = await import("../dist/index.js");
  const source = join(folder, "train.txt");
  await writeFile(source, `${texts.join("\n")}\n`);
  const { trie } = await buildLanguageModel([source], { order: 3 });
  await saveLanguageModel(path, trie);
  return path;
}

async function openModel(path) {
  const { openLanguageModel } = await import("../dist/index.js");
  return openLanguageModel(await readFile(path), path);
}

async function errorRate(utterances, texts) {
  const { errorRates } = await import("../dist/index.js");
  return errorRates(texts.map((hypothesis, i) => ({ reference: utterances[i].reference, hypothesis }))).wer;
}

// ── The peer ────────────────────────────────────────────────────────────────────────────────────────────────────────

async function openPeer(folder, { alphabet, utterances }, arpa) {
  const all = Buffer.concat(
    utterances.map(({ rows }) => Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength)),
  );
  await writeFile(join(folder, "rows.f32"), all);
  const description = {
    symbols: alphabet.symbols,
    steps: utterances.map(({ rows }) => rows.length / alphabet.size),
    words: [...(await openModel(arpa)).words()],
  };
  await writeFile(join(folder, "rows.json"), JSON.stringify(description));
  const child = spawn(env.PYTHON ?? "python3", [PEER, folder, arpa], { stdio: ["pipe", "pipe", "inherit"] });
  const failed = new Promise((resolve) =>
    child.on("error", ({ code }) => resolve({ value: `{"missing":"${code}"}` })),
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await Promise.race([lines.next(), failed]);
    return done ? { missing: "it ended without an answer" } : JSON.parse(value);
  };
  const { name, missing } = await answer();
  const decode = (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    return answer();
  };
  return { name, missing, decode, close: () => child.stdin.end() };
}

if (argv[1] === SELF) {
  const file = { type: "string" };
  const options = { quick: { type: "boolean" }, manifest: file, model: file, lm: file };
  await measure(parseArgs({ options }).values);
}
