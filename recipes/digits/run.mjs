// Spoken digits, one fold per speaker of FSDD: three speakers are learned together with the digits that AN4's speakers
// say and with all its sentences, AN4's dev speakers through other microphones pick the epoch, the fourth is the test.
// EARSHOT_DATA=… node recipes/digits/run.mjs [--config FILE] [--dev] [speaker…]       --dev: without the test, to choose by

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { earshot, manifestOf, minutes, percent, printTable, train } from "../earshot.mjs";
import { trainFirstCycle } from "../an4/train.mjs";
import { cutDigits, DIGITS } from "./cut.mjs";
import { writeHiss } from "./hiss.mjs";
import { otherMicrophones } from "./microphones.mjs";

const FOLDER = "runs/digits";
const OTHER_VOICES = `${FOLDER}/an4.csv`;
const ONE_DIGIT = `${FOLDER}/one-digit.arpa`;
/** Digits are short: an epoch hears each so often, and each sentence once. */
const REPEATS = 3;
/** Of the ten words exactly one is said: far from any other weight the answers are the same. */
const TEN_WORDS = ["--lm", ONE_DIGIT, "--dictionary", "--alpha", "3", "--beta", "0"];

const source = manifestOf("fsdd");
const clips = rowsOf(source);
const all = [...new Set(clips.map(([, , speaker]) => speaker))].toSorted();
const { values: options, positionals } = parseArgs({
  options: {
    config: { type: "string", default: "recipes/digits/config.yaml" },
    dev: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const speakers = positionals.length > 0 ? positionals : all;

mkdirSync(FOLDER, { recursive: true });
const hiss = writeHiss(`${FOLDER}/hiss`, 60);
await writeOtherVoices();
await writeGrammar();
const results = [];
for (const held of speakers) results.push(await fold(held));
report();

/** The digits of AN4, where a recognizer of AN4 finds them; its split dev is nine whole speakers, heard in five ways. */
async function writeOtherVoices() {
  if (existsSync(OTHER_VOICES)) return;
  const an4 = manifestOf("an4");
  const { modelPath } = await trainFirstCycle(an4, 1);
  const rows = [];
  for (const split of ["train", "dev"]) {
    const cut = await cutDigits(an4, split, modelPath, `${FOLDER}/an4-${split}`);
    const others = split === "dev" ? await otherMicrophones(cut, 4, `${FOLDER}/microphones`) : [];
    rows.push(...[...cut, ...others].map((row) => [...row, split]));
  }
  writeManifest(OTHER_VOICES, rows);
}

async function writeGrammar() {
  writeFileSync(`${FOLDER}/digits.txt`, `${[...DIGITS].join("\n")}\n`);
  await earshot("lm", "build", `${FOLDER}/digits.txt`, "--order", "2", "--out", ONE_DIGIT);
}

async function fold(held) {
  const splits = clips.map(([path, digit, speaker]) => [
    path,
    digit,
    speaker,
    speaker === held ? "test" : "train",
  ]);
  const learned = `${FOLDER}/${held}-train.csv`;
  const digits = [...splits.filter(([, , , split]) => split === "train"), ...rowsOf(OTHER_VOICES, "train")];
  writeManifest(learned, [
    ...Array.from({ length: REPEATS }, () => digits).flat(),
    ...rowsOf(manifestOf("an4"), "train"),
    ...rowsOf(OTHER_VOICES, "dev"),
  ]);
  const judged = `${FOLDER}/${held}-test.csv`;
  writeManifest(
    judged,
    splits.filter(([, , , split]) => split === "test"),
  );
  const noise = `data.augmentation.noise.paths=${JSON.stringify([hiss])}`;
  const out = `${FOLDER}/${basename(options.config, ".yaml")}-${held}`;
  const run = await train(learned, options.config, out, noise);
  const [manifest, split] = options.dev ? [learned, "dev"] : [judged, "test"];
  const rates = async (...decoder) => {
    const [found] = await earshot("test", manifest, "-m", run.modelPath, "--split", split, ...decoder);
    return found;
  };
  return { held, ...run, greedy: await rates("--greedy"), tenWords: await rates(...TEN_WORDS) };
}

/** Of a manifest with the columns path, transcript, speaker, split; in these corpora no field is quoted. */
function rowsOf(manifest, wanted = undefined) {
  const [, ...rows] = readFileSync(manifest, "utf8").trimEnd().split("\n");
  return rows
    .map((row) => row.trimEnd().split(","))
    .filter(([, , , split]) => wanted === undefined || split === wanted)
    .map(([path, ...rest]) => [resolve(dirname(manifest), path), ...rest]);
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
