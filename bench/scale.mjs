// Row `scale`: what training costs before its first step, and what it holds, for corpora of 10, 100 and 1,000 hours. Manifests are
// made up in the right sizes (12 s a row, read speech's rate, 2,000 speakers); the recordings are files that are there and are
// never decoded: their features, of the right sizes, are made up too by a worker in this thread, and not cached. All else is what
// `earshot train` does, of a small network, since a step does not depend on the hours. Each size first starts with what the smaller
// ones left (lengths are asked of the worker and kept), then again with all lengths and statistics known. Then the stock-taking of a full cache, and
// a manifest of a million rows, its utterances spelled.
//   npm run bench -- scale [--quick]: to 100 hours, 100,000 rows. Linux: recordings are hard links.

import { execFile } from "node:child_process";
import { createWriteStream, existsSync, linkSync, mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { RandomStream } from "../dist/random.js";

const CHILD = fileURLToPath(new URL("scale-run.mjs", import.meta.url));
export const SECONDS_PER_UTTERANCE = 12;
const SPEAKERS = 2_000;
const DEV = 200; // of the utterances
/** Of one file; file systems have a limit. */
const MOST_LINKS = 50_000;
const WORDS_PER_UTTERANCE = 32;

/** Prints a row for each size, and gives them back. */
export async function* measure({ quick = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "earshot-scale-"));
  try {
    for (const hours of quick ? [10, 100] : [10, 100, 1000]) yield await train(folder, hours);
    yield await cache(join(folder, "cache"), quick ? 30_000 : 300_000);
    yield await readManifest(join(folder, "manifest"), quick ? 100_000 : 1_000_000);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function train(folder, hours) {
  const utterances = Math.round((3600 * hours) / SECONDS_PER_UTTERANCE);
  const manifest = `${hours}.csv`;
  await makeCorpus(folder, manifest, utterances);
  makeFiles(folder, utterances, ".wav");
  const first = await run("train", folder, manifest, `${hours}-first`);
  const again = await run("train", folder, manifest, `${hours}-again`);
  const row = { row: "scale", hours, utterances, first, again };
  for (const [name, figures] of Object.entries({ "first start": first, "second start": again })) {
    const { manifest, prepared, firstStep, plan, peakMegabytes, heldMegabytes, processor } = figures;
    console.log(
      `scale  ${hours} h, ${utterances} utterances, ${name}: manifest ${manifest.toFixed(2)} s, prepared after ${prepared.toFixed(1)}, ` +
        `first step done after ${firstStep.toFixed(1)}; an epoch planned in ${plan.toFixed(2)} s; ${processor.toFixed(1)} s of processor; ` +
        `memory ${heldMegabytes} MB held, ${peakMegabytes} at most`,
    );
  }
  return row;
}

/** As many entries as an epoch of 1,000 hours has, of 1 byte. */
async function cache(folder, entries) {
  makeFiles(join(folder, "frames"), entries, ".frames");
  const figures = await run("cache", folder);
  console.log(
    `scale  a feature cache of ${entries} entries opened in ${figures.open.toFixed(1)} s, ${figures.processor.toFixed(1)} s of processor, ${figures.peakMegabytes} MB at most`,
  );
  return { row: "scale-cache", entries, ...figures };
}

async function readManifest(folder, rows) {
  await makeCorpus(folder, "manifest.csv", rows);
  const figures = await run("manifest", folder, "manifest.csv");
  const { read, spelled, heldMegabytes, peakMegabytes, processor } = figures;
  console.log(
    `scale  a manifest of ${rows} rows: read in ${read.toFixed(1)} s, spelled in ${spelled.toFixed(1)}; ${processor.toFixed(1)} s of processor, ${heldMegabytes} MB held, ${peakMegabytes} at most`,
  );
  return { row: "scale-manifest", rows, ...figures };
}

async function run(...words) {
  const { stdout } = await promisify(execFile)(execPath, ["--expose-gc", CHILD, ...words], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

async function makeCorpus(folder, manifest, utterances) {
  mkdirSync(folder, { recursive: true });
  const random = new RandomStream(1, "bench scale");
  const letters = "etaoinshrdlucmfwyp";
  const word = () =>
    Array.from({ length: 2 + random.integer(7) }, () => letters[random.integer(letters.length)]).join("");
  const words = Array.from({ length: 30_000 }, word);
  const file = createWriteStream(join(folder, manifest));
  file.write("path,transcript,speaker,split\n");
  for (let i = 0; i < utterances; i++) {
    const count = WORDS_PER_UTTERANCE - 8 + random.integer(16);
    const text = Array.from({ length: count }, () => words[random.integer(words.length)]).join(" ");
    const row = `${nameOf(i)}.wav,${text},s${i % SPEAKERS},${i < DEV ? "dev" : "train"}\n`;
    if (!file.write(row)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}

const nameOf = (index) => `clips/${Math.floor(index / 1000)}/${index}`;

function makeFiles(folder, count, extension) {
  let first;
  for (let i = 0; i < count; i++) {
    const path = join(folder, extension === ".wav" ? nameOf(i) : String(i)) + extension;
    if (i % 1000 === 0) mkdirSync(join(path, ".."), { recursive: true });
    const isThere = existsSync(path);
    if (i % MOST_LINKS === 0) first = path;
    if (isThere) continue; // as it is: another time of change would make another recording
    if (first === path) writeFileSync(path, "-");
    else linkSync(first, path);
  }
}
