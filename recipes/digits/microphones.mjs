// What tells how a network of digits will fare with a voice, a microphone and a cutter that it never met: digits of AN4's dev
// speakers as other microphones, telephones and silence cutters would have given them. Nothing of training makes them.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { decodeAudio, encodeWav, SAMPLE_RATE_HZ } from "../../dist/audio/index.js";
import { RandomStream } from "../../dist/random.js";

const FRAME = SAMPLE_RATE_HZ / 100;

/** Each clip so many times, otherwise each time. @returns rows of a manifest: path, transcript, speaker */
export async function otherMicrophones(rows, times, folder) {
  mkdirSync(folder, { recursive: true });
  const made = [];
  for (const [path, ...fields] of rows) {
    const { samples } = await decodeAudio(readFileSync(path), path);
    for (let time = 0; time < times; time++) {
      const file = resolve(folder, `${made.length}.wav`);
      const heard = throughMicrophone(samples, new RandomStream("microphone", made.length));
      writeFileSync(file, encodeWav(heard, SAMPLE_RATE_HZ));
      made.push([file, ...fields]);
    }
  }
  return made;
}

function throughMicrophone(samples, random) {
  const uniform = (low, high) => low + (high - low) * random.uniform();
  let sound = trimmed(samples, uniform(6, 30), uniform(6, 30));
  sound = biquad(sound, highPass(uniform(60, 350)));
  sound = biquad(sound, peak(uniform(300, 900), uniform(-8, 8)));
  sound = biquad(sound, peak(uniform(1000, 2800), uniform(-8, 8)));
  sound = biquad(biquad(sound, lowPass(3600)), lowPass(3600));
  const noise = biquad(
    Float32Array.from(sound, () => random.normal()),
    lowPass(uniform(300, 7000)),
  );
  const gain = (10 ** (-uniform(12, 45) / 20) * rootMeanSquare(sound)) / rootMeanSquare(noise);
  sound = sound.map((value, n) => value + gain * noise[n]);
  const loudest = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const level = uniform(0.05, 0.9) / loudest;
  return sound.map((value) => level * value);
}

/** Of each whole frame of 10 ms. */
export const frameLevels = (samples) =>
  Array.from({ length: Math.floor(samples.length / FRAME) }, (_, frame) =>
    rootMeanSquare(samples.subarray(frame * FRAME, (frame + 1) * FRAME)),
  );

/** From the first to the last frame that is less than so many dB below the loudest. */
export function trimmed(samples, headDb, tailDb) {
  const levels = frameLevels(samples);
  const loudest = Math.max(...levels);
  const above = (db) => (power) => power >= loudest * 10 ** (-db / 20);
  return samples.slice(
    FRAME * levels.findIndex(above(headDb)),
    FRAME * (levels.findLastIndex(above(tailDb)) + 1),
  );
}

// Filters of second order, by R. Bristow-Johnson's cookbook: [b0, b1, b2, a0, a1, a2].

function lowPass(hertz) {
  const [cosine, alpha] = cornerOf(hertz, Math.SQRT1_2);
  return [(1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha];
}

function highPass(hertz) {
  const [cosine, alpha] = cornerOf(hertz, Math.SQRT1_2);
  return [(1 + cosine) / 2, -1 - cosine, (1 + cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha];
}

function peak(hertz, db) {
  const [cosine, alpha] = cornerOf(hertz, 0.8);
  const gain = 10 ** (db / 40);
  return [1 + alpha * gain, -2 * cosine, 1 - alpha * gain, 1 + alpha / gain, -2 * cosine, 1 - alpha / gain];
}

function cornerOf(hertz, quality) {
  const angle = (2 * Math.PI * hertz) / SAMPLE_RATE_HZ;
  return [Math.cos(angle), Math.sin(angle) / (2 * quality)];
}

function biquad(samples, [b0, b1, b2, a0, a1, a2]) {
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return samples.map((x) => {
    const y = (b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) / a0;
    [x1, x2, y1, y2] = [x, x1, y, y1];
    return y;
  });
}

const rootMeanSquare = (samples) =>
  Math.sqrt(samples.reduce((sum, value) => sum + value ** 2, 0) / Math.max(1, samples.length)) || 1e-9;
