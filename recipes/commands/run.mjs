// A recognizer of forty commands of a home, digits, letters and names, without a recording of the commands: spoken by machines,
// learned from AN4's model on, its rejection tuned, and tested on people as far as there are any.
// EARSHOT_DATA=… node recipes/commands/run.mjs [--kokoro DIR] [--config FILE] [--seed N] [--stress]

import { copyFileSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { earshot, manifestOf, minutes, percent, printTable, train } from "../earshot.mjs";
import { trainAn4 } from "../an4/train.mjs";
import { otherVoices, rowsOf, TEN_WORDS, writeGrammar, writeManifest } from "../digits/corpus.mjs";
import { spokenDigits } from "../digits/spoken.mjs";
import { FOLDER, speakAll } from "./spoken.mjs";

const { values: options } = parseArgs({
  options: {
    config: { type: "string", default: "recipes/commands/config.yaml" },
    kokoro: { type: "string" },
    seed: { type: "string", default: "1" },
    stress: { type: "boolean", default: false },
  },
});
const kokoro = options.kokoro === undefined ? ["--fetch"] : ["--kokoro", options.kokoro];
const an4 = manifestOf("an4");
const HOME = "recipes/commands/home.txt";
const phrases = readFileSync(HOME, "utf8").trim().split("\n");

/** What the second cycle changes: fewer changes of the sound at once. */
const SECOND_CYCLE = [
  "epochs=9",
  "data.augmentation.ramp=0",
  "data.augmentation.tempos=[1]",
  "data.augmentation.trim.probability=0.1",
  "data.augmentation.suppression.probability=0.1",
];
/** The third, which also has the digits of AN4's people, cut from their sentences: what microphones and cutters do to single words. */
const THIRD_CYCLE = [
  ...SECOND_CYCLE,
  "epochs=8",
  "schedule.peak=0.0008",
  "data.augmentation.trim.probability=0.25",
  "data.augmentation.trim.belowDb=[10,40]",
  "data.augmentation.suppression.probability=0.15",
  "data.augmentation.band.probability=0.4",
  "data.augmentation.band.lowHz=[0,350]",
];
/** How often the second cycle hears what the first had too little of. */
const TURNS = { home: 3, words: 2, others: 2 };

await writeGrammar();
const said = await speakAll(kokoro);
const digits = await spokenDigits(kokoro);
const fewDigits = await spokenDigits(kokoro, { formant: 132, accent: 6 });
const manifest = await gather("all", [...digits, ...Object.values(said).flat()]);
const again = await gather("again", [...fewDigits, ...withTurns()]);
const withPeople = await gather("with-people", [
  ...fewDigits,
  ...withTurns(),
  ...rowsOf(await otherVoices(), "train"),
]);
const run = await learn();
const model = `${FOLDER}/commands-en.safetensors`;
copyFileSync(run.modelPath, model);
await tuneRejection();
await report();

/**
 * Of the voices that are held back every other speaker is test, the others dev; dev has people too: AN4's dev speakers, and
 * their digits through other microphones.
 */
async function gather(name, voices) {
  const held = [
    ...new Set(voices.filter(([, , , split]) => split === "dev").map(([, , speaker]) => speaker)),
  ];
  const judges = new Set(held.toSorted().filter((_, index) => index % 2 === 1));
  const rows = voices.map(([path, text, speaker, split, source]) => [
    path,
    text,
    speaker,
    judges.has(speaker) ? "test" : split,
    source,
  ]);
  const spokenByPeople = rowsOf(await otherVoices(), "dev").filter((_, index) => index % 3 === 0);
  const people = [...rowsOf(an4, "train"), ...rowsOf(an4, "dev"), ...spokenByPeople];
  writeManifest(`${FOLDER}/${name}.csv`, [...rows, ...people]);
  return `${FOLDER}/${name}.csv`;
}

function withTurns() {
  return Object.entries(said).flatMap(([name, rows]) =>
    rows.flatMap((row) => Array.from({ length: row[3] === "train" ? (TURNS[name] ?? 1) : 1 }, () => row)),
  );
}

/** A cycle from AN4's model on, then two gentler ones, each from what the one before gave. */
async function learn() {
  const { modelPath } = await trainAn4(an4, 1);
  const out = `${FOLDER}/seed${options.seed}`;
  const cycle = (name, rows, from, ...settings) =>
    train(
      rows,
      options.config,
      `${out}-${name}`,
      `seed=${options.seed}`,
      `initialModel=${from}`,
      ...settings,
    );
  const first = await cycle("first", manifest, modelPath);
  const second = await cycle("second", again, first.modelPath, ...SECOND_CYCLE);
  const third = await cycle("third", withPeople, second.modelPath, ...THIRD_CYCLE);
  return { ...third, seconds: first.seconds + second.seconds + third.seconds };
}

/** By half of LibriSpeech's speakers and half of the noises; the others are for the test. */
async function tuneRejection() {
  const [calibration, test] = [1, 0].map((parity) => toReject(parity));
  writeManifest(`${FOLDER}/reject-calibration.csv`, calibration);
  writeManifest(`${FOLDER}/reject-test.csv`, test);
  const paths = ["--reject", `${FOLDER}/reject-calibration.csv`];
  await earshot("tune", manifest, "-m", model, "--split", "dev", "--false-accepts", "1", ...paths);
}

function toReject(parity) {
  const speech = rowsOf(manifestOf("librispeech"));
  const speakers = [...new Set(speech.map(([, , speaker]) => speaker))].toSorted();
  const noise = rowsOf(manifestOf("noise")).filter((_, index) => index % 2 === parity);
  return [...speech.filter(([, , speaker]) => speakers.indexOf(speaker) % 2 === parity), ...noise].map(
    ([path, , speaker]) => [path, "", speaker ?? "", "test"],
  );
}

async function report() {
  const fsdd = rowsOf(manifestOf("fsdd"));
  const sets = [...new Set(fsdd.map(([, , speaker]) => speaker))].map((speaker) => {
    const path = `${FOLDER}/${speaker}.csv`;
    writeManifest(
      path,
      fsdd.filter(([, , name]) => name === speaker).map(([file, digit]) => [file, digit, speaker, "test"]),
    );
    return { name: `digits, ${speaker}`, path, grammar: TEN_WORDS };
  });
  const home = rowsOf(manifest, "test").filter(([, text]) => phrases.includes(text));
  writeManifest(`${FOLDER}/home-test.csv`, home);
  sets.push({
    name: "home commands, held-back voices",
    path: `${FOLDER}/home-test.csv`,
    grammar: ["--grammar", HOME],
  });
  sets.push({ name: "letters, names and numbers (AN4 test)", path: an4, grammar: [] });
  const rows = [];
  for (const { name, path, grammar } of sets) {
    const test = async (...how) => (await earshot("test", path, "-m", model, "--split", "test", ...how))[0];
    const [greedy, known] = [await test("--no-reject"), await test("--no-reject", ...grammar)];
    rows.push([name, greedy.utterances, percent(greedy.wer), grammar.length > 0 ? percent(known.wer) : ""]);
  }
  printTable(["heard", "utterances", "greedy WER", "with its grammar"], rows);
  const [{ acceptance }] = await earshot("test", `${FOLDER}/reject-test.csv`, "-m", model, "--split", "test");
  console.log(`\nnothing to be recognized: ${JSON.stringify(acceptance)}; training ${minutes(run.seconds)}`);
  if (options.stress) console.log(JSON.stringify(await earshot("test", an4, "-m", model, "--stress")));
}
