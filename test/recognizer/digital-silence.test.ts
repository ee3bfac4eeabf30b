// What a recorder writes without a signal has no part in a text: a padded clip is the clip, later. The models are untrained:
// their texts mean nothing, but change with the least change of the frames.

import { describe, expect, it } from "vitest";
import { SAMPLE_RATE_HZ } from "../../src/audio/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import type { Transcription } from "../../src/recognizer/index.ts";
import { featureSettings } from "../../src/audio/index.ts";
import { noise, risingTone } from "../audio/signal.ts";
import { forwardModel, untrainedModel } from "../model/small-model.ts";
import { eventsOf, finalsOf, ONE_UTTERANCE } from "./live-stream.ts";
import { joinBlocks } from "../../src/tensor.ts";

const STEP = 2 ** -15;
const seconds = (length: number, sample: (n: number) => number, rateHz = SAMPLE_RATE_HZ): Float32Array =>
  Float32Array.from({ length: Math.round(length * rateHz) }, (_, n) => sample(n));

/** 16 bits, above any dither at its first and last sample. */
const clip = risingTone(SAMPLE_RATE_HZ, 1.2).map((sample) => Math.round(sample / STEP) * STEP);
clip[0] = clip[clip.length - 1] = 0.02;

const random = noise(2 * 5 * SAMPLE_RATE_HZ);
const dither = (n: number) => Math.round(random[2 * n] + random[2 * n + 1]) * STEP;
const hum = (n: number) => Math.round(Math.sin((2 * Math.PI * 50 * n) / SAMPLE_RATE_HZ)) * STEP;
const paddings: readonly (readonly [string, Float32Array])[] = [
  ["0.1 s of zeros", seconds(0.1, () => 0)],
  ["5 s of zeros", seconds(5, () => 0)],
  ["0.137 s of hum of one step", seconds(0.137, hum)],
  ["2 s of dither", seconds(2, dither)],
  ["a second of a constant of three steps", seconds(1, () => 3 * STEP)],
  ["a second of a constant of 0.01", seconds(1, () => 0.01)],
  ["zeros with a click", seconds(1, (n) => (n >= 8_000 && n < 8_004 ? 0.3 : 0))],
];

const CLIP_MS = 1200;
const HOP_MS = 10;

/** The words of the clip, as sure, and within it: their edges are found by how loud its surroundings are. */
function expectWithin(
  { text, words }: Pick<Transcription, "text" | "words">,
  plain: Pick<Transcription, "text" | "words">,
  startMs: number,
  lengthMs = CLIP_MS,
): void {
  expect(text).toBe(plain.text);
  expect(words.map(({ confidence }) => confidence)).toEqual(plain.words.map(({ confidence }) => confidence));
  for (const word of words) {
    expect(word.startMs).toBeGreaterThanOrEqual(startMs - HOP_MS);
    expect(word.endMs).toBeLessThanOrEqual(startMs + lengthMs + HOP_MS);
  }
}
const ofSamples = (samples: Float32Array, sampleRateHz = SAMPLE_RATE_HZ) => ({ samples, sampleRateHz });

