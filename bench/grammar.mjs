// Row `grammar`: a phrase with 10,000 names beside the same with ten of them. Compiling; then decoding at beam 16, on the
// log-probabilities of real speech, in turns: processor time for a second of audio, medians, and the ratio of the two. Beside
// them the search without a grammar. It needs recordings and a model of them:
//   npm run bench -- grammar --manifest an4/manifest.csv --model model.safetensors [--quick]
// The split `dev` is decoded: nobody says these names there, but the search must look for them all the same.

import { cpuUsage } from "node:process";
import { median } from "../dist/quantiles.js";

const MANY = 10_000;
const FEW = 10;
const BEAM = 16;

/** @param quick 30 utterances, and fewer rounds */
export async function measure({ quick = false, manifest, model } = {}) {
  if (!manifest || !model) {
    const reason = "--manifest (a corpus with the split dev) and --model (of that corpus) are not given";
    console.log(`grammar  not run: ${reason}`);
    return [{ row: "grammar", notRun: reason }];
  }
  const speech = await rowsOf(manifest, model, quick ? 30 : Infinity);
  const names = await someNames(MANY);
  const compiled = await compile(names, speech, quick ? 3 : 7);
  const decoded = await decode(names, speech, quick ? 5 : 15);
  const row = {
    row: "grammar",
    names: MANY,
    beam: BEAM,
    utterances: speech.rows.length,
    ...compiled,
    ...decoded,
  };
  print(row, speech.seconds);
  return [{ ...row, manifest, model }];
}

function print(row, seconds) {
  const { compileMs, firstCompileMs, states, many, few, free, ratio } = row;
  console.log(
    `grammar  ${MANY} names in a phrase: compiled in ${compileMs.toFixed(0)} ms (the first time ${firstCompileMs.toFixed(0)}), ${states} states`,
  );
  const figures = (ms) => `${ms.toFixed(3)} ms per second (${Math.round(1000 / ms)} × real time)`;
  console.log(
    `grammar  beam ${BEAM}, ${row.utterances} utterances, ${Math.round(seconds)} s: ${MANY} names ${figures(many)}, ` +
      `${FEW} names ${figures(few)}, ratio ${ratio.toFixed(2)}; without a grammar ${figures(free)}`,
  );
}

/** Sentences as Home Assistant writes them, so that a slot is filled in. */
async function grammarOf(names) {
  const { Grammar } = await import("../dist/index.js");
  return Grammar.from('intents: { Call: { data: [{ sentences: ["(call|dial) {name} [please]"] }] } }', {
    lists: { name: names.map((name, id) => ({ in: name, out: id })) },
  });
}

/** From the text to the automaton, a grammar of its own each time. */
async function compile(names, { alphabet, transcript }, rounds) {
  const times = [];
  let states = 0;
  for (let round = 0; round < rounds; round++) {
    const milliseconds = processorTime();
    states = (await grammarOf(names)).compile(alphabet, transcript).stateCount;
    times.push(milliseconds());
  }
  return { compileMs: median(times), firstCompileMs: times[0], states };
}

async function decode(names, { alphabet, transcript, rows, seconds }, rounds) {
  const { BeamDecoder } = await import("../dist/index.js");
  const decoderOf = (grammar) => new BeamDecoder(alphabet, { beam: BEAM, beta: 0 }, { grammar, transcript });
  const decoders = {
    many: decoderOf(await grammarOf(names)),
    few: decoderOf(await grammarOf(names.filter((_, i) => i % (MANY / FEW) === 0))),
    free: decoderOf(undefined),
  };
  const times = { many: [], few: [], free: [] };
  for (let round = 0; round <= rounds; round++)
    for (const [name, decoder] of Object.entries(decoders)) {
      const milliseconds = processorTime();
      for (const each of rows) decoder.decode(each);
      if (round > 0) times[name].push(milliseconds() / seconds); // the first round warms up
    }
  const ratio = median(times.many.map((time, round) => time / times.few[round]));
  return { many: median(times.many), few: median(times.few), free: median(times.free), ratio };
}

/** First and last names of one to three syllables each, all different. */
async function someNames(count) {
  const { RandomStream } = await import("../dist/index.js");
  const random = new RandomStream("names");
  const of = (letters) => letters[random.integer(letters.length)];
  const syllable = () =>
    of("bcdfghjklmnprstvw") + of(["a", "e", "i", "o", "u", "ai", "ee"]) + of(["", "", "n", "r", "l", "s"]);
  const word = () => Array.from({ length: 1 + random.integer(3) }, syllable).join("");
  const names = new Set();
  while (names.size < count) names.add(`${word()} ${word()}`);
  return [...names];
}

async function rowsOf(manifest, modelPath, limit) {
  const { readManifests, Recognizer, rowsOfUtterances } = await import("../dist/index.js");
  const dev = (await readManifests([manifest])).utterances.filter(({ split }) => split === "dev");
  const recognizer = await Recognizer.load(modelPath, { threads: 1, decoding: "greedy" });
  const { utterances } = await rowsOfUtterances(recognizer, dev.slice(0, limit));
  await recognizer.close();
  const { alphabet, transcript } = recognizer.model;
  const whole = utterances.filter(({ recording }) => recording.parts.length === 1);
  return {
    alphabet,
    transcript,
    rows: whole.map(({ recording }) => recording.parts[0].part[0].rows),
    seconds: whole.reduce((sum, { recording }) => sum + recording.seconds, 0),
  };
}

/** Milliseconds of the processor since it was asked for, whoever else uses the machine. */
function processorTime() {
  const before = cpuUsage();
  return () => {
    const { user, system } = cpuUsage(before);
    return (user + system) / 1000;
  };
}
