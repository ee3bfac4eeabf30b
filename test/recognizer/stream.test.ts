// A recording as a stream: cut at random places of its samples it gives the transcription of the whole.

import { afterAll, describe, expect, it, vi } from "vitest";
import { joinBlocks } from "../../src/audio/index.ts";
import { SpeexFilter } from "../../src/audio/speex-filter.ts";
import { BeamDecoder, GreedyDecoder } from "../../src/ctc/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet } from "../../src/text/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import type { PartialTranscription, Transcription } from "../../src/recognizer/index.ts";
import { scriptOf, streamingScriptedModel } from "./scripted-model.ts";
import { forwardModel, memoryModel, untrainedModel } from "../model/small-model.ts";
import { sweep } from "./wave-file.ts";

const random = new RandomStream(1, "cuts");

/** Fed in chunks of up to so many samples. */
async function streamed(recognizer: Recognizer, samples: Float32Array, rateHz: number, most: number) {
  const stream = recognizer.stream();
  const partials: PartialTranscription[] = [];
  for (let at = 0, end; at < samples.length; at = end) {
    end = at + Math.ceil(most * random.uniform());
    partials.push(await stream.push(samples.subarray(at, end), rateHz));
  }
  return { transcription: await stream.finish(), partials };
}

/** Without confidences and scores, whose last digits depend on the batch. */
function timed({ text, words, warnings, seconds }: Transcription): unknown {
  return { text, times: words.map((word) => [word.text, word.startMs, word.endMs]), warnings, seconds };
}

/** Noise with pauses, so that there is something to cut at. */
const long = Float32Array.from([30, 25, 35].flatMap((seconds) => [...sweep(seconds).fill(0, 0, 8_000)]));

describe("a stream to a model that needs the whole utterance", async () => {
  const recognizer = await Recognizer.load(untrainedModel(), { threads: 1 });
  afterAll(() => recognizer.close());

  it("fed once is transcribe, bit for bit", async () => {
    for (const samples of [sweep(0.6), long, new Float32Array(0), new Float32Array(8_000)]) {
      const whole = await recognizer.transcribe({ samples, sampleRateHz: 16_000 });
      expect(await recognizer.stream().finish(samples, 16_000)).toEqual(whole);
    }
    const samples = sweep(0.5, 44_100);
    const whole = await recognizer.transcribe({ samples, sampleRateHz: 44_100 });
    expect(await recognizer.stream().finish(samples, 44_100)).toEqual(whole);
  });

  it("cut anywhere gives the whole transcription, at any rate", async () => {
    for (const rateHz of [16_000, 44_100, 8_000]) {
      const samples = sweep(1.3, rateHz);
      const whole = await recognizer.transcribe({ samples, sampleRateHz: rateHz });
      const { transcription } = await streamed(recognizer, samples, rateHz, 3_000);
      expect(transcription).toEqual(whole); // one piece, so the same batch
    }
  });

  it("gives the words of a long recording piece by piece, and in the end those of transcribe", async () => {
    const whole = await recognizer.transcribe({ samples: long, sampleRateHz: 16_000 });
    const { transcription, partials } = await streamed(recognizer, long, 16_000, 100_000);
    expect(timed(transcription)).toEqual(timed(whole));
    const early = partials.flatMap(({ words }) => words);
    expect(early.length).toBeGreaterThan(0);
    expect(early).toEqual(transcription.words.slice(0, early.length));
  });

  it("takes the next samples before it is done with the last ones, and the array may be used again", async () => {
    const samples = sweep(1);
    const whole = await recognizer.transcribe({ samples, sampleRateHz: 16_000 });
    const stream = recognizer.stream();
    const block = new Float32Array(1_600);
    for (let at = 0; at < samples.length; at += block.length) {
      block.set(samples.subarray(at, at + block.length));
      void stream.push(block);
    }
    expect(await stream.finish()).toEqual(whole);
  });

  it("ends once", async () => {
    const stream = recognizer.stream();
    await stream.finish();
    const code = "DECODER_FINISHED";
    await expect(stream.push(new Float32Array(1))).rejects.toMatchObject({ code, where: "stream" });
    await expect(stream.finish()).rejects.toMatchObject({ code });
    const abandoned = recognizer.stream();
    await abandoned.push(sweep(0.1, 48_000), 48_000);
    await abandoned.close();
    await expect(abandoned.push(sweep(0.1), 48_000)).rejects.toMatchObject({ code });
  });

  it("refuses another rate and what is no sound, and goes on", async () => {
    const stream = recognizer.stream();
    await stream.push(sweep(0.1, 48_000), 48_000);
    await expect(stream.push(sweep(0.1), 16_000)).rejects.toThrow(
      "samples: The sample rate changes from 48000 Hz to 16000 Hz.",
    );
    await expect(stream.push(Float32Array.of(NaN), 48_000)).rejects.toMatchObject({
      code: "INVALID_SAMPLES",
    });
    await expect(stream.push(Float32Array.of(0, -10_000), 48_000)).rejects.toMatchObject({
      code: "INVALID_SAMPLES",
      problem: "The samples reach 10000 where full scale is 1.",
      remedy: "Divide 16-bit integers by 32768 before you give them.",
    });
    await expect(stream.push(new Int16Array(2) as never, 48_000)).rejects.toThrow(
      "samples: The samples are of type Int16Array instead of a Float32Array.",
    );
    expect((await stream.finish()).seconds).toBe(0.1);
  });

  it("stops at a signal with the signal's reason, for good", async () => {
    const controller = new AbortController();
    const stream = recognizer.stream(controller);
    await stream.push(sweep(0.1));
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(stream.push(sweep(0.1))).rejects.toBe(reason);
    await expect(stream.finish()).rejects.toBe(reason);
  });

  it("frees its resampler when it is finished, even if that fails", async () => {
    const freed = vi.spyOn(SpeexFilter.prototype, "close");
    const controller = new AbortController();
    const stream = recognizer.stream(controller);
    await stream.push(sweep(0.1, 48_000), 48_000);
    controller.abort(new Error("enough"));
    await expect(stream.finish()).rejects.toThrow("enough");
    expect(freed).toHaveBeenCalledTimes(1);
    freed.mockRestore();
  });
});

