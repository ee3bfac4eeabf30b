// Sounds that come and go, without recordings of them: knocks, hisses, clatter, barks, bells, chirps, alarms, ticking. Each is
// either a band of noise or a tone with overtones that glides, under an envelope; some happen once, some over and over.

import { RandomStream } from "../../random.ts";
import { SAMPLE_RATE_HZ } from "../resample.ts";

export interface EventNoise {
  /** How many begin in a second, repetitions not counted. */
  readonly perSecond: number;
  readonly seed: number;
}

const MS = [15, 1200] as const;
const NOISE_HZ = [100, 6000] as const;
const TONE_HZ = [90, 2500] as const;
const MOST_GLIDE_OCTAVES = 0.7;
const GAIN_DB = [-9, 9] as const;
const REPEATED = 0.4;
const MOST_REPETITIONS = 8;
const PERIOD_SAMPLES = 1024;

/** At a peak power of very roughly 1 in each event; silent between them. */
export function eventNoise(samples: number, { perSecond, seed }: EventNoise): Float32Array {
  const noise = new Float32Array(samples);
  const random = new RandomStream("events", seed);
  const events = Math.max(1, Math.round((perSecond * samples) / SAMPLE_RATE_HZ));
  for (let event = 0; event < events; event++) {
    const sound = oneEvent(random);
    const again = random.uniform() < REPEATED ? random.integer(MOST_REPETITIONS) : 0;
    const every = sound.length + Math.floor(random.uniform() * SAMPLE_RATE_HZ * 0.6);
    const start = Math.floor(random.uniform() * samples);
    for (let time = 0; time <= again; time++) add(noise, sound, start + time * every);
  }
  return noise;
}

function add(noise: Float32Array, sound: Float32Array, start: number): void {
  const end = Math.min(noise.length, start + sound.length);
  for (let n = start; n < end; n++) noise[n] += sound[n - start];
}

function oneEvent(random: RandomStream): Float32Array {
  const length = Math.ceil((between(MS, random) * SAMPLE_RATE_HZ) / 1000);
  const sound = random.uniform() < 0.5 ? noiseBand(length, random) : tone(length, random);
  shape(sound, random);
  return sound;
}

/** Noise through a resonance (a pair of poles), from a whistle of wind to a dull thud. */
function noiseBand(length: number, random: RandomStream): Float32Array {
  const hertz = between(NOISE_HZ, random);
  const radius = Math.exp((-Math.PI * hertz * between([0.1, 2], random)) / SAMPLE_RATE_HZ);
  const turn = 2 * radius * Math.cos((2 * Math.PI * hertz) / SAMPLE_RATE_HZ);
  const sound = new Float32Array(length);
  let [before, now, power] = [0, 0, 0];
  for (let n = 0; n < length; n++) {
    [before, now] = [now, turn * now - radius * radius * before + random.nearlyNormal()];
    sound[n] = now;
    power += now * now;
  }
  return scale(sound, 1 / Math.sqrt(power / length || 1));
}

/** Overtones of a pitch that glides, read from one period of them; it may tremble, as barks and bells do. */
function tone(length: number, random: RandomStream): Float32Array {
  const hertz = between(TONE_HZ, random);
  const end = hertz * 2 ** (MOST_GLIDE_OCTAVES * (2 * random.uniform() - 1));
  const period = onePeriod(Math.max(hertz, end), between([0.3, 0.95], random), random);
  const tremble = random.uniform() < 0.3 ? between([4, 40], random) : 0;
  const sound = new Float32Array(length);
  let phase = 0;
  for (let n = 0; n < length; n++) {
    const depth = tremble === 0 ? 1 : 0.5 + 0.5 * Math.sin((2 * Math.PI * tremble * n) / SAMPLE_RATE_HZ);
    sound[n] = depth * period[Math.floor(phase * PERIOD_SAMPLES)];
    phase += (hertz + ((end - hertz) * n) / length) / SAMPLE_RATE_HZ;
    phase -= Math.floor(phase);
  }
  return sound;
}

/** Mean power 1; no overtone beyond half the rate. */
function onePeriod(highestHz: number, decay: number, random: RandomStream): Float32Array {
  const overtones = Math.max(1, Math.min(24, Math.floor(SAMPLE_RATE_HZ / 2 / highestHz)));
  const period = new Float32Array(PERIOD_SAMPLES);
  let power = 0;
  for (let k = 1; k <= overtones; k++) {
    const gain = decay ** (k - 1) * (0.2 + random.uniform());
    const phase = random.uniform();
    power += gain * gain;
    for (let n = 0; n < PERIOD_SAMPLES; n++)
      period[n] += gain * Math.sin(2 * Math.PI * ((k * n) / PERIOD_SAMPLES + phase));
  }
  return scale(period, Math.sqrt(2 / power));
}

/** It sets in, suddenly or slowly, and dies away; some are louder than others. */
function shape(sound: Float32Array, random: RandomStream): void {
  const gain = 10 ** ((GAIN_DB[0] + (GAIN_DB[1] - GAIN_DB[0]) * random.uniform()) / 20);
  const attack = Math.max(1, Math.floor(sound.length * 0.5 * random.uniform() ** 3));
  const decay = 1 + 5 * random.uniform(); // nepers of amplitude from the attack to the end
  for (let n = 0; n < sound.length; n++) {
    const fall = Math.exp((-decay * Math.max(0, n - attack)) / sound.length);
    sound[n] *= gain * Math.min(1, n / attack) * fall;
  }
}

function scale(sound: Float32Array, gain: number): Float32Array {
  return sound.map((value) => gain * value);
}

/** As often within each octave. */
function between([low, high]: readonly [number, number], random: RandomStream): number {
  return low * (high / low) ** random.uniform();
}
