// Makes demo/corpus/: spoken house commands, synthesised with Debian's espeak-ng and flite, stored as MP3.
// The same tool versions give the same corpus: every choice is a hash of what it is for, no clock, no chance.
// Run it with `node demo/generate.mjs`; demo/README.md says what is needed and how the splits are made.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CORPUS = join(import.meta.dirname, "corpus");
const CLIPS_PER_TRAINING_VOICE = 32;
const DEV_CLIPS = 24;
const TEST_CLIPS = 40; // half of them sentences that no training voice speaks
const HELD_OUT_SHARE = 1 / 6; // of the simple commands, never trained on

/** [name, split, program, voice, pitch, pace]: flite's pitch is in Hz and its pace a duration factor; espeak-ng's
 * pitch is 0–99 and its pace words per minute. */
const VOICES = [
  ["sally", "train", "flite", "slt", 175, 1.05],
  ["robert", "train", "flite", "rms", 100, 1.0],
  ["angus", "train", "flite", "awb", 125, 1.05],
  ["kevin", "train", "flite", "kal16", 110, 1.0],
  ["mabel", "train", "espeak-ng", "en-us+f1", 50, 150],
  ["ruth", "train", "espeak-ng", "en-us+f3", 50, 155],
  ["dora", "train", "espeak-ng", "en-us+f5", 45, 160],
  ["linda", "train", "espeak-ng", "en-us+linda", 50, 150],
  ["frank", "train", "espeak-ng", "en-us+m1", 50, 160],
  ["miles", "train", "espeak-ng", "en-us+m3", 40, 155],
  ["henry", "train", "espeak-ng", "en-us+m5", 55, 165],
  ["ellen", "train", "espeak-ng", "en-gb+f5", 50, 145],
  ["nora", "train", "espeak-ng", "en-gb+f4", 50, 150],
  ["oscar", "train", "espeak-ng", "en-gb+m7", 45, 160],
  ["iona", "train", "espeak-ng", "en-gb-scotland+f3", 60, 150],
  ["duncan", "train", "espeak-ng", "en-gb-scotland+m2", 50, 155],
  ["peter", "train", "espeak-ng", "en-gb-x-rp+m6", 50, 150],
  ["agnes", "train", "espeak-ng", "en-gb-x-rp+f1", 55, 155],
  ["ned", "dev", "espeak-ng", "en-us+m4", 45, 150],
  ["flora", "test", "espeak-ng", "en-us+f2", 50, 150],
];

const NUMBERS = "two three four five six seven eight nine ten".split(" ");
const ROOMS = ["kitchen", "bedroom", "garden"];
const COMMANDS = [
  ...combine(["turn on the", "turn off the"], ROOMS, ["light", "radio", "heater"]),
  ...combine(["open the", "close the"], ROOMS, ["door", "window"]),
  ...combine(["play"], ["jazz", "piano music"], ["in the"], ROOMS),
  ...combine(["set the timer for"], NUMBERS, ["minutes"]),
  ...combine(["wake me at"], NUMBERS),
  ...combine(["stop the"], ["timer", "radio", "music"]),
];

/** Every way to take one phrase from each list. */
function combine(first, ...rest) {
  if (rest.length === 0) return first;
  return first.flatMap((head) => combine(...rest).map((tail) => `${head} ${tail}`));
}

/** A number in [0, 1) that depends on nothing but its key. */
function chance(...key) {
  return createHash("sha256").update(key.join("\0")).digest().readUInt32BE() / 2 ** 32;
}

const pick = (items, ...key) => items[Math.floor(chance("pick", ...key) * items.length)];

/** The commands that no training voice speaks, alone or joined; every word of theirs is heard in other commands. */
function heldOut() {
  const ranked = COMMANDS.toSorted((a, b) => chance("held out", a) - chance("held out", b));
  return new Set(ranked.slice(0, Math.round(COMMANDS.length * HELD_OUT_SHARE)));
}