describe("a stream to a model that needs nothing later", () => {
  const alphabet = Alphabet.english();
  const sentence = "h_e_l_l_o_ __w_o_r_l_d_ ___a_g_a_i_n_ _____".replaceAll(/./g, "$&_");
  /** 57 s: a model that needs whole utterances would take it in pieces. */
  const path = sentence.repeat(32);
  const samples = scriptOf(path);

  it.each([
    ["greedy", new GreedyDecoder(alphabet)],
    ["beam", new BeamDecoder(alphabet, { beam: 20, symbolMass: 0.8 })],
  ])("cut anywhere gives the whole transcription, its words long before the end: %s", async (_, decoder) => {
    const recognizer = new Recognizer(streamingScriptedModel(), { decoder });
    const whole = await recognizer.transcribe({ samples, sampleRateHz: 16_000 });
    expect(whole.text).toBe("hello world again ".repeat(32).trim());
    expect(await recognizer.stream().finish(samples)).toEqual(whole);
    for (const most of [777, 48_000]) {
      const { transcription, partials } = await streamed(recognizer, samples, 16_000, most);
      expect(transcription).toEqual(whole);
      const early = partials.flatMap(({ words }) => words);
      expect(early.length).toBeGreaterThan(85);
      expect(early).toEqual(whole.words.slice(0, early.length));
      expect(partials.some(({ text }) => text.startsWith("hel"))).toBe(true);
    }
  });

  it("has one time from the beginning, however long the silence before the first sound", async () => {
    const silence = new Float32Array(25 * 16_000);
    const recognizer = new Recognizer(streamingScriptedModel());
    const { words, seconds } = await recognizer
      .stream()
      .finish(joinBlocks([silence, samples.slice(0, 32_000)]));
    expect(seconds).toBe(27);
    const [first] = (await recognizer.transcribe({ samples, sampleRateHz: 16_000 })).words;
    expect(words[0]).toMatchObject({
      text: "hello",
      startMs: first.startMs + 25_000,
      endMs: first.endMs + 25_000,
    });
  });

  it("gives no text for silence", async () => {
    const recognizer = new Recognizer(streamingScriptedModel());
    const stream = recognizer.stream();
    expect(await stream.push(new Float32Array(16_000))).toEqual({ words: [], text: "" });
    expect(await stream.finish()).toMatchObject({ text: "", seconds: 1 });
  });
});

describe.each([
  ["a forward-only network", forwardModel()],
  ["a transformer with a memory", memoryModel()],
])("a stream to %s", async (_, model) => {
  const recognizer = await Recognizer.load(model, { threads: 1 });
  afterAll(() => recognizer.close());

  it.each([
    ["0.9 s", sweep(0.9)],
    ["65 s with pauses", long.subarray(0, 65 * 16_000)],
    ["2 s after silence", joinBlocks([new Float32Array(13_000), sweep(2)])],
    ["5 ms", sweep(0.005)],
    ["nothing", new Float32Array(0)],
    ["silence", new Float32Array(20_000)],
  ])("cut anywhere gives the transcription of the whole: %s", async (_, samples) => {
    const whole = await recognizer.transcribe({ samples, sampleRateHz: 16_000 });
    for (const most of [1_000, 30_000]) {
      const { transcription } = await streamed(recognizer, samples, 16_000, most);
      expect(timed(transcription)).toEqual(timed(whole));
      transcription.words.forEach(({ confidence }, i) =>
        expect(Math.abs(confidence - whole.words[i].confidence)).toBeLessThan(1e-4),
      );
    }
  });
});
