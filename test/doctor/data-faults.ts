// Faults of data and settings: each a function that plants it, with random place and size, in a corpus that is healthy
// otherwise, and the code that must come first.

import { changeSpeed } from "../../src/audio/index.ts";
import type { RandomStream } from "../../src/random.ts";
import { settingsOf, someOf, withSamples, type Corpus, type Recorded } from "./corpus.ts";

export interface DataFault {
  readonly name: string;
  readonly code: string;
  readonly plant: (corpus: Corpus, random: RandomStream) => void | Promise<void>;
}

/** Changes a random share of the rows. */
function inSome(
  from: number,
  to: number,
  change: (row: Recorded, random: RandomStream) => Recorded | Promise<Recorded>,
): DataFault["plant"] {
  return async (corpus, random) => {
    const chosen = someOf(corpus.rows, random, from, to);
    corpus.rows = await Promise.all(corpus.rows.map((row, i) => (chosen.has(i) ? change(row, random) : row)));
  };
}

const write =
  (transcript: (row: Recorded, random: RandomStream) => string) => (row: Recorded, random: RandomStream) => ({
    ...row,
    transcript: transcript(row, random),
  });
const sound =
  (change: (samples: Float32Array, random: RandomStream) => Float32Array | Promise<Float32Array>) =>
  async (row: Recorded, random: RandomStream) =>
    withSamples(row, await change(row.samples, random));
/** Plays half of the corpus at so many tenths of its speed: in a ratio of small numbers, which is resampled quickly. */
async function playInSteps(corpus: Corpus, random: RandomStream, tenths: number): Promise<void> {
  corpus.rows = corpus.rows.filter((_, i) => i % 2 === 0);
  const play = sound((samples) => changeSpeed(samples, tenths / 10));
  await inSome(0.9, 1, play)(corpus, random);
}

const between = (random: RandomStream, low: number, high: number): number =>
  low + (high - low) * random.uniform();

function peakOf(samples: Float32Array): number {
  return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}

