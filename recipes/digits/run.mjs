// Spoken digits, one fold per speaker of FSDD: three speakers are learned together with the digits that AN4's speakers
// say and with all its sentences, AN4's dev speakers through other microphones pick the epoch, the fourth is the test.
// EARSHOT_DATA=… node recipes/digits/run.mjs [--config FILE] [--dev] [speaker…]       --dev: without the test, to choose by

import { basename } from "node:path";
import { parseArgs } from "node:util";
import { earshot, manifestOf, minutes, percent, printTable, train } from "../earshot.mjs";
import {
  FOLDER,
  hissSetting,
  otherVoices,
  rowsOf,
  speakersOf,
  TEN_WORDS,
  writeGrammar,
  writeManifest,
} from "./corpus.mjs";

/** Digits are short: an epoch hears each so often, and each sentence once. */
const REPEATS = 3;

const source = manifestOf("fsdd");
const clips = rowsOf(source);
const all = speakersOf(clips);
const { values: options, positionals } = parseArgs({
  options: {
    config: { type: "string", default: "recipes/digits/config.yaml" },
    dev: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const speakers = positionals.length > 0 ? positionals : all;

await writeGrammar();
const others = await otherVoices();
const noise = hissSetting();
const results = [];
for (const held of speakers) results.push(await fold(held));
report();

async function fold(held) {
  const splits = clips.map(([path, digit, speaker]) => [
    path,
    digit,
    speaker,
    speaker === held ? "test" : "train",
  ]);
  const learned = `${FOLDER}/${held}-train.csv`;
  const digits = [...splits.filter(([, , , split]) => split === "train"), ...rowsOf(others, "train")];
  writeManifest(learned, [
    ...Array.from({ length: REPEATS }, () => digits).flat(),
    ...rowsOf(manifestOf("an4"), "train"),
    ...rowsOf(others, "dev"),
  ]);
  const judged = `${FOLDER}/${held}-test.csv`;
  writeManifest(
    judged,
    splits.filter(([, , , split]) => split === "test"),
  );
  const out = `${FOLDER}/${basename(options.config, ".yaml")}-${held}`;
  const run = await train(learned, options.config, out, noise);
  const [manifest, split] = options.dev ? [learned, "dev"] : [judged, "test"];
  const rates = async (...decoder) => {
    const [found] = await earshot("test", manifest, "-m", run.modelPath, "--split", split, ...decoder);
    return found;
  };
  return { held, ...run, greedy: await rates("--greedy"), tenWords: await rates(...TEN_WORDS) };
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
