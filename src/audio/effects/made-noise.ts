// Noise that needs no recordings: random noise of any colour, steady or swelling, and the hum of the mains.

import { RandomStream } from "../../random.ts";
import { SAMPLE_RATE_HZ } from "../resample.ts";

export interface NoiseColour {
  /** Poles of one-pole low-passes that are added up, each in −1 … 1: 0 is white, 0.99 brown, a mix of both near pink. */
  readonly poles: readonly number[];
  /** Weight of each, once at equal power. */
  readonly weights: readonly number[];
  /** How much its level wanders, in dB; 0 is steady. */
  readonly swellDb: number;
  readonly seed: number;
}

/** Its level wanders between values that stand so far apart. */
const SWELL_SAMPLES = SAMPLE_RATE_HZ / 4;

/** Noise at a mean power of about 1. */
export function colouredNoise(samples: number, { poles, weights, swellDb, seed }: NoiseColour): Float32Array {
  const norm = Math.hypot(...weights) || 1;
  const noise = new Float32Array(samples);
  poles.forEach((pole, i) => {
    const gain = (weights[i] / norm) * Math.sqrt(1 - pole * pole);
    addLowPassed(noise, pole, gain, new RandomStream("noise", seed, i));
  });
  if (swellDb > 0) swell(noise, swellDb, new RandomStream("swell", seed));
  return noise;
}

function addLowPassed(noise: Float32Array, pole: number, gain: number, random: RandomStream): void {
  let state = 0;
  for (let n = 0; n < noise.length; n++) {
    state = pole * state + gain * random.nearlyNormal();
    noise[n] += state;
  }
}

/** Wanders in level, in place: linearly between values drawn anew. */
function swell(noise: Float32Array, db: number, random: RandomStream): void {
  const level = () => 10 ** ((db * (random.uniform() - 0.5)) / 20);
  let [from, to] = [level(), level()];
  for (let n = 0; n < noise.length; n++) {
    const within = n % SWELL_SAMPLES;
    if (within === 0 && n > 0) [from, to] = [to, level()];
    noise[n] *= from + (within / SWELL_SAMPLES) * (to - from);
  }
}

/** The mains and its overtones, softer by `decay` from one to the next, at a mean power of about 1. */
export function mainsHum(
  samples: number,
  { hertz, decay, seed }: { readonly hertz: number; readonly decay: number; readonly seed: number },
): Float32Array {
  const random = new RandomStream("hum", seed);
  const overtones = Array.from({ length: 12 }, (_, k) => ({
    gain: decay ** k * random.uniform(),
    phase: 2 * Math.PI * random.uniform(),
    step: (2 * Math.PI * hertz * (k + 1)) / SAMPLE_RATE_HZ,
  }));
  const norm = Math.sqrt(2) / (Math.hypot(...overtones.map(({ gain }) => gain)) || 1);
  return Float32Array.from({ length: samples }, (_, n) => {
    let sum = 0;
    for (const { gain, phase, step } of overtones) sum += gain * Math.sin(phase + step * n);
    return norm * sum;
  });
}
