// Hot words: made-up names, in no language model and no training, each listened for in clips that say it (clips/) and in
// clips that do not (the demo's test split), with the demo's model and a trigram of its training sentences.
// node recipes/hot-words/run.mjs [seed…]

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { earshot, printTable, train } from "../earshot.mjs";

const FOLDER = "runs/hot-words";
const TRIGRAM = `${FOLDER}/trigram.arpa`;
const CLIPS = "recipes/hot-words/clips";
const DEMO = "demo/corpus";
const WEIGHTS = [0, 5, 10, 15, 20, 30, 40]; // nats; 0 is without the hot word

const seeds = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 2, 3];
const spoken = readRows(`${CLIPS}/manifest.csv`);
const demo = readRows(`${DEMO}/manifest.csv`);
const others = demo.filter(({ split }) => split === "test");
const names = [...new Set(spoken.map(({ name }) => name))];
mkdirSync(FOLDER, { recursive: true });
await buildTrigram();
for (const seed of seeds) {
  const model = `${FOLDER}/seed${seed}/model.safetensors`;
  await train(`${DEMO}/manifest.csv`, "demo/config.yaml", `${FOLDER}/seed${seed}`, `seed=${seed}`);
  console.log(`\nseed ${seed}`);
  await report(model);
}

/** A manifest without quotes, as these two are. */
function readRows(path) {
  const [header, ...lines] = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  return lines.map((cells) => Object.fromEntries(header.map((name, column) => [name, cells[column]])));
}

async function buildTrigram() {
  const sentences = demo.filter(({ split }) => split === "train").map(({ transcript }) => `${transcript}\n`);
  writeFileSync(`${FOLDER}/train.txt`, sentences.join(""));
  await earshot("lm", "build", `${FOLDER}/train.txt`, "--order", "3", "--out", TRIGRAM);
}

/** Each weight in turn: the names found in their own clips, the whole sentences right, and the names found elsewhere. */
async function report(modelPath) {
  const { BeamDecoder, openLanguageModel, Recognizer } = await import("../../dist/index.js");
  const scorer = await openLanguageModel(readFileSync(TRIGRAM), TRIGRAM);
  const recognizer = await Recognizer.load(modelPath);
  const listen = async (folder, rows) => {
    const heard = [];
    const paths = rows.map(({ path }) => `${folder}/${path}`);
    for await (const { recording } of recognizer.logProbabilitiesAll(paths)) heard.push(recording);
    return heard;
  };
  const [own, other] = [await listen(CLIPS, spoken), await listen(DEMO, others)];
  const { alphabet } = recognizer.model;
  const decoderFor = (name, weight) =>
    new BeamDecoder(alphabet, {}, { scorer, hotWords: weight === 0 ? {} : { [name]: weight } });
  const table = WEIGHTS.map((weight) => {
    let [found, right, falseAlarms] = [0, 0, 0];
    for (const name of names) {
      const decoder = decoderFor(name, weight);
      const decode = (rows) => recognizer.decode(rows, decoder).text;
      spoken.forEach((row, index) => {
        if (row.name !== name) return;
        const text = decode(own[index]);
        if (text.split(" ").includes(name)) found++;
        if (text === row.transcript) right++;
      });
      for (const rows of other) if (decode(rows).split(" ").includes(name)) falseAlarms++;
    }
    return [weight, found, right, falseAlarms];
  });
  await recognizer.close();
  printTable(
    [
      "weight",
      `found of ${spoken.length}`,
      "sentences right",
      `false alarms of ${names.length * others.length}`,
    ],
    table,
  );
}
