// What microphones add by themselves: steady noises, each of a color of its own, between hum and hiss.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { FourierTransform } from "../../dist/audio/fourier-transform.js";
import { encodeWav, SAMPLE_RATE_HZ } from "../../dist/audio/index.js";
import { RandomStream } from "../../dist/random.js";

const SAMPLES = 2 ** 16; // four seconds
const TOP_HZ = 4000;

/** Writes so many noises and a list of them. @returns the list's path */
export function writeHiss(folder, count) {
  const list = join(folder, "noises.csv");
  if (existsSync(list)) return list;
  mkdirSync(folder, { recursive: true });
  const paths = Array.from({ length: count }, (_, index) => {
    const path = resolve(folder, `${index}.wav`);
    writeFileSync(path, encodeWav(hiss(new RandomStream(1, "hiss", index)), SAMPLE_RATE_HZ));
    return path;
  });
  writeFileSync(list, ["path", ...paths, ""].join("\n"));
  return list;
}

/** Gaussian noise under a random envelope: lines of random phase, brought back to time. */
function hiss(random) {
  const logPower = envelope(random);
  const [re, im] = [new Float64Array(SAMPLES), new Float64Array(SAMPLES)];
  for (let line = 1; line < SAMPLES / 2; line++) {
    const magnitude = Math.exp(logPower((line * SAMPLE_RATE_HZ) / SAMPLES) / 2);
    for (const part of [re, im]) part[line] = magnitude * random.normal();
  }
  const fourier = new FourierTransform(SAMPLES);
  fourier.transform(im, re); // exchanged, so back to time
  const samples = Float32Array.from({ length: SAMPLES }, (_, n) => re[fourier.place[n]] / SAMPLES);
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return samples.map((sample) => sample / (2 * loudest));
}

/** Falls over the mel axis by up to 26 dB, with a wave of up to 4 dB: the natural logarithm of power at a frequency. */
function envelope(random) {
  const between = (low, high) => low + (high - low) * random.uniform();
  const [slope, height, waves, phase] = [between(-3, 0), between(-1, 1), between(0.5, 2), between(0, 2)];
  const mel = (hertz) => Math.log(1 + hertz / 700);
  return (hertz) => {
    const x = (2 * mel(hertz)) / mel(TOP_HZ) - 1;
    return slope * (x + 1) + height * Math.cos(Math.PI * (waves * x + phase));
  };
}
