// What voices made by machine are worth beside people: AN4's training sentences, or others of their kind, spoken by machines and
// learned alone, before people or with them. What is heard besides people makes for fewer epochs, so that each row trains about
// as long as the recipe. Dev (people) picks the epoch, α and β; test is read once a row.
// EARSHOT_DATA=… node recipes/an4/voices.mjs [alone | both | neural | before | others]… [--kokoro DIR] [--seed N]

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { manifestOf, minutes, percent, printTable, speak, train } from "../earshot.mjs";
import { rowsOf, writeManifest } from "../digits/corpus.mjs";
import { otherSentences } from "./other-sentences.mjs";
import { CONFIG, trainAn4, trainFirstCycle, WORLD } from "./train.mjs";
import { buildTrigram, test, tuneAndTest } from "./trigram.mjs";

const FOLDER = "runs/an4-voices";
/** Formant voices cost next to nothing; neural ones take fifty times as long, so some of the sentences have to do. */
const FORMANT = ["--engine", "espeak-ng", "--engine", "flite=0.1"];
const NEURAL = ["--engine", "kokoro", "--mixtures", "5", "--sentences", "200"];
const COMMON = ["--speeds", "0.8..1.3", "--dev", "0"];
const SECOND_CYCLE = [...WORLD, "schedule.peak=0.001", "schedule.rise=0.15"];
/** Turns of a clip in an epoch. */
const TURNS = { "espeak-ng": 0.25, flite: 0.25, kokoro: 0.5 };

const { values, positionals } = parseArgs({
  options: { kokoro: { type: "string" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const seed = `seed=${values.seed}`;
const an4 = manifestOf("an4");
const people = ["train", "dev", "test"].flatMap((split) => rowsOf(an4, split));
const RUNS = {
  alone: { about: "voices alone", learn: learnAlone },
  both: { about: "people, then both", learn: () => learnBoth("both", sameSentences(), 31) },
  neural: { about: "people, then with neural voices", learn: () => learnBoth("neural", neuralVoices(), 45) },
  before: { about: "both, then people", learn: learnBefore },
  others: {
    about: "people, then with voices of other sentences",
    learn: () => learnBoth("others", spokenOthers(), 37),
  },
};
await buildTrigram(an4);
const rows = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(RUNS)) rows.push(await rowOf(name));
printTable(["learned from", "dev WER", "test WER", "trigram: dev WER", "test WER", "training"], rows);

async function sameSentences() {
  const formant = await spoken("formant", 2, ["--manifest", an4, "--split", "train", ...FORMANT]);
  return [...formant, ...(await neuralVoices())];
}

function neuralVoices() {
  return spokenByKokoro("kokoro", ["--manifest", an4, "--split", "train"]);
}

async function spokenOthers() {
  const transcripts = people.filter(([, , , split]) => split === "train").map(([, transcript]) => transcript);
  const path = `${FOLDER}/other-sentences.txt`;
  writeFileSync(path, `${otherSentences(transcripts, 1).join("\n")}\n`);
  const formant = await spoken("other-formant", 1, ["--file", path, "--seed", "2", ...FORMANT]);
  return [...formant, ...(await spokenByKokoro("other-kokoro", ["--file", path, "--seed", "2"]))];
}

/** None where its model is not given. */
async function spokenByKokoro(name, texts) {
  if (values.kokoro === undefined) return [];
  return spoken(name, 1, [...texts, ...NEURAL, "--kokoro", values.kokoro]);
}

/** @returns rows of a manifest */
async function spoken(name, times, how) {
  return rowsOf(await speak(`${FOLDER}/${name}`, [...how, ...COMMON], times), "train");
}

/** Voices alone, in the world from the first epoch on: as they are, nothing that a person says is like them. */
async function learnAlone() {
  const heard = people.filter(([, , , split]) => split !== "train");
  const manifest = gather("alone", [...heard, ...(await sameSentences())]);
  return train(manifest, CONFIG, outOf("alone"), seed, "epochs=30", ...WORLD);
}

/** People as they are, then people and voices in the world. */
async function learnBoth(name, spoken, epochs) {
  const voices = await spoken;
  const manifest = gather(name, [...people, ...voices]);
  const first = await trainFirstCycle(an4, values.seed);
  const beginning = [seed, `initialModel=${first.modelPath}`, `epochs=${epochs}`];
  const settings = [...beginning, turnsOf(voices), ...SECOND_CYCLE];
  const second = await train(manifest, CONFIG, outOf(name), ...settings);
  return { ...second, seconds: first.seconds + second.seconds };
}

/** People and voices as they are, then people alone in the world. */
async function learnBefore() {
  const voices = await sameSentences();
  const manifest = gather("before", [...people, ...voices]);
  const first = await train(manifest, CONFIG, outOf("before-first"), seed, "epochs=40", turnsOf(voices));
  return trainAn4(an4, values.seed, { out: outOf("before"), before: first });
}

/** The setting for the engines that are there. */
function turnsOf(voices) {
  const engines = [...new Set(voices.map(([, , , , engine]) => engine))];
  return `data.weights=${JSON.stringify(Object.fromEntries(engines.map((engine) => [engine, TURNS[engine]])))}`;
}

function outOf(name) {
  return `${FOLDER}/${name}-seed${values.seed}`;
}

function gather(name, all) {
  const path = `${FOLDER}/${name}.csv`;
  writeManifest(path, all);
  return path;
}

async function rowOf(name) {
  const { about, learn } = RUNS[name];
  const run = await learn();
  const greedy = await test(an4, run.modelPath, "--greedy");
  const trigram = await tuneAndTest(an4, run.modelPath, `voices-${name}-seed${values.seed}`);
  return [
    about,
    percent(run.metrics.devWer),
    percent(greedy.wer),
    percent(trigram.best.wer),
    percent(trigram.wer),
    minutes(run.seconds),
  ];
}