const transcripts: readonly DataFault[] = [
  {
    name: "empty transcripts",
    code: "EMPTY_TRANSCRIPTS",
    plant: inSome(
      0.01,
      0.3,
      write(() => ""),
    ),
  },
  {
    name: "transcripts of punctuation",
    code: "EMPTY_TRANSCRIPTS",
    plant: inSome(
      0.01,
      0.2,
      write(() => "  ' "),
    ),
  },
  {
    name: "letters that the alphabet does not have",
    code: "UNKNOWN_LETTERS",
    plant: inSome(
      0.01,
      0.4,
      write(({ transcript }, random) => `${transcript} ${"éß7ñ"[random.integer(4)]}`),
    ),
  },
  {
    name: "upper case, and no lower-casing",
    code: "WRONG_CASE",
    plant: async (corpus, random) => {
      corpus.settings = settingsOf({ transcript: { lowercase: false } });
      await inSome(
        0.05,
        1,
        write(({ transcript }) => transcript.toUpperCase()),
      )(corpus, random);
    },
  },
  {
    name: "an alphabet in upper case",
    code: "WRONG_CASE",
    plant: (corpus) => {
      corpus.settings = settingsOf({ alphabet: [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ '"] });
    },
  },
  {
    name: "letters dropped by the policy",
    code: "LETTERS_LEFT_OUT",
    plant: async (corpus, random) => {
      corpus.settings = settingsOf({ transcript: { unknown: "drop" } });
      await inSome(
        0.05,
        0.5,
        write(({ transcript }) => `${transcript} 42`),
      )(corpus, random);
    },
  },
  {
    name: "transcripts cut at a fixed length",
    code: "TRANSCRIPTS_CUT",
    plant: (corpus, random) => {
      const most = 20 + random.integer(5);
      corpus.rows = corpus.rows.map((row) => ({ ...row, transcript: row.transcript.slice(0, most) }));
    },
  },
  {
    name: "malformed rows",
    code: "MALFORMED_ROWS",
    plant: (corpus, random) => {
      const line = 2 + random.integer(500);
      corpus.leftOut = [
        { code: "MALFORMED_ROWS", message: `train.csv: 1 malformed row left out: line ${line} (no path).` },
      ];
    },
  },
];

const recordings: readonly DataFault[] = [
  {
    name: "silent recordings",
    code: "SILENT_RECORDINGS",
    plant: inSome(
      0.02,
      0.5,
      sound((samples) => new Float32Array(samples.length)),
    ),
  },
  {
    name: "noise instead of speech",
    code: "SILENT_RECORDINGS",
    plant: inSome(
      0.02,
      0.5,
      sound((samples, random) => {
        const level = between(random, 0.001, 0.2);
        return samples.map(() => level * random.normal());
      }),
    ),
  },
  {
    name: "clipped recordings",
    code: "CLIPPED_RECORDINGS",
    plant: inSome(
      0.05,
      1,
      sound((samples, random) => {
        const limit = between(random, 0.15, 0.4) * peakOf(samples);
        return samples.map((sample) => Math.max(-limit, Math.min(limit, sample)));
      }),
    ),
  },
  {
    name: "a constant offset",
    code: "OFFSET_RECORDINGS",
    plant: inSome(
      0.1,
      1,
      sound((samples, random) => {
        const offset = between(random, 0.12, 0.3) * (random.uniform() < 0.5 ? -1 : 1);
        return samples.map((sample) => sample * 0.6 + offset);
      }),
    ),
  },
  {
    name: "half of the recordings from the telephone",
    code: "MIXED_RATES",
    plant: inSome(0.2, 0.5, async (row) => ({
      ...withSamples(row, await telephone(row.samples)),
      sourceRateHz: 8000,
    })),
  },
  {
    name: "recordings that play too fast",
    code: "WRONG_RATE",
    plant: async (corpus, random) => {
      await playInSteps(corpus, random, 20 + random.integer(7));
      corpus.rows = corpus.rows.filter(({ sound: { seconds } }) => seconds > 0.2);
    },
  },
  {
    name: "recordings that play too slow",
    code: "WRONG_RATE",
    plant: (corpus, random) => playInSteps(corpus, random, 4 + random.integer(2)),
  },
  {
    name: "integers stored as floating point",
    code: "OVERLOADED_RECORDINGS",
    plant: inSome(0.01, 0.5, (row, random) => ({
      ...row,
      warnings: [{ code: "OVERLOADED_AUDIO", message: `The samples reach ${3 + random.integer(30_000)}.` }],
    })),
  },
  {
    name: "stereo of opposite channels",
    code: "CHANNELS_CANCEL",
    plant: inSome(0.05, 0.6, (row, random) => {
      const { deviation, offset } = row.sound;
      const left = (deviation ** 2 + offset ** 2) * (0.9 + 0.2 * random.uniform());
      const message = "The channels cancel each other out (opposite phase): channel 1 alone is used.";
      const warnings = [{ code: "OPPOSITE_CHANNELS", message }];
      return { ...row, channels: 2, channelPowers: [left, left], warnings };
    }),
  },
  {
    name: "stereo of two speakers",
    code: "CHANNELS_DIFFER",
    plant: inSome(0.05, 0.6, (row, random) => {
      const other = random.uniform() * 0.1;
      const both = withSamples(
        row,
        row.samples.map(
          (sample, n) => (sample + row.samples[row.samples.length - 1 - n] * (0.9 + other)) / 2,
        ),
      );
      const power = row.sound.deviation ** 2;
      return { ...both, channels: 2, channelPowers: [power, power * (0.9 + other) ** 2] };
    }),
  },
  {
    name: "recordings that are not there",
    code: "UNREADABLE_RECORDINGS",
    plant: (corpus, random) => {
      const gone = someOf(corpus.rows, random, 0.01, 0.3);
      const fault = {
        code: "RECORDING_NOT_FOUND",
        problem: "There is no such file.",
        remedy: "Correct the path.",
      };
      corpus.unreadable = corpus.rows.filter((_, i) => gone.has(i)).map((row) => ({ ...row, fault }));
      corpus.rows = corpus.rows.filter((_, i) => !gone.has(i));
    },
  },
  {
    name: "recordings that end before their header says",
    code: "TRUNCATED_RECORDINGS",
    plant: inSome(0.01, 0.3, (row) => ({
      ...row,
      warnings: [{ code: "TRUNCATED_AUDIO", message: "The recording is cut or damaged." }],
    })),
  },
];

/** To 8 kHz and back, by a change of speed and its inverse with nothing kept above 4 kHz. */
async function telephone(samples: Float32Array): Promise<Float32Array> {
  return changeSpeed(await changeSpeed(samples, 2), 0.5);
}

const pairs: readonly DataFault[] = [
  {
    name: "transcripts shuffled",
    code: "MISMATCHED_PAIRS",
    plant: (corpus, random) => {
      const texts = random.shuffle(corpus.rows.map(({ transcript }) => transcript));
      corpus.rows = corpus.rows.map((row, i) => ({ ...row, transcript: texts[i] }));
    },
  },
  {
    name: "one line missing from the transcripts",
    code: "MISMATCHED_PAIRS",
    plant: (corpus, random) => {
      const at = random.integer(Math.floor(corpus.rows.length / 2));
      corpus.rows = corpus.rows.map((row, i, all) => ({
        ...row,
        transcript: all[i < at ? i : Math.min(i + 1, all.length - 1)].transcript,
      }));
    },
  },
  {
    name: "some transcripts swapped",
    code: "MISMATCHED_PAIRS",
    plant: (corpus, random) => {
      const chosen = [...someOf(corpus.rows, random, 0.25, 0.5)];
      const texts = random.shuffle(chosen.map((i) => corpus.rows[i].transcript));
      const swapped = new Map(chosen.map((row, i) => [row, texts[i]]));
      corpus.rows = corpus.rows.map((row, i) => ({ ...row, transcript: swapped.get(i) ?? row.transcript }));
    },
  },
  {
    name: "recordings cut short",
    code: "RECORDINGS_CUT",
    plant: inSome(0.05, 0.3, (row, random) =>
      withSamples(row, cutInSpeech(row.samples, between(random, 0.25, 0.45))),
    ),
  },
  {
    name: "recordings cut at a fixed length",
    code: "RECORDINGS_CUT",
    plant: (corpus, random) => {
      const most = Math.round(16_000 * between(random, 1.5, 2));
      corpus.rows = corpus.rows.map((row) =>
        row.samples.length > most ? withSamples(row, row.samples.slice(0, most)) : row,
      );
    },
  },
  {
    name: "two texts in one row",
    code: "TRANSCRIPTS_TOO_LONG",
    plant: async (corpus, random) => {
      const other = corpus.rows[random.integer(corpus.rows.length)].transcript;
      await inSome(
        0.03,
        0.2,
        write(({ transcript }) => `${transcript} ${other} ${transcript}`),
      )(corpus, random);
    },
  },
  {
    name: "texts that lack most of what is said",
    code: "TRANSCRIPTS_TOO_SHORT",
    plant: inSome(
      0.05,
      0.2,
      write(({ transcript }) => transcript.split(" ").slice(0, 1).join(" ")),
    ),
  },
  {
    name: "a stride that leaves too few steps",
    code: "TOO_FEW_FRAMES",
    plant: (corpus, random) => {
      corpus.settings = settingsOf({ network: { stride: 7 + random.integer(2) } });
    },
  },
];

/** Where the sound is loud: a cut in a pause is no cut in speech. */
function cutInSpeech(samples: Float32Array, share: number): Float32Array {
  let end = Math.round(share * samples.length);
  const loud = (at: number): number =>
    samples.subarray(Math.max(0, at - 480), at).reduce((sum, x) => sum + x * x, 0);
  for (let at = end - 1600; at < end + 1600; at += 160) if (loud(at) > loud(end)) end = at;
  return samples.slice(0, end);
}

const splits: readonly DataFault[] = [
  {
    name: "machines' voices alone in training",
    code: "ONLY_MACHINE_VOICES",
    plant: (corpus, random) => {
      const engines = ["kokoro", "flite"].slice(0, 1 + random.integer(2));
      corpus.rows = corpus.rows.map((row, i) =>
        row.split === "train" ? { ...row, source: engines[i % engines.length] } : row,
      );
    },
  },
  {
    name: "a speaker in two splits",
    code: "SPEAKER_IN_TWO_SPLITS",
    plant: (corpus, random) => {
      const train = corpus.rows.filter(({ split }) => split === "train");
      const { speaker } = train[random.integer(train.length)];
      const moved = train.filter((row) => row.speaker === speaker).slice(0, 1 + random.integer(3));
      corpus.rows = corpus.rows.map((row) =>
        moved.includes(row) && moved[0] !== row ? { ...row, split: "dev" } : row,
      );
      if (moved.length < 2)
        corpus.rows = corpus.rows.map((row) => (row.split === "dev" ? { ...row, speaker } : row));
    },
  },
  {
    name: "a recording in two splits",
    code: "RECORDING_IN_TWO_SPLITS",
    plant: (corpus, random) => {
      const train = corpus.rows.filter(({ split }) => split === "train");
      const copies = Array.from({ length: 1 + random.integer(5) }, () => train[random.integer(train.length)]);
      corpus.rows = [
        ...corpus.rows,
        ...copies.map((row) => ({ ...row, split: "dev", where: `${row.where}b` })),
      ];
    },
  },
  {
    name: "a copy of a recording under another name in two splits",
    code: "RECORDING_IN_TWO_SPLITS",
    plant: (corpus, random) => {
      const row = corpus.rows[random.integer(10)];
      corpus.rows = [...corpus.rows, { ...row, split: "dev", where: "dev.csv:9", path: "/copy.wav" }];
    },
  },
  {
    name: "one sentence dominating",
    code: "SENTENCE_DOMINATES",
    plant: (corpus, random) => {
      const row = corpus.rows[random.integer(corpus.rows.length / 2)];
      const copies = Math.round(corpus.rows.length * between(random, 0.5, 2));
      const more = Array.from({ length: copies }, (_, i) => ({
        ...row,
        split: "train",
        path: `/again-${i}.wav`,
        contentHash: `again ${i}`,
        where: `more.csv:${i + 2}`,
      }));
      corpus.rows = [...corpus.rows, ...more];
    },
  },
  {
    name: "no dev split",
    code: "NO_DEV_SPLIT",
    plant: (corpus) => {
      corpus.rows = corpus.rows.filter(({ split }) => split !== "dev");
    },
  },
  {
    name: "no training split",
    code: "NO_TRAIN_SPLIT",
    plant: (corpus, random) => {
      corpus.settings = settingsOf({ trainSplit: `training${random.integer(9)}` });
    },
  },
];

const settings: readonly DataFault[] = [
  {
    name: "a learning rate that is too high",
    code: "LEARNING_RATE_TOO_HIGH",
    plant: (corpus, random) => {
      corpus.settings = settingsOf({ schedule: { peak: 10 ** between(random, -1.9, 0.5) } });
    },
  },
  {
    name: "a learning rate that is too low",
    code: "LEARNING_RATE_TOO_LOW",
    plant: (corpus, random) => {
      corpus.settings = settingsOf({ schedule: { peak: 10 ** between(random, -10, -6) } });
    },
  },
  {
    name: "patience that ends in the rise of the rate",
    code: "PATIENCE_TOO_SHORT",
    plant: (corpus, random) => {
      corpus.settings = settingsOf({ patience: 1 + random.integer(5) });
    },
  },
  {
    name: "too few steps",
    code: "TOO_FEW_UPDATES",
    plant: (corpus, random) => {
      corpus.settings = settingsOf({ epochs: 1 + random.integer(2) });
    },
  },
  {
    name: "most units dropped",
    code: "DROPOUT_TOO_HIGH",
    plant: (corpus, random) => {
      corpus.settings = settingsOf({ network: { dropout: between(random, 0.55, 0.9) } });
    },
  },
  {
    name: "features that are not normalized",
    code: "UNNORMALIZED_FEATURES",
    plant: (corpus) => {
      corpus.settings = settingsOf({ features: { normalization: "none" } });
    },
  },
];

export const DATA_FAULTS: readonly DataFault[] = [
  ...transcripts,
  ...recordings,
  ...pairs,
  ...splits,
  ...settings,
];
