// Spoken digits, one fold per speaker of FSDD: three speakers are learned together with the digits that AN4's speakers
// say, AN4's dev speakers pick the epoch, the fourth is the test. EARSHOT_DATA=… node recipes/digits/run.mjs [speaker…]

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { earshot, manifestOf, minutes, percent, printTable, train } from "../earshot.mjs";
import { trainAn4 } from "../an4/train.mjs";
import { cutDigits, DIGITS } from "./cut.mjs";
import { writeHiss } from "./hiss.mjs";

const FOLDER = "runs/digits";
const OTHER_VOICES = `${FOLDER}/an4.csv`;
const ONE_DIGIT = `${FOLDER}/one-digit.arpa`;
/** Of the ten words exactly one is said: far from any other weight the answers are the same. */
const TEN_WORDS = ["--lm", ONE_DIGIT, "--dictionary", "--alpha", "3", "--beta", "0"];

const source = manifestOf("fsdd");
const clips = readFileSync(source, "utf8")
  .trimEnd()
  .split("\n")
  .slice(1)
  .map((line) => line.trimEnd().split(","));
const all = [...new Set(clips.map(([, , speaker]) => speaker))].toSorted();
const speakers = process.argv.length > 2 ? process.argv.slice(2) : all;

mkdirSync(FOLDER, { recursive: true });
const hiss = writeHiss(`${FOLDER}/hiss`, 60);
await writeOtherVoices();
await writeGrammar();
const results = [];
for (const held of speakers) results.push(await fold(held));
report();

/** The digits of AN4, where a recognizer of AN4 finds them; its split dev is nine whole speakers. */
async function writeOtherVoices() {
  if (existsSync(OTHER_VOICES)) return;
  const an4 = manifestOf("an4");
  const { modelPath } = await trainAn4(an4, 1);
  const rows = [];
  for (const split of ["train", "dev"]) {
    const cut = await cutDigits(an4, split, modelPath, `${FOLDER}/an4-${split}`);
    rows.push(...cut.map((row) => [...row, split]));
  }
  writeManifest(OTHER_VOICES, rows);
}

async function writeGrammar() {
  writeFileSync(`${FOLDER}/digits.txt`, `${[...DIGITS].join("\n")}\n`);
  await earshot("lm", "build", `${FOLDER}/digits.txt`, "--order", "2", "--out", ONE_DIGIT);
}

async function fold(held) {
  const manifest = `${FOLDER}/${held}.csv`;
  const rows = clips.map(([path, digit, speaker]) => [resolve(dirname(source), path), digit, speaker]);
  writeManifest(
    manifest,
    rows.map((row) => [...row, row[2] === held ? "test" : "train"]),
  );
  const noise = `data.augmentation.noise.paths=${JSON.stringify([hiss])}`;
  const { modelPath, metrics, seconds } = await train(
    [manifest, OTHER_VOICES],
    "recipes/digits/config.yaml",
    `${FOLDER}/${held}`,
    noise,
  );
  const test = async (...options) => {
    const [rates] = await earshot("test", manifest, "-m", modelPath, "--split", "test", ...options);
    return rates;
  };
  return { held, metrics, seconds, greedy: await test("--greedy"), tenWords: await test(...TEN_WORDS) };
}

function writeManifest(path, rows) {
  writeFileSync(
    path,
    `${["path,transcript,speaker,split", ...rows.map((row) => row.join(","))].join("\n")}\n`,
  );
}

function report() {
  printTable(
    ["held-out speaker", "clips", "ten words: WER", "greedy WER", "greedy CER", "AN4's dev WER", "training"],
    results.map(({ held, metrics, seconds, greedy, tenWords }) => [
      held,
      greedy.utterances,
      percent(tenWords.wer),
      percent(greedy.wer),
      percent(greedy.cer),
      percent(metrics.devWer),
      minutes(seconds),
    ]),
  );
  const mean = (kind) => results.reduce((sum, result) => sum + result[kind].wer, 0) / results.length;
  console.log(
    `\nmean WER over ${results.length} speakers: ten words ${percent(mean("tenWords"))}, greedy ${percent(mean("greedy"))}`,
  );
}
