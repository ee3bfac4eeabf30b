// What augmentation costs: milliseconds of one thread for each second of audio, of every effect by itself, of the features
// that follow it, and of the whole preset as often as it brings each. `npm run build`, then `node bench/augmentation.mjs`.
// Counts the time of the processor, not of the clock, so that other work on the machine counts little.

import { readdir, readFile } from "node:fs/promises";
import { cpuUsage } from "node:process";
import { fileURLToPath } from "node:url";
import { activePower, computeFeatures, decodeAudio, featureSettings } from "../dist/audio/index.js";
import { applyEffects, augmentationSettings, chooseEffects } from "../dist/data/augmentation/index.js";
import { changePace } from "../dist/data/features/pace.js";
import { median } from "../dist/quantiles.js";

const CLIPS = fileURLToPath(new URL("../demo/corpus/train/", import.meta.url));
const SECONDS = 3;
const OCCASIONS = 24;
const ROUNDS = 5;
const VOICES = Array.from({ length: 50 }, (_, i) => `voice ${i}`);
const PRESET = "real-world";

const speech = await threeSeconds();
/** Recordings of half a second: as long as a room's response; what is joined is as long as the speech. */
const recording = speech.subarray(0, 8000);
const sound = { samples: recording, activePower: activePower(recording) };
const library = { read: async (path) => (path === "next" ? { ...sound, samples: speech } : sound) };
const next = { path: "next", samples: speech.length, text: "", frames: 0, seconds: 0 };
const joined = { among: () => [0, 1], join: () => next };
const preset = augmentationSettings.parse(PRESET);
const features = featureSettings.parse({});

const rows = [
  ["features alone", async () => void computeFeatures(speech, features)],
  ["speed 0.9", async () => void (await changePace(speech, { speed: 0.9, tempo: 1 }))],
  ["tempo 0.9", async () => void (await changePace(speech, { speed: 1, tempo: 0.9 }))],
  ...Object.entries(preset)
    .filter(([, value]) => Object.hasOwn(Object(value), "probability"))
    .filter(([name]) => name !== "trim")
    .map(([name]) => [name, (utterance) => applied(alone(name), utterance)]),
  [`all of "${PRESET}"`, (utterance) => applied(preset, utterance)],
];
for (const [name, work] of rows) {
  const ms = await processorMs(work);
  const perSecond = (ms / SECONDS).toFixed(2).padStart(8);
  console.log(`${name.padEnd(22)} ${ms.toFixed(2).padStart(8)} ms of ${SECONDS} s ${perSecond} ms a second`);
}

/** One effect always, as the preset has it. */
function alone(name) {
  const paths = ["noise", "reverberation"].includes(name) ? { paths: ["any"] } : {};
  return augmentationSettings.parse({ [name]: { ...preset[name], ...paths, probability: 1 } });
}

async function applied(settings, utterance) {
  const { noise, reverberation } = settings;
  const sounds = { noise: noise.paths, reverberation: reverberation.paths, babble: VOICES, joined };
  const effects = chooseEffects(settings, sounds, { seed: 1, epoch: 0, utterance });
  await applyEffects(speech, effects, library);
}

/** Of one occasion, the mean of all; the median of the rounds. */
async function processorMs(work) {
  const times = [];
  for (let round = -1; round < ROUNDS; round++) {
    const before = cpuUsage();
    for (let utterance = 0; utterance < OCCASIONS; utterance++) await work(utterance);
    const { user, system } = cpuUsage(before);
    if (round >= 0) times.push((user + system) / 1000 / OCCASIONS);
  }
  return median(times);
}

async function threeSeconds() {
  const [name] = (await readdir(CLIPS)).filter((file) => /\.(wav|flac|mp3|opus|ogg)$/.test(file));
  const { samples } = await decodeAudio(await readFile(CLIPS + name), name);
  return Float32Array.from({ length: SECONDS * 16_000 }, (_, n) => samples[n % samples.length]);
}
