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
  const random = new RandomStream("noise", seed);
  const norm = Math.hypot(...weights) || 1;
  const gains = poles.map((pole, i) => (weights[i] / norm) * Math.sqrt(1 - pole * pole));
  const states = poles.map(() => 0);
  const level = wanderingLevel(samples, swellDb, random);
  return Float32Array.from({ length: samples }, (_, n) => {
    let sum = 0;
    for (let i = 0; i < poles.length; i++) {
      states[i] = poles[i] * states[i] + gains[i] * normalish(random);
      sum += states[i];
    }
    return level(n) * sum;
  });
}

/** Near enough to a normal variable of variance 1, at a tenth of its price: three uniform ones. */
function normalish(random: RandomStream): number {
  return 2 * (random.uniform() + random.uniform() + random.uniform() - 1.5);
}

function wanderingLevel(samples: number, swellDb: number, random: RandomStream): (n: number) => number {
  if (swellDb === 0) return () => 1;
  const knots = Array.from(
    { length: Math.ceil(samples / SWELL_SAMPLES) + 2 },
    () => 10 ** ((swellDb * (random.uniform() - 0.5)) / 20),
  );
  return (n) => {
    const at = n / SWELL_SAMPLES;
    const below = Math.floor(at);
    return knots[below] + (at - below) * (knots[below + 1] - knots[below]);
  };
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
