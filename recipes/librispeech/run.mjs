// Two hours of read English: trains on 14 speakers, then asks what a 4-gram of books adds for two who were never heard. What
// weighs it is tuned for each of the two on the other one.
// EARSHOT_DATA=… node recipes/librispeech/run.mjs

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { earshot, manifestOf, minutes, percent, printTable, train } from "../earshot.mjs";
import { sentencesOf } from "./books.mjs";

const FOLDER = "runs/librispeech-lm";
const BOOKS = `${FOLDER}/books.lm`;
const DECODER = ["--lm", BOOKS, "--cutoff-probability", "1e-4", "--beam-threshold", "20"];
const TUNED = { alpha: "--alpha", beta: "--beta", unknownWordPenalty: "--unknown-penalty", beam: "--beam" };

const manifest = manifestOf("librispeech");
mkdirSync(FOLDER, { recursive: true });
const { modelPath, metrics, seconds } = await train(
  manifest,
  "recipes/librispeech/config.yaml",
  "runs/librispeech",
);
await buildBooks();
const speakers = writeSpeakers();
const results = [];
for (const speaker of speakers) {
  const other = speakers.find((name) => name !== speaker);
  const [{ best }] = await earshot("tune", listOf(other), "-m", modelPath, "--split", "dev", ...DECODER);
  const weights = Object.entries(TUNED).flatMap(([name, flag]) => [flag, String(best[name])]);
  results.push({
    speaker,
    best,
    greedy: await test(speaker, "--greedy"),
    books: await test(speaker, ...DECODER, ...weights),
  });
}
printTable(
  ["speaker", "words", "greedy WER", "CER", "α, β, unknown", "with the 4-gram: WER", "CER"],
  results.map(({ speaker, best, greedy, books }) => [
    speaker,
    greedy.words,
    percent(greedy.wer),
    percent(greedy.cer),
    [best.alpha, best.beta, best.unknownWordPenalty].join(", "),
    percent(books.wer),
    percent(books.cer),
  ]),
);
const together = (kind) =>
  percent(results.reduce((sum, result) => sum + result[kind].wer * result[kind].words, 0) / wordsOf(results));
console.log(
  `\nboth: greedy ${together("greedy")}, with the 4-gram ${together("books")}; epoch ${metrics.epoch}: dev WER ${percent(metrics.devWer)}, CER ${percent(metrics.devCer)}, ${minutes(seconds)}`,
);

function listOf(speaker) {
  return `${FOLDER}/${speaker}.csv`;
}

function wordsOf(all) {
  return all.reduce((sum, { greedy }) => sum + greedy.words, 0);
}

async function buildBooks() {
  const sentences = sentencesOf(join(dirname(dirname(manifest)), "lm/gutenberg"));
  writeFileSync(`${FOLDER}/books.txt`, `${sentences.join("\n")}\n`);
  await earshot("lm", "build", `${FOLDER}/books.txt`, "--order", "4", "--out", BOOKS);
}

/** A manifest for each speaker of dev; in this corpus no field is quoted. */
function writeSpeakers() {
  const [head, ...rows] = readFileSync(manifest, "utf8").trimEnd().split("\n");
  const dev = rows.map((row) => row.trimEnd().split(",")).filter(([, , , split]) => split === "dev");
  const speakers = [...new Set(dev.map(([, , speaker]) => speaker))].toSorted();
  for (const speaker of speakers) {
    const lines = dev
      .filter((fields) => fields[2] === speaker)
      .map(([path, ...rest]) => [resolve(dirname(manifest), path), ...rest].join(","));
    writeFileSync(listOf(speaker), `${[head, ...lines].join("\n")}\n`);
  }
  return speakers;
}

async function test(speaker, ...options) {
  const [rates] = await earshot("test", listOf(speaker), "-m", modelPath, "--split", "dev", ...options);
  return rates;
}
