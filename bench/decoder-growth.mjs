// The decoder as what it works with grows: the beam, the language model, the hot words, the recording.

import { join } from "node:path";
import { memoryUsage } from "node:process";
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BeamDecoder } from "../dist/ctc/index.js";
import { RandomStream } from "../dist/random.js";
import { median } from "../dist/quantiles.js";
import { buildTrigram, openModel, WEIGHTS } from "./decoder-case.mjs";
import { sampleText } from "./made-up-text.mjs";
import { processorClocked } from "./measure.mjs";

const BEAMS = [16, 60, 250, 1000, 2000];
/** Words of made-up text: about as many n-grams. */
const TEXTS = [15e3, 150e3, 2e6, 26e6];
const HOT_WORDS = 10_000;
const WIDE = { cutoffProbability: 1e-4, beamThreshold: 20 };
const ROUNDS = 3;
const SWEEPING_MS = 50;

/** Without bounds: every text has all symbols to go on with. */
export async function growBeam(speech, arpa) {
  const scorer = await openModel(arpa);
  const rows = [];
  for (const beam of BEAMS) {
    const before = await held();
    const decoder = new BeamDecoder(speech.alphabet, { ...WEIGHTS, beam }, { scorer });
    const microsecondsPerStep = await timed(decoder, speech);
    rows.push({
      row: "decoder-beam",
      beam,
      microsecondsPerStep,
      megabytes: await heldSince(before, decoder),
    });
    const [perText, memory] = [microsecondsPerStep / beam, rows.at(-1).megabytes];
    console.log(
      `decoder  beam ${beam}, no bounds: ${microsecondsPerStep.toFixed(1)} µs per step, ${perText.toFixed(3)} for each text of the beam; memory ${memory.toFixed(1)} MB`,
    );
  }
  return rows;
}

/** Trigrams of made-up text, beam 100, any word within wide bounds and known words only. */
export async function growModel(folder, speech) {
  const rows = [];
  for (const words of TEXTS) {
    const text = join(folder, "made-up.txt");
    await sampleText(text, words);
    const { path, ngrams } = await buildTrigram(join(folder, "made-up.lm"), [text]);
    const scorer = await openModel(path);
    const before = await held();
    const wide = new BeamDecoder(speech.alphabet, { ...WEIGHTS, ...WIDE }, { scorer });
    const microsecondsPerStep = await timed(wide, speech);
    const megabytes = await heldSince(before, wide); // beside the model's own
    const known = { ...WEIGHTS, dictionary: true, beamThreshold: 50 };
    const knownWords = await timed(new BeamDecoder(speech.alphabet, known, { scorer }), speech);
    rows.push({ row: "decoder-model", ngrams, words, microsecondsPerStep, knownWords, megabytes });
    console.log(
      `decoder  trigram of ${ngrams} n-grams, beam 100: ${microsecondsPerStep.toFixed(1)} µs per step within wide bounds, ${knownWords.toFixed(1)} with known words alone; memory beside the model ${megabytes.toFixed(1)} MB`,
    );
  }
  return rows;
}

/** Made-up names beside none, beam 100 within wide bounds. */
export async function growHotWords(speech, arpa) {
  const scorer = await openModel(arpa);
  const random = new RandomStream(1, "bench hot words");
  const name = () => Array.from({ length: 4 + random.integer(6) }, () => random.integer(26));
  const spell = (letters) => String.fromCharCode(...letters.map((letter) => 97 + letter));
  const hotWords = Object.fromEntries(Array.from({ length: HOT_WORDS }, () => [spell(name()), 5]));
  const settings = { ...WEIGHTS, ...WIDE };
  const without = await timed(new BeamDecoder(speech.alphabet, settings, { scorer }), speech);
  let decoder;
  const openMs = await processorClocked(
    () => (decoder = new BeamDecoder(speech.alphabet, settings, { scorer, hotWords })),
  );
  const row = { row: "decoder-hot-words", hotWords: HOT_WORDS, without, openMs };
  row.microsecondsPerStep = await timed(decoder, speech);
  console.log(
    `decoder  ${HOT_WORDS} hot words, beam 100, wide bounds: ${row.microsecondsPerStep.toFixed(1)} µs per step, ${without.toFixed(1)} without; made in ${openMs.toFixed(0)} ms`,
  );
  return row;
}

/** µs per step, of all utterances. */
async function timed(decoder, { utterances, steps }) {
  const decodeAll = () => utterances.forEach(({ rows }) => decoder.decode(rows));
  decodeAll(); // warms up
  const taken = [];
  for (let round = 0; round < ROUNDS; round++) taken.push(await processorClocked(decodeAll));
  return (1000 * median(taken)) / steps;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

/** MB, once nothing is garbage; buffers are freed somewhat later than what held them. */
async function held() {
  collectGarbage();
  await setTimeout(SWEEPING_MS);
  collectGarbage();
  const { heapUsed, arrayBuffers } = memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

/** MB more than before; what is given is in use until then. */
async function heldSince(before, inUse) {
  const now = await held();
  return inUse ? now - before : 0;
}

/** The utterances one after another, over and over, in chunks of a second. */
export async function streamFor(seconds, { alphabet, utterances, steps, seconds: all }, arpa) {
  const scorer = await openModel(arpa);
  const stream = new BeamDecoder(alphabet, { ...WEIGHTS, ...WIDE }, { scorer }).open();
  const tenths = Array.from({ length: 10 }, () => ({ milliseconds: 0, chunks: 0, heapMegabytes: 0 }));
  const chunks = chunksOf(utterances, Math.round(steps / all), alphabet.size);
  let words = 0;
  for (let second = 0; second < seconds; second++) {
    const rows = chunks.next().value;
    const tenth = tenths[Math.floor((10 * second) / seconds)];
    tenth.milliseconds += await processorClocked(() => (words += stream.push(rows).words.length));
    tenth.chunks++;
    if ((second + 1) % (seconds / 10) === 0) tenth.heapMegabytes = await held();
  }
  const row = {
    row: "decoder-stream",
    seconds,
    words,
    millisecondsPerChunk: tenths.map(({ milliseconds, chunks }) => milliseconds / chunks),
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
