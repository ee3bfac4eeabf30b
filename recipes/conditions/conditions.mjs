// A test split as microphones, lines and files give it, made by other programs than Earshot's own stress test: ffmpeg (with
// librubberband) for codecs, tempo and pitch; recorded rooms and noises. Everything random follows from SEED.

import { spawnSync } from "node:child_process";
import { RandomStream } from "../../dist/random.js";

const RATE_HZ = 16_000;
const SEED = 1;
const RAW = ["-f", "f32le", "-ar", String(RATE_HZ), "-ac", "1"];
const TELEPHONE = [300, 300]
  .map((hertz) => `highpass=f=${hertz}:poles=2`)
  .concat([3400, 3400].map((hertz) => `lowpass=f=${hertz}:poles=2`))
  .join(",");

/** By name: samples at 16 kHz and random numbers of their own in, samples out. */
export const makeConditions = ({ rooms, noises }) => ({
  "as it is": (speech) => speech,
  "a second of zeros around": (speech) => around(speech, 1, silence),
  "a second of quiet noise around (white, −60 dB)": (speech, random) => around(speech, 1, white(-60, random)),
  "three seconds of it": (speech, random) => around(speech, 3, white(-60, random)),
  "1.5 s, pink noise throughout (−50 dB)": (speech, random) => {
    const padded = around(speech, 1.5, silence);
    const noise = pink(padded.length, random);
    return mixed(padded, noise, 10 ** (-50 / 20) / rms(noise));
  },
  "30 dB softer": (speech) => speech.map((value) => value * 10 ** (-30 / 20)),
  "tempo × 0.85": (speech) => through(speech, "-af", "atempo=0.85"),
  "tempo × 1.2": (speech) => through(speech, "-af", "atempo=1.2"),
  "2 semitones up": (speech) => through(speech, "-af", `rubberband=pitch=${2 ** (2 / 12)}`),
  "MP3 at 24 kbit/s": (speech) => coded(speech, "mp3", "-c:a", "libmp3lame", "-b:a", "24k"),
  "telephone, µ-law": (speech) =>
    coded(through(speech, "-af", TELEPHONE), "wav", "-ar", "8000", "-c:a", "pcm_mulaw"),
  "a recorded room": (speech, random) => inRoom(speech, pick(rooms, random)),
  "recorded noise at 10 dB": (speech, random) => underNoise(speech, pick(noises, random), 10, random),
});

export const randomOf = (condition, index) => new RandomStream(SEED, condition, index);

/** Mono at 16 kHz, by ffmpeg. */
export const readSound = (path) => floats(ffmpeg(["-i", path, ...RAW, "-"]));

const silence = (samples) => new Float32Array(samples);
const white = (db, random) => (samples) =>
  Float32Array.from({ length: samples }, () => 10 ** (db / 20) * random.normal());

function around(speech, seconds, make) {
  const side = RATE_HZ * seconds;
  const padded = new Float32Array(speech.length + 2 * side);
  padded.set(make(side));
  padded.set(speech, side);
  padded.set(make(side), side + speech.length);
  return padded;
}

/** Paul Kellet's economy filter over white noise. */
function pink(samples, random) {
  const state = [0, 0, 0];
  return Float32Array.from({ length: samples }, () => {
    const value = random.normal();
    state[0] = 0.99765 * state[0] + 0.099046 * value;
    state[1] = 0.963 * state[1] + 0.2965164 * value;
    state[2] = 0.57 * state[2] + 1.0526913 * value;
    return state[0] + state[1] + state[2] + 0.1848 * value;
  });
}

/** One second of a recorded response from its loudest sample on; as loud as before. */
function inRoom(speech, recorded) {
  const loudest = recorded.reduce(
    (best, value, n) => (Math.abs(value) > Math.abs(recorded[best]) ? n : best),
    0,
  );
  const response = recorded.subarray(loudest, loudest + RATE_HZ);
  const heard = new Float32Array(speech.length + RATE_HZ / 4);
  speech.forEach((value, n) => {
    const end = Math.min(response.length, heard.length - n);
    for (let k = 0; k < end; k++) heard[n + k] += value * response[k];
  });
  const gain = rms(speech) / rms(heard);
  return heard.map((value) => value * gain);
}

/** At so many dB below the louder half of the speech. */
function underNoise(speech, noise, snrDb, random) {
  const start = random.integer(noise.length);
  const cut = Float32Array.from(speech, (_, n) => noise[(start + n) % noise.length]);
  const level = rms(cut);
  return level === 0 ? speech : mixed(speech, cut, loudHalf(speech) / level / 10 ** (snrDb / 20));
}

function loudHalf(speech) {
  const frames = Array.from({ length: Math.floor(speech.length / 400) }, (_, i) =>
    rms(speech.subarray(400 * i, 400 * (i + 1))),
  );
  const loud = frames.toSorted((a, b) => b - a).slice(0, Math.max(1, frames.length >> 1));
  return rms(loud);
}

const mixed = (speech, noise, gain) => speech.map((value, n) => value + gain * noise[n]);
const rms = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
const pick = (all, random) => all[random.integer(all.length)];

const through = (samples, ...options) =>
  floats(ffmpeg([...RAW, "-i", "-", ...options, ...RAW, "-"], samples));

function coded(samples, format, ...options) {
  const file = ffmpeg([...RAW, "-i", "-", ...options, "-f", format, "-"], samples);
  return floats(ffmpeg(["-f", format, "-i", "-", ...RAW, "-"], file));
}

function ffmpeg(options, input) {
  const bytes = input && Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const ran = spawnSync("ffmpeg", ["-v", "error", ...options], { input: bytes, maxBuffer: 2 ** 30 });
  if (ran.error || ran.status !== 0)
    throw ran.error ?? new Error(`ffmpeg ${options.join(" ")}: ${String(ran.stderr)}`);
  return ran.stdout;
}

const floats = (bytes) => new Float32Array(new Uint8Array(bytes).buffer);
