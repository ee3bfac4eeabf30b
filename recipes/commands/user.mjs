// Ten words of one person from three recordings of each: from commands-en on, and from nothing. Four people, each alone; tested on all other
// recordings of theirs, greedily and with the ten words as a grammar. No epoch is chosen: how long they are learned is fixed in user.yaml.
// EARSHOT_DATA=… node recipes/commands/user.mjs [MODEL]

import { mkdirSync, writeFileSync } from "node:fs";
import { earshot, manifestOf, percent, printTable, train } from "../earshot.mjs";
import { rowsOf, speakersOf, writeManifest } from "../digits/corpus.mjs";

const FOLDER = "runs/commands-user";
const CONFIG = "recipes/commands/user.yaml";
/** The first recordings of each word by their number; all later ones are the test. */
const LEARNED = 3;

const model = process.argv[2] ?? "models/commands-en/model.safetensors";
const fsdd = rowsOf(manifestOf("fsdd"));
const people = speakersOf(fsdd);
const words = [...new Set(fsdd.map(([, word]) => word))];
const [{ architecture, features }] = await earshot("inspect", model);
const { features: _, symbols: __, ...network } = architecture;
const FROM_NOTHING = [`network=${JSON.stringify(network)}`, `features=${JSON.stringify(features)}`];
const RUNS = {
  "commands-en as it is": undefined,
  "commands-en, 40 epochs": [`initialModel=${model}`],
  "nothing, 40 epochs": FROM_NOTHING,
  "nothing, 200 epochs": [...FROM_NOTHING, "epochs=200"],
};

mkdirSync(FOLDER, { recursive: true });
const GRAMMAR = `${FOLDER}/words.txt`;
writeFileSync(GRAMMAR, words.join("\n"));
const manifests = people.map(writeRecordings);
const rows = [];
for (const [name, settings] of Object.entries(RUNS)) rows.push(await rowOf(name, settings));
printTable(["begun with", ...people, "mean", "with the ten words", "seconds"], rows);

function writeRecordings(person) {
  const path = `${FOLDER}/${person}.csv`;
  const rows = fsdd.filter(([, , speaker]) => speaker === person);
  writeManifest(
    path,
    rows.map(([file, word]) => [file, word, person, numberOf(file) < LEARNED ? "train" : "test"]),
  );
  return path;
}

function numberOf(file) {
  return Number(/_(\d+)\.\w+$/.exec(file)[1]);
}

async function rowOf(name, settings) {
  const greedy = [];
  const closed = [];
  let seconds = 0;
  for (const [i, manifest] of manifests.entries()) {
    const out = `${FOLDER}/${people[i]}-${name.replaceAll(/\W+/g, "-")}`;
    const run = settings && (await train(manifest, CONFIG, out, ...settings));
    seconds += (run?.seconds ?? 0) / people.length;
    const test = ["test", manifest, "-m", run?.modelPath ?? model, "--split", "test", "--no-reject"];
    greedy.push((await earshot(...test, "--greedy"))[0].wer);
    closed.push((await earshot(...test, "--grammar", GRAMMAR))[0].wer);
  }
  const list = (rates) => rates.map((rate) => (100 * rate).toFixed(1)).join(", ");
  return [
    name,
    ...greedy.map(percent),
    percent(mean(greedy)),
    `${percent(mean(closed))} (${list(closed)})`,
    seconds.toFixed(0),
  ];
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