/** One command, or two joined: `first` is drawn from `commands`, the other from `others`. */
function sentence(commands, others, ...key) {
  const [first, second] = [pick(commands, ...key, "first"), pick(others, ...key, "second")];
  const shape = chance(...key, "shape");
  if (shape < 0.6 || first === second) return first;
  return shape < 0.8 ? `${first} and ${second}` : `${second} and ${first}`;
}

function distinct(count, draw) {
  const found = new Set();
  for (let attempt = 0; found.size < count; attempt++) found.add(draw(attempt));
  return [...found];
}

const voicesOf = (split) => VOICES.filter((voice) => voice[1] === split);

/** [voice, sentence] pairs of the whole corpus. */
function plan() {
  const unseen = heldOut();
  const known = COMMANDS.filter((command) => !unseen.has(command));
  const speak = (voice, count, commands) =>
    distinct(count, (attempt) => sentence(commands, known, voice[0], attempt)).map((text) => [voice, text]);
  const train = voicesOf("train").flatMap((voice) => speak(voice, CLIPS_PER_TRAINING_VOICE, known));
  const trained = [...new Set(train.map(([, text]) => text))];
  const retell = (voice, count) =>
    distinct(count, (attempt) => pick(trained, voice[0], attempt)).map((text) => [voice, text]);
  const judge = (voice, count) => [...retell(voice, count / 2), ...speak(voice, count / 2, [...unseen])];
  const dev = voicesOf("dev").flatMap((voice) => judge(voice, DEV_CLIPS));
  const test = voicesOf("test").flatMap((voice) => judge(voice, TEST_CLIPS));
  return [...train, ...dev, ...test];
}

/** Speaks into a WAV file, with a little variation of pitch and pace from clip to clip. */
function synthesize([name, , program, voice, pitch, pace], text, file) {
  const vary = (value, share, what) => value * (1 + share * (2 * chance(name, text, what) - 1));
  const clipPitch = vary(pitch, 0.12, "pitch").toFixed(0);
  const clipPace = vary(pace, 0.1, "pace");
  const parameters =
    program === "flite"
      ? [
          "-voice",
          voice,
          "--setf",
          `int_f0_target_mean=${clipPitch}`,
          "--setf",
          `duration_stretch=${clipPace.toFixed(3)}`,
        ]
      : ["-v", voice, "-p", clipPitch, "-s", clipPace.toFixed(0)];
  execFileSync(program, [
    ...parameters,
    ...(program === "flite" ? ["-t", text, "-o", file] : ["-w", file, text]),
  ]);
}

/** 16 kHz mono MP3 at 24 kbit/s, levelled, without tags, silence at both ends cut to about 0.1 s. */
function encode(wav, mp3) {
  const trim = "silenceremove=start_periods=1:start_threshold=-50dB:start_silence=0.1";
  const filter = `aresample=16000,${trim},areverse,${trim},areverse,loudnorm=I=-20:TP=-2:LRA=11,aresample=16000`;
  const output = [
    "-ac",
    "1",
    "-c:a",
    "libmp3lame",
    "-b:a",
    "24k",
    "-map_metadata",
    "-1",
    "-fflags",
    "+bitexact",
  ];
  execFileSync("ffmpeg", ["-v", "error", "-y", "-i", wav, "-af", filter, ...output, mp3]);
}

const scratch = fs.mkdtempSync(join(tmpdir(), "earshot-demo-"));
fs.rmSync(CORPUS, { recursive: true, force: true });
const rows = plan().map(([voice, text], index) => {
  const [speaker, split] = voice;
  const path = `${split}/${speaker}-${String(index).padStart(4, "0")}.mp3`;
  fs.mkdirSync(join(CORPUS, split), { recursive: true });
  synthesize(voice, text, join(scratch, "clip.wav"));
  encode(join(scratch, "clip.wav"), join(CORPUS, path));
  return [path, text, speaker, split].join(",");
});
fs.writeFileSync(join(CORPUS, "manifest.csv"), ["path,transcript,speaker,split", ...rows, ""].join("\n"));
fs.rmSync(scratch, { recursive: true, force: true });
console.log(`${rows.length} clips`);
