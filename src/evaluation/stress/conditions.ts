// The conditions of a stress test, fixed so that figures of any two models can be compared: what microphones, rooms, lines
// and people do to recordings, made from the recording itself. Each is a pure function of the samples and of its seed.

import {
  activePower,
  changeSpeed,
  changeTempo,
  colouredNoise,
  convolve,
  limitBand,
  mainsHum,
  mixAtSnr,
  simulateRoom,
  throughTelephone,
  throughTransformCoder,
  type NoiseColour,
} from "../../audio/index.ts";

/** What a condition knows beside the recording. */
export interface Surroundings {
  /** Of this recording. */
  readonly seed: number;
  /** Others of the same test, at least as long together: babble, or one more speaker. */
  readonly voices: readonly Float32Array[];
}

export interface Condition {
  readonly name: string;
  /** Mono at 16 kHz, not to be changed → the same under the condition, perhaps longer or shorter. */
  readonly change: (samples: Float32Array, around: Surroundings) => Float32Array | Promise<Float32Array>;
}

const RATE_HZ = 16_000;
/** Near pink: three one-pole low-passes (after Kellet's filter, whose poles these are). */
const PINK = { poles: [0.99765, 0.963, 0.57], weights: [1.44, 1.1, 1.28], swellDb: 0 };
const WHITE = { poles: [0], weights: [1], swellDb: 0 };
const ROOMS = [
  { name: "room-small", size: [3, 2.5, 2.4], t60Ms: 300, metres: 0.8 },
  { name: "room-medium", size: [6, 4.5, 2.7], t60Ms: 500, metres: 2 },
  { name: "room-large", size: [9, 7, 3.5], t60Ms: 900, metres: 3.5 },
] as const;

const SNRS_DB = [20, 10, 0];
const NOISES = { white: ofColour(WHITE), pink: ofColour(PINK), hum, babble } as const;

/** Clean first. */
export const CONDITIONS: readonly Condition[] = [
  { name: "clean", change: (samples) => samples },
  { name: "zeros-1s", change: (samples) => pad(samples, 1) },
  { name: "quiet-1s", change: (samples, { seed }) => padWithNoise(samples, 1, -60, seed) },
  { name: "quiet-3s", change: (samples, { seed }) => padWithNoise(samples, 3, -60, seed) },
  { name: "pink-throughout", change: (samples, { seed }) => addNoise(pad(samples, 1.5), PINK, -50, seed) },
  { name: "level-30db-down", change: (samples) => amplify(samples, -30) },
  ...Object.entries(NOISES).flatMap(([kind, make]) =>
    SNRS_DB.map((snrDb) => ({
      name: `${kind}-${snrDb}db`,
      change: (samples: Float32Array, around: Surroundings) =>
        mixAtSnr(samples, make(samples.length, around), snrDb),
    })),
  ),
  ...ROOMS.map((room) => ({
    name: room.name,
    change: (samples: Float32Array, { seed }: Surroundings) => inRoom(samples, room, seed),
  })),
  { name: "telephone", change: (samples) => throughTelephone(limitBand(samples, 300, 3400), "mu-law") },
  { name: "codec-24k", change: (samples) => throughTransformCoder(samples, 24) },
  { name: "codec-8k", change: (samples) => throughTransformCoder(samples, 8) },
  { name: "adpcm", change: (samples) => throughTelephone(samples, "adpcm") },
  { name: "tempo-0.85", change: (samples) => changeTempo(samples, 0.85) },
  { name: "tempo-1.2", change: (samples) => changeTempo(samples, 1.2) },
  { name: "pitch-2-up", change: (samples) => changePitch(samples, 2) },
  { name: "pitch-2-down", change: (samples) => changePitch(samples, -2) },
  { name: "clipped-10db", change: (samples) => clip(samples, 10) },
  {
    name: "speaker-behind-10db",
    change: (samples, { voices }) => mixAtSnr(samples, cover(samples.length, voices.slice(0, 1)), 10),
  },
];

function ofColour(colour: Omit<NoiseColour, "seed">) {
  return (length: number, { seed }: Surroundings): Float32Array => colouredNoise(length, { ...colour, seed });
}

function hum(length: number, { seed }: Surroundings): Float32Array {
  return mainsHum(length, { hertz: 50, decay: 0.85, seed });
}

function babble(length: number, { voices }: Surroundings): Float32Array {
  return cover(length, voices);
}

/** The sum of voices at one power each, each over and over. */
function cover(length: number, voices: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(length);
  for (const voice of voices) {
    const gain = 1 / Math.sqrt(activePower(voice) || 1);
    for (let n = 0; n < length; n++) sum[n] += gain * voice[n % voice.length];
  }
  return sum;
}

function pad(samples: Float32Array, seconds: number): Float32Array {
  const output = new Float32Array(samples.length + 2 * seconds * RATE_HZ);
  output.set(samples, seconds * RATE_HZ);
  return output;
}

function padWithNoise(samples: Float32Array, seconds: number, db: number, seed: number): Float32Array {
  const output = addNoise(pad(new Float32Array(samples.length), seconds), WHITE, db, seed);
  output.set(samples, seconds * RATE_HZ);
  return output;
}

/** @param db of the noise, below full scale */
function addNoise(
  samples: Float32Array,
  colour: Omit<NoiseColour, "seed">,
  db: number,
  seed: number,
): Float32Array {
  const gain = 10 ** (db / 20);
  const noise = colouredNoise(samples.length, { ...colour, seed });
  return samples.map((sample, n) => sample + gain * noise[n]);
}

function amplify(samples: Float32Array, db: number): Float32Array {
  const gain = 10 ** (db / 20);
  return samples.map((sample) => gain * sample);
}

function clip(samples: Float32Array, db: number): Float32Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const ceiling = peak * 10 ** (-db / 20);
  return samples.map((sample) => Math.min(Math.max(sample, -ceiling), ceiling));
}

/** Faster is higher; then slowed down again at that pitch. */
async function changePitch(samples: Float32Array, semitones: number): Promise<Float32Array> {
  const factor = 2 ** (semitones / 12);
  return changeTempo(await changeSpeed(samples, factor), 1 / factor);
}

function inRoom(
  samples: Float32Array,
  { size, t60Ms, metres }: (typeof ROOMS)[number],
  seed: number,
): Float32Array {
  const [length, width, height] = size;
  const source = [0.3 * length, 0.4 * width, 0.6 * height] as const;
  const microphone = [source[0] + 0.8 * metres, source[1] + 0.6 * metres, 0.45 * height] as const;
  const { response, origin } = simulateRoom({ size, source, microphone, t60Ms, seed });
  const reverberant = convolve(pad(samples, t60Ms / 2000), response, origin);
  const gain = Math.sqrt(activePower(samples) / (activePower(reverberant) || 1));
  return reverberant.map((sample) => gain * sample);
}
