// Rejection of one model: calibrated on dev and on speech, noise and music that are to be rejected; measured on test and on
// other speakers, noises and seeds. EARSHOT_DATA=… node recipes/rejection/run.mjs MODEL MANIFEST [OUT]
// The model is copied, and the copy calibrated.

import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeAudio, mixAtSnr } from "../../dist/audio/index.js";
import { confidenceOf } from "../../dist/ctc/index.js";
import {
  calibrateRejection,
  CONDITIONS,
  readManifests,
  Recognizer,
  saveRejection,
} from "../../dist/index.js";
import { manifestOf, percent, printTable } from "../earshot.mjs";
import { makeSounds } from "./sounds.mjs";

const [model, manifest, out = "runs/rejection"] = process.argv.slice(2);
const HOURS = { calibration: 0.1, test: 0.5 }; // of made noise, and as much of music
mkdirSync(out, { recursive: true });
const calibrated = join(out, "model.safetensors");
const { utterances } = await readManifests([manifest]);
const ofSplit = (split) => utterances.filter((utterance) => utterance.split === split);
const halves = await toReject();
if (!existsSync(calibrated)) copyFileSync(model, calibrated); // what OUT holds is not calibrated again
const recognizer = await Recognizer.load(calibrated, { rejection: false, threads: 1 });
const rejection = recognizer.model.decoding.rejection ?? (await calibrate());

const sets = {};
const test = await read(ofSplit("test"));
const noises = await read(halves.test.filter(({ kind }) => kind === "recorded noise"));
for (const [name, change] of Object.entries(commandsIn()))
  sets[name] = await judge(await Promise.all(test.map(change)), true);
for (const kind of new Set(halves.test.map((row) => row.kind)))
  sets[kind] = await judge(
    halves.test.filter((row) => row.kind === kind).map(({ path }) => ({ source: path })),
    false,
  );
await recognizer.close();
writeFileSync(join(out, "pieces.json"), JSON.stringify({ rejection, sets }));
report();

async function calibrate() {
  const start = performance.now();
  const found = await calibrateRejection(recognizer, ofSplit("dev"), halves.calibration);
  await saveRejection(calibrated, { ...found.rejection });
  console.log(
    `on dev, in ${((performance.now() - start) / 1000).toFixed(0)} s: ${JSON.stringify(found.chosen)}`,
  );
  return found.rejection;
}

/** Speech of LibriSpeech, each speaker in one half; recorded noise, every other; made noise and music of seeds of their own. */
async function toReject() {
  const known = new Set(utterances.flatMap(({ transcript }) => transcript.split(" ")));
  const all = (await readManifests([manifestOf("librispeech")])).utterances;
  const speech = all.filter(({ transcript }) => transcript.split(" ").some((word) => !known.has(word)));
  console.log(
    `${all.length - speech.length} utterances of LibriSpeech left out: all their words are words of the corpus`,
  );
  const speakers = [...new Set(speech.map(({ speaker }) => speaker))].toSorted();
  const recorded = readFileSync(manifestOf("noise"), "utf8").trim().split("\n").slice(1);
  const folder = join(manifestOf("noise"), "..");
  const noise = recorded.map((line) => rowOf(join(folder, line.split(",")[0]), "recorded noise"));
  const half = (parity, name, seed) => [
    ...speech
      .filter(({ speaker }) => speakers.indexOf(speaker) % 2 === parity)
      .map(({ path }) => rowOf(path, "speech")),
    ...noise.filter((_, i) => i % 2 === parity),
    ...makeSounds(join(out, name), HOURS[name], seed),
  ];
  return { calibration: half(1, "calibration", 1), test: half(0, "test", 2) };
}

function rowOf(path, kind) {
  return { path, transcript: "", speaker: "", split: "", where: path, kind };
}

async function read(rows) {
  return Promise.all(
    rows.map(async (row) => ({
      ...row,
      samples: (await decodeAudio(readFileSync(row.path), row.path)).samples,
    })),
  );
}

/** The test as it is, and with noise 10 dB below. */
function commandsIn() {
  const sourceOf = (row, samples) => ({
    source: { samples, sampleRateHz: 16_000 },
    reference: row.transcript,
  });
  const made = (name) => async (row, i) => {
    const { change } = CONDITIONS.find((condition) => condition.name === name);
    return sourceOf(row, await change(row.samples, { seed: i + 1 }));
  };
  const recorded = (row, i) => {
    const { samples } = noises[i % noises.length];
    return sourceOf(
      row,
      mixAtSnr(
        row.samples,
        row.samples.map((_, n) => samples[n % samples.length]),
        10,
      ),
    );
  };
  const asItIs = (row) => sourceOf(row, row.samples);
  return {
    "as it is": asItIs,
    "white noise": made("white-10db"),
    "recorded noises": recorded,
  };
}

/** The pieces of each recording, with their confidence and text. */
async function judge(items, isSpoken) {
  const judged = [];
  let at = 0;
  for await (const { recording } of recognizer.logProbabilitiesAll(items.map(({ source }) => source))) {
    const { reference } = items[at++];
    const pieces = recognizer.evidence(recording).map(({ text, evidence }) => ({
      text,
      confidence: evidence ? confidenceOf(evidence, rejection) : 0,
      evidence,
    }));
    if (!isSpoken) judged.push({ seconds: recording.seconds, pieces });
    else
      judged.push({
        seconds: recording.seconds,
        isRight: pieces.map(({ text }) => text).join(" ") === reference,
        pieces,
      });
  }
  return judged;
}

function report() {
  console.log(JSON.stringify(rejection));
  const { threshold } = rejection;
  const odds = (p) => Math.log(p / (1 - p));
  const around = [-2, -1, 1, 2].map((step) => 1 / (1 + Math.exp(-(odds(threshold) + step))));
  const isAccepted = ({ text, confidence }, least) => text !== "" && confidence >= least;
  const names = Object.keys(sets);
  const cell = (name, least) => {
    const set = sets[name];
    const accepted = set.filter(({ pieces }) => pieces.some((piece) => isAccepted(piece, least)));
    if (name in commandsIn())
      return `${percent(accepted.length / set.length)} (${percent(accepted.filter(({ isRight }) => isRight).length / set.length)})`;
    const count = set.flatMap(({ pieces }) => pieces).filter((piece) => isAccepted(piece, least)).length;
    const hours = set.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
    return `${count} (${(count / hours).toFixed(1)})`;
  };
  printTable(
    ["threshold", ...names],
    [0, ...around.slice(0, 2), threshold, ...around.slice(2)].map((least) => [
      `${least === 0 ? "none" : least.toFixed(4)}${least === threshold ? " (chosen)" : ""}`,
      ...names.map((name) => cell(name, least)),
    ]),
  );
  for (const name of names) {
    const set = sets[name];
    console.log(
      `${name}: ${set.length}, ${(set.reduce((sum, { seconds }) => sum + seconds, 0) / 3600).toFixed(2)} h`,
    );
  }
}
