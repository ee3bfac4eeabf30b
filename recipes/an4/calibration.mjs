// Is a word's confidence a probability? Words of the dev split in bins of confidence, beside the share of each bin that
// is right. EARSHOT_DATA=… node recipes/an4/calibration.mjs [seed], after lm.mjs

import { readFileSync } from "node:fs";
import { alignSequences, openLanguageModel, readManifests, Recognizer } from "../../dist/index.js";
import { manifestOf, percent, printTable } from "../earshot.mjs";
import { modelFolder } from "./train.mjs";

const EDGES = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 1];
const [seed = "1"] = process.argv.slice(2);
const model = `${modelFolder(seed)}/model.safetensors`;
const trigram = "runs/an4-lm/trigram.arpa";

const { utterances } = await readManifests([manifestOf("an4")]);
const dev = utterances.filter(({ split }) => split === "dev");
const scorer = await openLanguageModel(readFileSync(trigram), trigram);
for (const [name, decoding] of [
  ["greedy", "greedy"],
  ["trigram, α 1, β 4", { scorer, settings: { alpha: 1, beta: 4 } }],
]) {
  report(name, await judge(decoding));
}

/** Every word heard, with its confidence and whether it is right. */
async function judge(decoding) {
  const recognizer = await Recognizer.load(model, { decoding });
  const judged = [];
  for (const { path, transcript } of dev) {
    const { words } = await recognizer.transcribe(path);
    const heard = alignSequences(
      transcript.split(" "),
      words.map(({ text }) => text),
    ).operations.filter(({ kind }) => kind !== "deletion");
    heard.forEach(({ kind }, i) => judged.push({ ...words[i], isRight: kind === "match" }));
  }
  await recognizer.close();
  return judged;
}

function report(name, judged) {
  const mean = (list, value) => list.reduce((sum, word) => sum + value(word), 0) / list.length;
  const bins = EDGES.slice(1).map((high, i) =>
    judged.filter(({ confidence }) => confidence > EDGES[i] && confidence <= high),
  );
  const rows = bins
    .map((bin, i) => ({ bin, edges: `${EDGES[i]}–${EDGES[i + 1]}` }))
    .filter(({ bin }) => bin.length > 0)
    .map(({ bin, edges }) => ({
      edges,
      words: bin.length,
      said: mean(bin, (word) => word.confidence),
      right: mean(bin, (word) => (word.isRight ? 1 : 0)),
    }));
  console.log(`\n${name}`);
  printTable(
    ["confidence", "words", "mean", "right"],
    rows.map(({ edges, words, said, right }) => [edges, words, percent(said), percent(right)]),
  );
  const gap = rows.reduce(
    (sum, { words, said, right }) => sum + (words / judged.length) * Math.abs(said - right),
    0,
  );
  console.log(`expected calibration error ${percent(gap)}`);
}
