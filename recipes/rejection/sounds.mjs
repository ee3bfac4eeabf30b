// Sounds in which nobody speaks, of our own making: noise with hums, knocks and bells, and music. Every choice follows from a
// seed; what is calibrated on and what is tested on share none.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { activePower, colouredNoise, eventNoise, mainsHum } from "../../dist/audio/index.js";
import { RandomStream } from "../../dist/random.js";
import { music } from "./music.mjs";

const RATE_HZ = 16_000;
const KINDS = { noise: madeNoise, music };

/** Writes so many hours of each kind in pieces of 2 to 14 s. @returns rows of a manifest, all to be rejected */
export function makeSounds(folder, hours, seed) {
  mkdirSync(folder, { recursive: true });
  return Object.entries(KINDS).flatMap(([kind, make]) => {
    const random = new RandomStream("length", kind, seed);
    const rows = [];
    for (let seconds = 0; seconds < 3600 * hours;) {
      const own = 2 + 12 * random.uniform();
      const path = join(folder, `${kind}-${String(rows.length).padStart(4, "0")}.wav`);
      writeFileSync(path, wave(make(own, new RandomStream(kind, seed, rows.length), RATE_HZ)));
      rows.push({ path, transcript: "", speaker: "", split: "", where: path, kind });
      seconds += own;
    }
    return rows;
  });
}

function madeNoise(seconds, random) {
  const uniform = (low, high) => low + (high - low) * random.uniform();
  const length = Math.round(seconds * RATE_HZ);
  const poles = [0.995, uniform(0.8, 0.98), uniform(-0.3, 0.6)];
  const weights = poles.map(() => random.uniform() ** 2);
  const sound = colouredNoise(length, { poles, weights, swellDb: uniform(0, 12), seed: random.bits() });
  const add = (other, gain) => other.forEach((value, n) => (sound[n] += gain * value));
  if (random.uniform() < 0.3)
    add(mainsHum(length, { hertz: 50, decay: uniform(0.4, 0.95), seed: random.bits() }), 1);
  if (random.uniform() < 0.6)
    add(
      eventNoise(length, { perSecond: uniform(0.3, 5), seed: random.bits() }),
      10 ** (uniform(-5, 40) / 20),
    );
  const gain = 10 ** (uniform(-60, -15) / 20) / Math.sqrt(activePower(sound) || 1);
  return sound.map((value) => gain * value);
}

/** A WAV file of 16 bits. */
function wave(samples) {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(RATE_HZ, 24);
  bytes.writeUInt32LE(2 * RATE_HZ, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((value, n) =>
    bytes.writeInt16LE(Math.round(32767 * Math.max(-1, Math.min(1, value))), 44 + 2 * n),
  );
  return bytes;
}
