// Words that the language model does not know: the trigram of the train transcripts, cut to the most frequent words until so
// many of dev's words are unknown, and the penalty of unknown words that serves best then. α and β are those of lm.mjs.
// EARSHOT_DATA=… node recipes/an4/unknown-words.mjs [model], after run.mjs

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { earshot, manifestOf, percent, printTable } from "../earshot.mjs";
import { modelFolder } from "./train.mjs";

const FOLDER = "runs/an4-unknown-words";
const SHARES = [0.05, 0.1, 0.15, 0.25];
const PENALTIES = [0, 5, 11.5];
const WEIGHTS = ["--alpha", "1", "--beta", "5"];

const manifest = manifestOf("an4");
const model = process.argv[2] ?? `${modelFolder(1)}/model.safetensors`;
if (!existsSync(model)) {
  console.error("There is no model yet: node recipes/an4/run.mjs 1");
  process.exit(3);
}
mkdirSync(FOLDER, { recursive: true });
const texts = transcriptsBySplit();
writeFileSync(`${FOLDER}/train.txt`, texts.train.map((text) => `${text}\n`).join(""));
const frequent = wordsByFrequency(texts.train);
const greedy = await wordErrors("--greedy");
const rows = [];
for (const size of [frequent.length, ...SHARES.map(sizeFor)]) {
  const trigram = await trigramOf(size);
  const rates = [];
  for (const penalty of PENALTIES)
    rates.push(await wordErrors("--lm", trigram, ...WEIGHTS, "--unknown-penalty", String(penalty)));
  rows.push([size, percent(unknownShare(size)), ...[greedy, ...rates].map(percent)]);
}
printTable(["words known", "unknown in dev", "greedy", ...PENALTIES.map((nats) => `penalty ${nats}`)], rows);

/** In this corpus no field is quoted. */
function transcriptsBySplit() {
  const lines = readFileSync(manifest, "utf8").trimEnd().split("\n").slice(1);
  const fields = lines.map((line) => line.trimEnd().split(","));
  const of = (name) => fields.filter(([, , , split]) => split === name).map(([, transcript]) => transcript);
  return { train: of("train"), dev: of("dev") };
}

function wordsByFrequency(all) {
  const counts = new Map();
  for (const word of all.join(" ").split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([word]) => word);
}

/** Of dev's words, as they are said. */
function unknownShare(size) {
  const known = new Set(frequent.slice(0, size));
  const said = texts.dev.join(" ").split(" ");
  return said.filter((word) => !known.has(word)).length / said.length;
}

/** The fewest words by which at most this share is unknown. */
function sizeFor(share) {
  return frequent.findIndex((_, size) => size > 0 && unknownShare(size) <= share);
}

async function trigramOf(size) {
  const path = `${FOLDER}/${size}.arpa`;
  await earshot("lm", "build", `${FOLDER}/train.txt`, "--order", "3", "--vocab", String(size), "--out", path);
  return path;
}

async function wordErrors(...options) {
  const [{ wer }] = await earshot("test", manifest, "-m", model, "--split", "dev", ...options);
  return wer;
}
