// What the microphone and the cutter of each of FSDD's speakers cost: digits of AN4's dev speakers as his cutter leaves them, as his
// microphone hears them (the long-term spectrum of his recordings, in which his voice is too), and both; and his own with the
// spectrum of AN4's. Nothing is chosen by it.
// EARSHOT_DATA=… node recipes/digits/costs.mjs MODEL

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { decodeAudio, encodeWav, SAMPLE_RATE_HZ } from "../../dist/audio/index.js";
import { earshot, manifestOf, percent, printTable } from "../earshot.mjs";
import {
  FOLDER,
  otherVoices,
  rowsOf,
  speakersOf,
  TEN_WORDS,
  writeGrammar,
  writeManifest,
} from "./corpus.mjs";
import { frameLevels, trimmed } from "./microphones.mjs";

const BANDS_HZ = Array.from({ length: 19 }, (_, band) => 100 * 2 ** (band / 3)); // 100 Hz to 6.4 kHz, by thirds of an octave
const BAND_FRAME = 512;
/** What is heard of a spectrum: frames that are not further below the loudest. */
const SPOKEN_DB = 25;
const MOST_DB = 30;
const TAPS = 511;

const [model] = process.argv.slice(2);
await writeGrammar();
const an4 = rowsOf(await otherVoices(), "dev").filter(([path]) => path.includes("an4-dev"));
const fsdd = rowsOf(manifestOf("fsdd"));
const speakers = speakersOf(fsdd);
const [reference, unchanged] = [await spectrumOf(an4), await wer("an4", an4, (samples) => samples)];
const rows = [];
for (const speaker of speakers) rows.push(await rowOf(speaker));
printTable(
  [
    "speaker",
    "first frame",
    "last frame",
    "AN4's: his cutter",
    "his microphone",
    "both",
    "his own",
    "with AN4's spectrum",
  ],
  rows,
);
console.log(`\nAN4's digits as they are: ${percent(unchanged)}`);

async function rowOf(speaker) {
  const own = fsdd.filter(([, , name]) => name === speaker);
  const [headDb, tailDb] = await cutterOf(own);
  const spectrum = await spectrumOf(own);
  const toHis = filterOf(spectrum.map((db, band) => db - reference[band]));
  const fromHis = filterOf(spectrum.map((db, band) => reference[band] - db));
  const cut = (samples) => trimmed(samples, headDb, tailDb);
  const judge = async (name, clips, change) => percent(await wer(`${speaker}-${name}`, clips, change));
  return [
    speaker,
    `${headDb.toFixed(0)} dB below the loudest`,
    `${tailDb.toFixed(0)} dB`,
    await judge("cutter", an4, cut),
    await judge("microphone", an4, (samples) => filtered(samples, toHis)),
    await judge("both", an4, (samples) => filtered(cut(samples), toHis)),
    await judge("own", own, (samples) => samples),
    await judge("own-equalized", own, (samples) => filtered(samples, fromHis)),
  ];
}

async function wer(name, clips, change) {
  const folder = resolve(FOLDER, "costs", name);
  mkdirSync(folder, { recursive: true });
  const changed = [];
  for (const [index, [path, text, speaker]] of clips.entries()) {
    const file = resolve(folder, `${index}.wav`);
    writeFileSync(file, encodeWav(change(await samplesOf(path)), SAMPLE_RATE_HZ));
    changed.push([file, text, speaker, "test"]);
  }
  writeManifest(`${folder}.csv`, changed);
  return (
    await earshot("test", `${folder}.csv`, "-m", model, "--split", "test", "--no-reject", ...TEN_WORDS)
  )[0].wer;
}

/** How far below the loudest frame, in dB, the first and the last frame of a clip are, in the median. */
async function cutterOf(clips) {
  const edges = [];
  for (const [path] of clips) {
    const levels = frameLevels(await samplesOf(path));
    const below = (level) => 20 * Math.log10(Math.max(...levels) / level);
    edges.push([below(levels[0]), below(levels.at(-1))]);
  }
  return [0, 1].map((side) => median(edges.map((each) => each[side])));
}

