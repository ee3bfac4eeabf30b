// Digits of people, learned from voices made by machine: no human digit is learned, only AN4's sentences. With --people three
// of FSDD's speakers and AN4's digits are learned beside the voices, and the fourth is the test, as in run.mjs.
// EARSHOT_DATA=… node recipes/digits/voices.mjs [--kokoro DIR] [--people] [--dev] [--config FILE] [speaker…]

import { parseArgs } from "node:util";
import { basename } from "node:path";
import { earshot, manifestOf, minutes, percent, printTable, train } from "../earshot.mjs";
import { FOLDER, otherVoices, rowsOf, TEN_WORDS, writeGrammar, writeManifest } from "./corpus.mjs";
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

/** How often an epoch hears each clip of a source: beside people's digits neural voices count less. */
const WEIGHTS = { sentences: 0.5, ...(options.people ? { "espeak-ng": 0.75 } : { kokoro: 2 }) };

const clips = rowsOf(manifestOf("fsdd"));
const all = [...new Set(clips.map(([, , speaker]) => speaker))].toSorted();
const speakers = positionals.length > 0 ? positionals : all;

await writeGrammar();
const people = await otherVoices();
const voices = await spokenDigits(options.kokoro === undefined ? ["--fetch"] : ["--kokoro", options.kokoro]);
const results = options.people ? await folds() : await withoutPeople();
report();

/** One training for all speakers. */
async function withoutPeople() {
  const run = await learn("nobody", []);
  const results = [];
  for (const speaker of speakers) results.push(await judge(run, speaker));
  return results;
}

async function folds() {
  const results = [];
  for (const held of speakers) {
    const others = clips.filter(([, , speaker]) => speaker !== held);
    results.push(await judge(await learn(held, [...others, ...rowsOf(people, "train")]), held));
  }
  return results;
}

/** AN4's dev speakers, as they are and through other microphones, pick the epoch. */
async function learn(held, humanDigits) {
  const name = `${basename(options.config, ".yaml")}-${options.people ? `all-but-${held}` : "no-people"}`;
  const manifest = `${FOLDER}/${name}.csv`;
  const learned = [...voices, ...humanDigits].map(([path, text, speaker, , source]) => [
    path,
    text,
    speaker,
    "train",
    source,
  ]);
  const sentences = rowsOf(manifestOf("an4"), "train").map((row) => [...row, "sentences"]);
  const dev = rowsOf(people, "dev").filter((_, index) => index % 3 === 0);
  writeManifest(manifest, [...learned, ...sentences, ...dev]);
  const { modelPath } = await trainAn4(manifestOf("an4"), 1);
  const settings = [`initialModel=${modelPath}`, `data.weights=${JSON.stringify(WEIGHTS)}`];
  return { ...(await train(manifest, options.config, `${FOLDER}/${name}`, ...settings)), manifest };
}

async function judge(run, speaker) {
  const judged = `${FOLDER}/${speaker}-test.csv`;
  writeManifest(
    judged,
    clips.filter(([, , name]) => name === speaker).map(([path, digit, name]) => [path, digit, name, "test"]),
  );
  const [manifest, split] = options.dev ? [run.manifest, "dev"] : [judged, "test"];
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
