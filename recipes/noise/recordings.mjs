// The recordings of this recipe: noises, of which each is either learned with or tested with; and the test split of AN4
// with unseen noise under it, as WAV files. All of it is a function of SEED.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { decodeAudio, encodeWav, mixAtSnr, normalizePower, SAMPLE_RATE_HZ } from "../../dist/audio/index.js";
import { RandomStream } from "../../dist/random.js";

const SEED = 1;
/** One in so many recordings of each kind of noise is kept for the test. */
const TESTED = 3;
const SNR_DB = 10;

/** Splits noises/manifest.csv by file, each kind alike. @returns the lists of the two halves, written into the folder */
export function splitNoises(manifest, folder) {
  const rows = readRows(manifest);
  const halves = { train: [], test: [] };
  for (const kind of new Set(rows.map(([, kind]) => kind))) {
    const alike = rows.filter((row) => row[1] === kind).map(([path]) => path);
    const paths = new RandomStream(SEED, "split", kind).shuffle(alike.toSorted());
    for (const [index, path] of paths.entries()) {
      halves[index % TESTED === 0 ? "test" : "train"].push(resolve(dirname(manifest), path));
    }
  }
  return { train: writeList(folder, "train", halves.train), test: writeList(folder, "test", halves.test) };
}

/** The test split of a corpus under noise, one recording of it from anywhere for each. @returns its manifest */
export async function mixTestSplit(manifest, noises, folder) {
  mkdirSync(folder, { recursive: true });
  const clips = readRows(manifest).filter(([, , , split]) => split === "test");
  const tracks = await Promise.all(readRows(noises).map(([path]) => decode(path)));
  const rows = [];
  for (const [index, [path, transcript, speaker]] of clips.entries()) {
    const random = new RandomStream(SEED, "mix", index);
    const speech = await decode(resolve(dirname(manifest), path));
    const noise = cut(tracks[random.integer(tracks.length)], speech.length, random);
    const name = `${index}.wav`;
    writeFileSync(join(folder, name), encodeWav(unclipped(mixAtSnr(speech, noise, SNR_DB)), SAMPLE_RATE_HZ));
    rows.push([name, transcript, speaker, "test"].join(","));
  }
  const mixed = join(folder, "manifest.csv");
  writeFileSync(mixed, ["path,transcript,speaker,split", ...rows, ""].join("\n"));
  return mixed;
}

/** In these corpora no field before the last is quoted. */
function readRows(manifest) {
  const [, ...rows] = readFileSync(manifest, "utf8").trimEnd().split("\n");
  return rows.map((row) => row.trimEnd().split(","));
}

function writeList(folder, name, paths) {
  mkdirSync(folder, { recursive: true });
  const list = join(folder, `${name}-noise.csv`);
  writeFileSync(list, ["path", ...paths.toSorted(), ""].join("\n"));
  return list;
}

async function decode(path) {
  return (await decodeAudio(readFileSync(path), path)).samples;
}

/** Repeated where it is too short. */
function cut(track, length, random) {
  const start = random.integer(track.length);
  return normalizePower(Float32Array.from({ length }, (_, n) => track[(start + n) % track.length]));
}

function unclipped(samples) {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
  return samples.map((sample) => sample / peak);
}