/** The mean level of what is spoken in each band, in dB, less the mean over all bands up to 3.2 kHz. */
async function spectrumOf(clips) {
  const sums = BANDS_HZ.map(() => 0);
  for (const [path] of clips)
    for (const [band, power] of (await bandPowers(path)).entries()) sums[band] += power;
  const levels = sums.map((sum) => 10 * Math.log10(sum / clips.length + 1e-12));
  const heard = levels.slice(
    0,
    BANDS_HZ.findIndex((hz) => hz > 3_200),
  );
  const mean = heard.reduce((sum, level) => sum + level, 0) / heard.length;
  return levels.map((level) => level - mean);
}

/** A clip's power in each band, as a share of all. */
async function bandPowers(path) {
  const samples = await samplesOf(path);
  const bands = BANDS_HZ.map(() => 0);
  const frames = Array.from({ length: Math.max(1, Math.floor(samples.length / BAND_FRAME)) }, (_, frame) =>
    samples.subarray(frame * BAND_FRAME, (frame + 1) * BAND_FRAME),
  );
  const powers = frames.map((frame) => frame.reduce((sum, value) => sum + value ** 2, 0));
  const least = Math.max(...powers) * 10 ** (-SPOKEN_DB / 10);
  for (const frame of frames.filter((_, index) => powers[index] >= least))
    for (const [band, hz] of BANDS_HZ.entries()) bands[band] += powerAt(frame, hz);
  const total = bands.reduce((sum, power) => sum + power, 0);
  return bands.map((power) => power / total);
}

/** The power of a frame within a third of an octave, by eight lines of it. */
function powerAt(frame, hz) {
  let power = 0;
  for (let line = 0; line < 8; line++) {
    const angle = (2 * Math.PI * hz * 2 ** ((line - 3.5) / 24)) / SAMPLE_RATE_HZ;
    let [real, imaginary] = [0, 0];
    for (const [n, value] of frame.entries()) {
      const windowed = value * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / frame.length));
      real += windowed * Math.cos(angle * n);
      imaginary += windowed * Math.sin(angle * n);
    }
    power += real ** 2 + imaginary ** 2;
  }
  return power;
}

/** Symmetric taps with these gains in dB at the bands, and between them along the logarithm of the frequency. */
function filterOf(gainsDb) {
  const gainAt = (hz) => {
    const place = Math.min(BANDS_HZ.length - 1, Math.max(0, 3 * Math.log2(hz / BANDS_HZ[0])));
    const [below, share] = [Math.floor(place), place % 1];
    const db = gainsDb[below] * (1 - share) + (gainsDb[below + 1] ?? 0) * share;
    return 10 ** (Math.min(MOST_DB, Math.max(-MOST_DB, db)) / 20);
  };
  const lines = Array.from({ length: 256 }, (_, line) => gainAt(((line + 0.5) / 512) * SAMPLE_RATE_HZ));
  return Float64Array.from({ length: TAPS }, (_, tap) => {
    const time = tap - (TAPS - 1) / 2;
    const sum = lines.reduce(
      (all, gain, line) => all + gain * Math.cos((Math.PI * (line + 0.5) * time) / 256),
      0,
    );
    return (sum / 256) * (0.5 + 0.5 * Math.cos((2 * Math.PI * time) / (TAPS + 1)));
  });
}

function filtered(samples, taps) {
  const half = (TAPS - 1) / 2;
  const sound = samples.map((_, n) => {
    let sum = 0;
    const last = Math.min(TAPS - 1, n + half);
    for (let tap = Math.max(0, n + half - samples.length + 1); tap <= last; tap++)
      sum += taps[tap] * samples[n + half - tap];
    return sum;
  });
  const loudest = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  return sound.map((value) => (0.5 * value) / loudest);
}

async function samplesOf(path) {
  return (await decodeAudio(readFileSync(path), path)).samples;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
