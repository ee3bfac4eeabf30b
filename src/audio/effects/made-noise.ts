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

/** Of the mains, its fundamental included. */
const OVERTONES = 12;

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
  const gains = Array.from({ length: OVERTONES }, (_, k) => decay ** k * random.uniform());
  const norm = Math.sqrt(2) / (Math.hypot(...gains) || 1);
  const hum = new Float32Array(samples);
  for (const [k, gain] of gains.entries()) {
    const step = (2 * Math.PI * hertz * (k + 1)) / SAMPLE_RATE_HZ;
    addSine(hum, norm * gain, step, 2 * Math.PI * random.uniform());
  }
  return hum;
}

/** sin(a + b) = 2 cos b · sin a − sin(a − b): no sine needs to be computed. */
function addSine(output: Float32Array, gain: number, step: number, phase: number): void {
  const twice = 2 * Math.cos(step);
  let [before, now] = [Math.sin(phase - step), Math.sin(phase)];
  for (let n = 0; n < output.length; n++) {
    output[n] += gain * now;
    [before, now] = [now, twice * now - before];
  }
}
