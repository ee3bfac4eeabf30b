// The conditions of a stress test, fixed so that figures of any two models can be compared: what microphones, rooms, lines
// and people do to recordings, made from the recording itself. Each is a pure function of the samples, of a seed and of
// other voices.

import {
  activePower,
  changePitch,
  changeTempo,
  clipAt,
  clipPeaks,
  colouredNoise,
  convolve,
  limitBand,
  mainsHum,
  mixAtSnr,
  SAMPLE_RATE_HZ,
  simulateRoom,
  throughTelephone,
  throughTransformCoder,
} from "../../audio/index.ts";
import { EarshotError, nearestName } from "../../errors.ts";

/** What a condition knows beside the recording. */
export interface Circumstances {
  /** Of this recording under this condition. */
  readonly seed: number;
  /** So many other voices of the test at most, none of them silent, and one at least. */
  readonly voices: (most: number) => Promise<readonly Voice[]>;
}

/** Somebody else who talks. */
export interface Voice {
  readonly samples: Float32Array;
  /** Where in them to begin. */
  readonly start: number;
}

export type ConditionKind =
  "clean" | "silence" | "level" | "noise" | "room" | "telephone" | "codec" | "tempo" | "pitch" | "clipping";

export interface Condition {
  readonly name: string;
  readonly kind: ConditionKind;
  /** In a few words, for those who read the name. */
  readonly means: string;
  /** Mono at 16 kHz, not to be changed → the same under the condition, perhaps longer or shorter. */
  readonly change: (samples: Float32Array, beside: Circumstances) => Float32Array | Promise<Float32Array>;
}

/** Near pink: three one-pole low-passes (after Kellet's filter, whose poles these are). */
const PINK = { poles: [0.99765, 0.963, 0.57], weights: [1.44, 1.1, 1.28], swellDb: 0 };
const WHITE = { poles: [0], weights: [1], swellDb: 0 };
const HUM = { hertz: 50, decay: 0.85 };
/** Who talk at once, in babble. */
const BABBLERS = 5;

/** Where and when nobody speaks, so far below the speech (P.56): a quiet room, and one that is less quiet. */
const QUIET_DB = 35;
const THROUGHOUT_DB = 25;
const THROUGHOUT_SECONDS = 1.5;
const STEPS_OF_16_BITS = 2 ** 15;

const SNRS_DB = [20, 10, 0];
const NOISES = {
  white: { means: "white noise", make: (length, { seed }) => colouredNoise(length, { ...WHITE, seed }) },
  pink: { means: "pink noise", make: (length, { seed }) => colouredNoise(length, { ...PINK, seed }) },
  hum: { means: "hum of the mains", make: (length, { seed }) => mainsHum(length, { ...HUM, seed }) },
  babble: {
    means: "babble of the test's other speakers",
    make: async (length, { voices }) => together(length, await voices(BABBLERS)),
  },
} satisfies Readonly<Record<string, Noise>>;

interface Noise {
  readonly means: string;
  readonly make: (length: number, beside: Circumstances) => Float32Array | Promise<Float32Array>;
}

const ROOMS = [
  { name: "room-small", size: [3, 2.5, 2.4], t60Ms: 300, metres: 0.8 },
  { name: "room-medium", size: [6, 4.5, 2.7], t60Ms: 500, metres: 2 },
  { name: "room-large", size: [9, 7, 3.5], t60Ms: 900, metres: 3.5 },
] as const;

/** Clean first. */
export const CONDITIONS: readonly Condition[] = [
  { name: "clean", kind: "clean", means: "as it is", change: (samples) => samples },
  ...[1, 3].map((seconds): Condition => {
    const means = `${seconds} s of digital silence before and after`;
    return { name: `zeros-${seconds}s`, kind: "silence", means, change: (samples) => pad(samples, seconds) };
  }),
  ...[1, 3].map((seconds): Condition => {
    const means = `${seconds} s of a quiet room before and after, ${QUIET_DB} dB below the speech`;
    const change = (samples: Float32Array, { seed }: Circumstances) => padWithRoom(samples, seconds, seed);
    return { name: `quiet-${seconds}s`, kind: "silence", means, change };
  }),
  {
    name: "quiet-throughout",
    kind: "silence",
    means: `pink noise ${THROUGHOUT_DB} dB below the speech, throughout and for ${THROUGHOUT_SECONDS} s before and after`,
    change: (samples, { seed }) => quietThroughout(samples, seed),
  },
  {
    name: "level-30db-down",
    kind: "level",
    means: "30 dB softer, in steps of 16 bits",
    change: (samples) => inSteps(amplify(samples, -30)),
  },
  {
    name: "level-20db-up",
    kind: "level",
    means: "20 dB louder, clipped at full scale",
    change: (samples) => clipAt(amplify(samples, 20), 1),
  },
  ...Object.entries(NOISES).flatMap(([name, noise]) => SNRS_DB.map((snrDb) => inNoise(name, noise, snrDb))),
  ...ROOMS.map(inRoom),
  {
    name: "telephone",
    kind: "telephone",
    means: "300–3400 Hz, µ-law at 8 kHz (G.711)",
    change: (samples) => throughTelephone(limitBand(samples, 300, 3400), "mu-law"),
  },
  ...[24, 16, 8].map((kbps): Condition => {
    const means = `a transform coder at ${kbps} kbit/s, as MP3 or Opus`;
    const change = (samples: Float32Array) => throughTransformCoder(samples, kbps);
    return { name: `codec-${kbps}k`, kind: "codec", means, change };
  }),
  {
    name: "adpcm",
    kind: "codec",
    means: "IMA ADPCM at 8 kHz, 32 kbit/s",
    change: (samples) => throughTelephone(samples, "adpcm"),
  },
  ...[0.85, 1.2].map((factor): Condition => {
    const means = `${factor} times as fast, at the same pitch`;
    return {
      name: `tempo-${factor}`,
      kind: "tempo",
      means,
      change: (samples) => changeTempo(samples, factor),
    };
  }),
  ...(["up", "down"] as const).map((way): Condition => {
    const change = (samples: Float32Array) => changePitch(samples, way === "up" ? 2 : -2);
    return { name: `pitch-2-${way}`, kind: "pitch", means: `2 semitones ${way}, formants too`, change };
  }),
  {
    name: "clipped-10db",
    kind: "clipping",
    means: "clipped 10 dB below its peak",
    change: (samples) => clipPeaks(samples, 10),
  },
  {
    name: "speaker-behind-10db",
    kind: "noise",
    means: "one other speaker of the test, 10 dB below",
    change: async (samples, { voices }) => mixAtSnr(samples, together(samples.length, await voices(1)), 10),
  },
];