describe.each([
  ["by utterance", untrainedModel()],
  [
    "at one level",
    { ...untrainedModel(), features: featureSettings.parse({ bins: 10, level: "utterance" }) },
  ],
  ["by the training set", forwardModel()],
  ["as it comes", forwardModel({ normalization: "causal" })],
])("a clip normalized %s", async (_, model) => {
  const recognizer = await Recognizer.load(model, { threads: 1 });
  const plain = await recognizer.transcribe(ofSamples(clip));

  it.each(paddings)("between %s has its text, later", async (_, padding) => {
    const ms = (1000 * padding.length) / SAMPLE_RATE_HZ;
    const around = joinBlocks([padding, clip, padding]);
    const padded = await recognizer.transcribe(ofSamples(around));
    expect(plain.text).not.toBe("");
    expectWithin(padded, plain, ms);
    expect(padded.seconds).toBe(around.length / SAMPLE_RATE_HZ);
    expectWithin(await recognizer.transcribe(ofSamples(joinBlocks([clip, padding]))), plain, 0);
  });

  it("has it after zeros as a stream in any chunks", async () => {
    for (const most of [700, 16_000]) {
      const samples = joinBlocks([new Float32Array(16_000), clip]);
      const [streamed] = finalsOf(await eventsOf(recognizer, chunksOf(samples, most), ONE_UTTERANCE));
      expect(streamed.endMs).toBe(2200);
      expectWithin(streamed, plain, 1000);
    }
  });

  it.each([
    ["hum of one step", hum],
    ["dither", dither],
  ])("between two clips, %s is zeros to a stream", async (_, sample) => {
    const heard = async (between: Float32Array) => {
      const samples = joinBlocks([clip, between, clip, between]);
      return finalsOf(await eventsOf(recognizer, chunksOf(samples, 1_234), ONE_UTTERANCE))[0].text;
    };
    expect(await heard(seconds(2, sample))).toBe(await heard(seconds(2, () => 0)));
  });
});

const chunksOf = (samples: Float32Array, length: number): Float32Array[] =>
  Array.from({ length: Math.ceil(samples.length / length) }, (_, i) =>
    samples.slice(i * length, (i + 1) * length),
  );

describe("a network of whole utterances", async () => {
  const recognizer = await Recognizer.load(untrainedModel(), { threads: 1 });
  const plain = await recognizer.transcribe(ofSamples(clip));

  it("hears two clips joined by a second of zeros as the two", async () => {
    const other = clip.toReversed();
    const { text } = await recognizer.transcribe(ofSamples(other));
    const joined = joinBlocks([clip, new Float32Array(16_000), other]);
    const both = [plain.text, text].join(" ");
    expect((await recognizer.transcribe(ofSamples(joined))).text).toBe(both);
    const [final] = finalsOf(await eventsOf(recognizer, [joined], ONE_UTTERANCE));
    expect(final.text).toBe(both);
  });

  it("hears 8 bits at 8 kHz amid a hum of one step as without it", async () => {
    const coarse = risingTone(8_000, 1).map((sample) => Math.round(sample * 128) / 128);
    coarse[0] = coarse[coarse.length - 1] = 0.25;
    const low = seconds(1, (n) => Math.round(Math.sin((2 * Math.PI * 50 * n) / 8_000)) / 128, 8_000);
    const alone = await recognizer.transcribe(ofSamples(coarse, 8_000));
    const padded = await recognizer.transcribe(ofSamples(joinBlocks([low, coarse, low]), 8_000));
    expectWithin(padded, alone, 1000, 1000);
  });

  it("hears 44.1 kHz between zeros as without them: the filter does not ring into them", async () => {
    const high = risingTone(44_100, 1);
    high[0] = high[high.length - 1] = 0.25;
    const zeros = new Float32Array(44_100);
    const alone = await recognizer.transcribe(ofSamples(high, 44_100));
    const padded = await recognizer.transcribe(ofSamples(joinBlocks([zeros, high, zeros]), 44_100));
    expectWithin(padded, alone, 1000, 1000);
  });

  it("aligns a text with the clip wherever it stands", async () => {
    const padded = ofSamples(joinBlocks([new Float32Array(16_000), clip, new Float32Array(8_000)]));
    const alone = await recognizer.align(ofSamples(clip), "ab", "clip");
    const { words, score } = await recognizer.align(padded, "ab", "clip");
    expect(score).toBe(alone.score);
    expectWithin({ text: "ab", words }, { ...alone, text: "ab" }, 1000);
  });

  it("has no text of a hum alone", async () => {
    expect((await recognizer.transcribe(ofSamples(seconds(1, () => 0.01)))).text).toBe("");
  });
});
