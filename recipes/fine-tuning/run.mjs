// Ten words of two people, 10 recordings of each word by each: from nothing, from a model of read sentences, and from that with
// some of its sentences replayed. What is learned is measured on other recordings of the two, and what is lost on the
// sentences of two speakers whom the model had never heard.
// EARSHOT_DATA=… node recipes/fine-tuning/run.mjs [model of librispeech]

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { earshot, manifestOf, minutes, percent, printTable, train } from "../earshot.mjs";

const FOLDER = "runs/fine-tuning";
const CONFIG = "recipes/fine-tuning/config.yaml";
const SPEAKERS = ["george", "jackson"];
/** Of the 50 recordings of a word by a speaker, by their numbers: the first of each split, and the one behind its last. */
const SPLITS = { train: [0, 10], dev: [10, 15], test: [15, 50] };

const sentences = manifestOf("librispeech");
mkdirSync(FOLDER, { recursive: true });
const model = process.argv[2] ?? (await trainOnSentences());
const [{ architecture, features }] = await earshot("inspect", model);
const { features: _, symbols: __, ...network } = architecture;
const words = writeWords();
const OLD_TEST = ["oldTest.split=dev", `oldTest.data=${JSON.stringify([sentences])}`];
const FROM_MODEL = [`initialModel=${model}`, ...OLD_TEST];
const replay = (share) => [`replay.data=${JSON.stringify([sentences])}`, `replay.share=${share}`];

const LONGER = ["epochs=24", "schedule.peak=0.001"];

/** Each with its settings beside those of the file. */
const RUNS = {
  model: FROM_MODEL,
  "model, 20 % replay": [...FROM_MODEL, ...replay(0.2)],
  "model, h1 to h3 at a tenth": [...FROM_MODEL, "layerRates={h1: 0.1, h2: 0.1, h3: 0.1}"],
  "model, 24 epochs": [...FROM_MODEL, ...LONGER],
  "nothing, 24 epochs": [
    `network=${JSON.stringify(network)}`,
    `features=${JSON.stringify(features)}`,
    ...LONGER,
  ],
};
const results = [];
for (const [name, settings] of Object.entries(RUNS)) results.push(await run(name, settings));
report();

async function trainOnSentences() {
  const { modelPath } = await train(sentences, "recipes/librispeech/config.yaml", "runs/librispeech");
  return modelPath;
}

/** The manifest of the two speakers' words; in this corpus no field is quoted. */
function writeWords() {
  const fsdd = manifestOf("fsdd");
  const [head, ...rows] = readFileSync(fsdd, "utf8").trimEnd().split("\n");
  const chosen = rows.flatMap((row) => {
    const [path, word, speaker] = row.trimEnd().split(",");
    const number = Number(/_(\d+)\.\w+$/.exec(path)[1]);
    const [split] = Object.entries(SPLITS).find(([, [first, end]]) => number >= first && number < end);
    return SPEAKERS.includes(speaker) ? [[resolve(dirname(fsdd), path), word, speaker, split].join(",")] : [];
  });
  const path = join(FOLDER, "words.csv");
  writeFileSync(path, `${[head.trimEnd(), ...chosen].join("\n")}\n`);
  return path;
}

async function run(name, settings) {
  const out = join(FOLDER, name.replaceAll(/[^a-z0-9]+/g, "-").replace(/-$/, ""));
  const { modelPath, metrics } = await train(words, CONFIG, out, ...settings);
  const lines = readFileSync(join(out, "log.jsonl"), "utf8").trimEnd().split("\n");
  const log = lines.map((line) => JSON.parse(line));
  const [test] = await earshot("test", words, "-m", modelPath, "--split", "test", "--greedy");
  const epochs = log.filter(({ type }) => type === "epoch");
  const curve = epochs.map(({ epoch, devWer }) => [epoch, devWer]);
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0); // without the test of the sentences
  return { name, metrics, seconds, test, curve, old: log.findLast(({ type }) => type === "oldTest") };
}

function report() {
  const lost = (old, kind) => (old ? `${percent(old.before[kind])} → ${percent(old.after[kind])}` : "");
  printTable(
    ["begun with", "dev WER", "test WER", "test CER", "sentences: WER", "sentences: CER", "training"],
    results.map(({ name, metrics, seconds, test, old }) => [
      name,
      percent(metrics.devWer),
      percent(test.wer),
      percent(test.cer),
      lost(old, "wer"),
      lost(old, "cer"),
      minutes(seconds),
    ]),
  );
  const epochs = [1, 2, 3, 4, 6, 8, 12, 16, 20, 24];
  console.log("\ndev WER after so many epochs:\n");
  printTable(
    ["begun with", ...epochs],
    results.map(({ name, curve }) => {
      const at = new Map(curve);
      return [name, ...epochs.map((epoch) => (at.has(epoch) ? percent(at.get(epoch)) : ""))];
    }),
  );
}