/**
 * Those of these names, in the table's order, after clean, which the others are compared with.
 * @throws EarshotError UNKNOWN_CONDITION
 */
export function conditionsNamed(names: readonly string[]): readonly Condition[] {
  const known = CONDITIONS.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownCondition(unknown, known);
  return CONDITIONS.filter(({ name, kind }) => kind === "clean" || names.includes(name));
}

function unknownCondition(name: string, known: readonly string[]): EarshotError {
  const near = nearestName(name, known);
  return new EarshotError({
    code: "UNKNOWN_CONDITION",
    problem: `There is no condition "${name}".`,
    remedy: near === undefined ? `There are ${known.join(", ")}.` : `Did you mean "${near}"?`,
  });
}

// ── Silence and level ───────────────────────────────────────────────────────────────────────────────────────────

function pad(samples: Float32Array, seconds: number): Float32Array {
  const around = seconds * SAMPLE_RATE_HZ;
  const output = new Float32Array(samples.length + 2 * around);
  output.set(samples, around);
  return output;
}

/** The room is heard around the recording, which has one of its own. */
function padWithRoom(samples: Float32Array, seconds: number, seed: number): Float32Array {
  const output = colouredNoise(samples.length + 2 * seconds * SAMPLE_RATE_HZ, { ...WHITE, seed });
  const gain = below(samples, QUIET_DB);
  for (let n = 0; n < output.length; n++) output[n] *= gain;
  output.set(samples, seconds * SAMPLE_RATE_HZ);
  return output;
}

function quietThroughout(samples: Float32Array, seed: number): Float32Array {
  const gain = below(samples, THROUGHOUT_DB);
  const padded = pad(samples, THROUGHOUT_SECONDS);
  const noise = colouredNoise(padded.length, { ...PINK, seed });
  return padded.map((sample, n) => sample + gain * noise[n]);
}

/** The amplitude that lies so far below the speech. */
const below = (samples: Float32Array, db: number): number =>
  Math.sqrt(activePower(samples)) * 10 ** (-db / 20);

function amplify(samples: Float32Array, db: number): Float32Array {
  const gain = 10 ** (db / 20);
  return samples.map((sample) => gain * sample);
}

const inSteps = (samples: Float32Array): Float32Array =>
  samples.map((sample) => Math.round(STEPS_OF_16_BITS * sample) / STEPS_OF_16_BITS);

// ── Noise and rooms ─────────────────────────────────────────────────────────────────────────────────────────────

function inNoise(name: string, { means, make }: Noise, snrDb: number): Condition {
  return {
    name: `${name}-${snrDb}db`,
    kind: "noise",
    means: `${means}, ${snrDb === 0 ? "as loud as the speech" : `${snrDb} dB below the speech`}`,
    change: async (samples, beside) => mixAtSnr(samples, await make(samples.length, beside), snrDb),
  };
}

/** The sum of voices at one power each, each over and over. */
function together(length: number, voices: readonly Voice[]): Float32Array {
  const sum = new Float32Array(length);
  for (const { samples, start } of voices) {
    const gain = 1 / Math.sqrt(activePower(samples) || 1);
    for (let n = 0; n < length; n++) sum[n] += gain * samples[(start + n) % samples.length];
  }
  return sum;
}

/** The room rings on after the last word, and is as loud as the recording was. */
function inRoom({ name, size, t60Ms, metres }: (typeof ROOMS)[number]): Condition {
  const [length, width, height] = size;
  const source = [0.3 * length, 0.4 * width, 0.6 * height] as const;
  const microphone = [source[0] + 0.8 * metres, source[1] + 0.6 * metres, 0.45 * height] as const;
  return {
    name,
    kind: "room",
    means: `${size.join(" × ")} m that ring for ${t60Ms} ms, from ${metres} m`,
    change: (samples, { seed }) => {
      const { response, origin } = simulateRoom({ size, source, microphone, t60Ms, seed });
      const ringing = new Float32Array(samples.length + (t60Ms * SAMPLE_RATE_HZ) / 2000);
      ringing.set(samples);
      const reverberant = convolve(ringing, response, origin);
      const gain = Math.sqrt(activePower(samples) / (activePower(reverberant) || 1));
      return reverberant.map((sample) => gain * sample);
    },
  };
}
