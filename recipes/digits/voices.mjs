// Digits of people, learned from voices made by machine: no human digit is learned, only AN4's sentences. With --people three
// of FSDD's speakers and AN4's digits are learned beside the voices, and the fourth is the test, as in run.mjs.
// EARSHOT_DATA=… node recipes/digits/voices.mjs [--kokoro DIR] [--people] [--dev] [--config FILE] [speaker…]

import { parseArgs } from "node:util";
import { basename } from "node:path";
import { earshot, manifestOf, minutes, percent, printTable, train } from "../earshot.mjs";
import { trainAn4 } from "../an4/train.mjs";
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
import { spokenDigits } from "./spoken.mjs";

const { values: options, positionals } = parseArgs({
  options: {
    config: { type: "string", default: "recipes/digits/voices.yaml" },
    kokoro: { type: "string" },
    people: { type: "boolean", default: false },
    dev: { type: "boolean", default: false },
  },
  allowPositionals: true,
});

/** How often an epoch hears each clip of a source. */
const FIRST_CYCLE = { "espeak-ng": 0.6, flite: 0.6, kokoro: 3 };
const SECOND_CYCLE = { "espeak-ng": 0.6, flite: 0.6, kokoro: 1, human: 2 };
const BESIDE_PEOPLE = { "espeak-ng": 0.1, flite: 0.1, kokoro: 0.7 };
const GENTLER = ["epochs=2", "schedule.peak=0.0007"];

const clips = rowsOf(manifestOf("fsdd"));
const all = speakersOf(clips);
const speakers = positionals.length > 0 ? positionals : all;

await writeGrammar();
const people = await otherVoices();
const kokoro = options.kokoro === undefined ? ["--fetch"] : ["--kokoro", options.kokoro];
const [fewer, voices] = [await spokenDigits(kokoro, { kokoro: 60 }), await spokenDigits(kokoro)];
const noise = hissSetting();
const alone = await learnAlone();
const results = [];
for (const speaker of speakers)
  results.push(await judge(options.people ? await learnPeople(speaker) : alone, speaker));
report();

/** One training for all speakers, from AN4's model on: a cycle with half of the neural clips, one with all of them. */
async function learnAlone() {
  const { modelPath } = await trainAn4(manifestOf("an4"), 1);
  const first = await learn("no-people-first", fewer, modelPath, FIRST_CYCLE);
  const second = await learn("no-people", voices, first.modelPath, SECOND_CYCLE, GENTLER);
  return { ...second, seconds: first.seconds + second.seconds };
}

/** From there on, with all speakers but one and AN4's digits. */
async function learnPeople(held) {
  const others = clips.filter(([, , speaker]) => speaker !== held);
  const rows = [...voices, ...others, ...rowsOf(people, "train")];
  return learn(`all-but-${held}`, rows, alone.modelPath, BESIDE_PEOPLE, GENTLER);
}

/** A third of the digits of AN4's dev speakers, as they are and through other microphones, picks the epoch. */
async function learn(suffix, rows, from, weights, changes = []) {
  const name = `${basename(options.config, ".yaml")}-${suffix}`;
  const manifest = `${FOLDER}/${name}.csv`;
  const learned = rows.map(([path, text, speaker, , source]) => [path, text, speaker, "train", source]);
  const sentences = rowsOf(manifestOf("an4"), "train");
  const dev = rowsOf(people, "dev").filter((_, index) => index % 3 === 0);
  writeManifest(manifest, [...learned, ...sentences, ...dev]);
  const settings = [noise, `initialModel=${from}`, `data.weights=${JSON.stringify(weights)}`, ...changes];
  return train(manifest, options.config, `${FOLDER}/${name}`, ...settings);
}

async function judge(run, speaker) {
  const judged = `${FOLDER}/${speaker}-test.csv`;
  writeManifest(
    judged,
    clips.filter(([, , name]) => name === speaker).map(([path, digit, name]) => [path, digit, name, "test"]),
  );
  const [manifest, split] = options.dev ? [people, "dev"] : [judged, "test"];
  const rates = async (...decoder) => {
    const [found] = await earshot("test", manifest, "-m", run.modelPath, "--split", split, ...decoder);
    return found;
  };
  return { speaker, ...run, greedy: await rates("--greedy"), tenWords: await rates(...TEN_WORDS) };
}

function report() {
  printTable(
    ["speaker", "clips", "ten words: WER", "greedy WER", "AN4's dev WER", "training"],
    results.map(({ speaker, metrics, seconds, greedy, tenWords }) => [
      speaker,
      greedy.utterances,
      percent(tenWords.wer),
      percent(greedy.wer),
      percent(metrics.devWer),
      minutes(seconds),
    ]),
  );
  const rates = (kind) => results.map((result) => result[kind].wer);
  const mean = (kind) => percent(rates(kind).reduce((sum, wer) => sum + wer, 0) / results.length);
  console.log(
    `\nmean: ten words ${mean("tenWords")}, greedy ${mean("greedy")}; worst: ${percent(Math.max(...rates("tenWords")))}`,
  );
}
