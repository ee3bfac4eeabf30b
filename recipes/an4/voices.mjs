// What voices made by machine are worth beside people: AN4's training sentences spoken anew, learned alone, or with AN4's own
// recordings in the second cycle, whose epochs are fewer by as much as one is longer. Dev (people) picks the epoch, α and β;
// test is read once a row.
// EARSHOT_DATA=… node recipes/an4/voices.mjs [alone | both] [--kokoro DIR] [--seed N]

import { parseArgs } from "node:util";
import { manifestOf, minutes, percent, printTable, speak, train } from "../earshot.mjs";
import { rowsOf, writeManifest } from "../digits/corpus.mjs";
import { CONFIG, trainFirstCycle } from "./train.mjs";
import { buildTrigram, test, tuneAndTest } from "./trigram.mjs";

const FOLDER = "runs/an4-voices";
/** Formant voices say every sentence twice; neural ones, fifty times slower to make, some of them once. */
const FORMANT = ["--engine", "espeak-ng", "--engine", "flite=0.1"];
const NEURAL = ["--engine", "kokoro", "--mixtures", "5", "--sentences", "200"];
const COMMON = ["--split", "train", "--speeds", "0.8..1.3", "--dev", "0"];
const WORLD = [
  "data.augmentation.preset=real-world",
  "data.augmentation.ramp=0.1",
  "data.augmentation.wordless.probability=0",
];

const { values, positionals } = parseArgs({
  options: { kokoro: { type: "string" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const an4 = manifestOf("an4");
const people = ["train", "dev", "test"].flatMap((split) => rowsOf(an4, split));
await buildTrigram(an4);
const voices = await speakSentences();
const RUNS = { alone: learnAlone, both: learnBoth };
const rows = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(RUNS)) rows.push(await rowOf(name));
printTable(["learned from", "dev WER", "test WER", "trigram: dev WER", "test WER", "training"], rows);

async function speakSentences() {
  const spoken = async (name, times, ...how) => {
    const manifest = await speak(`${FOLDER}/${name}`, ["--manifest", an4, ...COMMON, ...how], times);
    return rowsOf(manifest, "train");
  };
  const formant = await spoken("formant", 2, ...FORMANT);
  if (values.kokoro === undefined) return formant;
  return [...formant, ...(await spoken("kokoro", 1, ...NEURAL, "--kokoro", values.kokoro))];
}

/** Voices alone, in the world from the first epoch on: as they are, nothing that a person says is like them. */
function learnAlone() {
  const heard = people.filter(([, , , split]) => split !== "train");
  const manifest = gather("alone", [...heard, ...voices]);
  return train(
    manifest,
    CONFIG,
    `${FOLDER}/alone-seed${values.seed}`,
    `seed=${values.seed}`,
    "epochs=30",
    ...WORLD,
  );
}

/** People as they are, then people and voices in the world. */
async function learnBoth() {
  const first = await trainFirstCycle(an4, values.seed);
  const second = await train(
    gather("both", [...people, ...voices]),
    CONFIG,
    `${FOLDER}/both-seed${values.seed}`,
    `seed=${values.seed}`,
    `initialModel=${first.modelPath}`,
    "epochs=31",
    "schedule.peak=0.001",
    "schedule.rise=0.15",
    'data.weights={"espeak-ng":0.25,"flite":0.25,"kokoro":0.5}',
    ...WORLD,
  );
  return { ...second, seconds: first.seconds + second.seconds };
}

function gather(name, all) {
  const path = `${FOLDER}/${name}.csv`;
  writeManifest(path, all);
  return path;
}

async function rowOf(name) {
  const run = await RUNS[name]();
  const greedy = await test(an4, run.modelPath, "--greedy");
  const trigram = await tuneAndTest(an4, run.modelPath, `voices-${name}-seed${values.seed}`);
  return [
    { alone: `voices alone (${voices.length} clips)`, both: "people, then both" }[name],
    percent(run.metrics.devWer),
    percent(greedy.wer),
    percent(trigram.best.wer),
    percent(trigram.wer),
    minutes(run.seconds),
  ];
}
