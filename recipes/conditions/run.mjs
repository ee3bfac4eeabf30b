// How AN4's models bear what their use will bring, by conditions that other programs make: word error rates on the test
// split, or on dev. Needs ffmpeg with libmp3lame and librubberband on the PATH.
// EARSHOT_DATA=… node recipes/conditions/run.mjs [--dev] [--trigram] MODEL…
// Models of recipes/an4/run.mjs where none is given; greedily, or with the trigram, weighed for each model on dev as it is.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { encodeWav, SAMPLE_RATE_HZ } from "../../dist/audio/index.js";
import { median } from "../../dist/quantiles.js";
import { modelFolder } from "../an4/train.mjs";
import { buildTrigram, tune } from "../an4/trigram.mjs";
import { earshot, manifestOf, percent, printTable } from "../earshot.mjs";
import { makeConditions, randomOf, readSound } from "./conditions.mjs";

const { values: options, positionals } = parseArgs({
  options: {
    dev: { type: "boolean", default: false },
    trigram: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const split = options.dev ? "dev" : "test";
const models = modelsOf(positionals);
const decoders = await decodersOf(models);
const conditions = await recorded();
const rows = [];
for (const [name, manifest] of conditions) {
  const rates = [];
  for (const [i, model] of models.entries())
    rates.push((await earshot("test", manifest, "-m", model, ...decoders[i]))[0].wer);
  rows.push([name, ...rates.map(percent), percent(median(rates))]);
}
printTable(["condition", ...models, "median"], rows);

function modelsOf(named) {
  const trained = [1, 2, 3].map(modelFolder).filter((folder) => existsSync(folder));
  const all = named.length > 0 ? named : trained;
  if (all.length > 0) return all;
  console.error("There is no model yet: node recipes/an4/run.mjs");
  process.exit(3);
}

/** Options of each model's decoder. */
async function decodersOf(all) {
  if (!options.trigram) return all.map(() => ["--greedy"]);
  const manifest = manifestOf("an4");
  await buildTrigram(manifest);
  const found = [];
  for (const [i, model] of all.entries())
    found.push((await tune(manifest, model, `conditions-${i}`)).options);
  return found;
}

/** Writes the recordings once. @returns the manifest of each condition */
async function recorded() {
  const folder = `runs/conditions/${split}`;
  const rooms = listed("rir").map(([path]) => readSound(path));
  const noises = listed("noise").map(([path]) => readSound(path));
  const utterances = listed("an4").filter(([, , , own]) => own === split);
  const made = new Map();
  for (const [name, change] of Object.entries(makeConditions({ rooms, noises }))) {
    const place = join(folder, name.replaceAll(/[^a-z0-9]+/gi, "-"));
    const manifest = join(place, "manifest.csv");
    made.set(name, manifest);
    if (existsSync(manifest)) continue;
    console.error(`making: ${name}`);
    mkdirSync(place, { recursive: true });
    const lines = utterances.map(([path, transcript, speaker], index) => {
      const sound = change(readSound(path), randomOf(name, index));
      writeFileSync(join(place, `${index}.wav`), encodeWav(unclipped(sound), SAMPLE_RATE_HZ));
      return `${index}.wav,${transcript},${speaker},test`;
    });
    writeFileSync(manifest, ["path,transcript,speaker,split", ...lines, ""].join("\n"));
  }
  return made;
}

/** The rows of a corpus, whose fields are not quoted before the last. */
function listed(corpus) {
  const manifest = manifestOf(corpus);
  const [, ...lines] = readFileSync(manifest, "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const [path, ...fields] = line.trimEnd().split(",");
    return [resolve(dirname(manifest), path), ...fields];
  });
}

function unclipped(samples) {
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return peak > 1 ? samples.map((value) => value / peak) : samples;
}
