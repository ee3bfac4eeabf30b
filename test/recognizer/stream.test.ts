// Speech as it is spoken, by models that need nothing later: however the sound is cut, the events say the same in the end.

import { afterAll, describe, expect, it } from "vitest";
import { joinBlocks } from "../../src/tensor.ts";
import { BeamDecoder, GreedyDecoder } from "../../src/ctc/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import { forwardModel, memoryModel } from "../model/small-model.ts";
import {
  changedFinals,
  cutAtRandom,
  eventsOf,
  finalsOf,
  ONE_UTTERANCE,
  partialsOf,
  timedFinals,
} from "./live-stream.ts";
import { scriptOf, streamingScriptedModel } from "./scripted-model.ts";
import { sweep } from "./wave-file.ts";

const RATE_HZ = 16_000;
const random = new RandomStream(1, "cuts");
describe("a stream to a model that needs nothing later", () => {
  const alphabet = Alphabet.english();
  const sentence = "h_e_l_l_o_ __w_o_r_l_d_ ___a_g_a_i_n_ _____".replaceAll(/./g, "$&_");
  const samples = scriptOf(sentence.repeat(8));

  describe.each([
    ["greedy", new GreedyDecoder(alphabet)],
    ["beam", new BeamDecoder(alphabet, { beam: 20, symbolMass: 0.8, nBest: 2 })],
  ])("%s", (_, decoder) => {
    const recognizer = new Recognizer(streamingScriptedModel(), { decoder });

    it("cut anywhere gives the transcription of the whole, and text long before", async () => {
      const whole = await recognizer.transcribe({ samples, sampleRateHz: RATE_HZ });
      expect(whole.text).toBe("hello world again ".repeat(8).trim());
      for (const most of [777, 48_000]) {
        const events = await eventsOf(recognizer, cutAtRandom(samples, most, random), ONE_UTTERANCE);
        expect(finalsOf(events)).toMatchObject([whole]);
        expect(changedFinals(events)).toEqual([]);
        const partials = partialsOf(events);
        expect(partials[0].text).toMatch(/^h/);
        expect(partials.at(-1)!.finalCharacters).toBeGreaterThan(100);
      }
    });

    it("says when somebody speaks, and ends utterances in pauses", async () => {
      const pause = "_".repeat(60); // 1.2 s
      const script = scriptOf(`${pause}${sentence}${pause}${sentence}${pause}`);
      const events = await eventsOf(recognizer, [script], { endpoints: { detector: "blanks" } });
      const told = events.filter(({ type }) => type !== "partial").map(({ type }) => type);
      expect(told).toEqual([0, 1].flatMap(() => ["speech-start", "speech-end", "final"]));
      expect(finalsOf(events).map(({ text, endedBy, utterance }) => [text, endedBy, utterance])).toEqual([
        ["hello world again", "silence", 0],
        ["hello world again", "silence", 1],
      ]);
      const [start, end] = events.filter(({ type }) => type === "speech-start" || type === "speech-end");
      const [first] = finalsOf(events);
      expect(start).toMatchObject({ timeMs: 1_200 });
      expect(end).toMatchObject({ timeMs: 1_200 + 20 * (sentence.lastIndexOf("n") + 1) });
      expect(first.startMs).toBe(900); // with the margin
      expect(first.words[0].startMs).toBe(1_200);
      const [, second] = finalsOf(events);
      const shift = 20 * (sentence.length + 60);
      expect(second.words.map(({ startMs }) => startMs)).toEqual(
        first.words.map(({ startMs }) => startMs + shift),
      );
    });
  });

  it("tells silence before any speech, again and again, and nothing else", async () => {
    const recognizer = new Recognizer(streamingScriptedModel());
    const endpoints = { leadingSilenceMs: 500 };
    const told = [500, 1_000, 1_500].map((timeMs) => ({ type: "no-speech", timeMs }));
    for (const silence of [new Float32Array(1.6 * RATE_HZ), scriptOf("_".repeat(80))])
      for (const most of [100, 40_000])
        expect(await eventsOf(recognizer, cutAtRandom(silence, most, random), { endpoints })).toEqual(told);
    expect(await eventsOf(recognizer, [new Float32Array(RATE_HZ)])).toEqual([]);
  });

  it("ends what is too long between words, and loses none", async () => {
    const recognizer = new Recognizer(streamingScriptedModel());
    const endpoints = { detector: "blanks", longestUtteranceMs: 2_000 } as const;
    const finals = finalsOf(await eventsOf(recognizer, [samples], { endpoints }));
    expect(finals.length).toBeGreaterThan(4);
    expect(finals.every(({ seconds, endedBy }) => seconds <= 2.5 && endedBy !== "silence")).toBe(true);
    expect(finals.map(({ text }) => text).join(" ")).toBe("hello world again ".repeat(8).trim());
  });

  it("has one time from the beginning, however long the silence before the first sound", async () => {
    const recognizer = new Recognizer(streamingScriptedModel());
    const silence = new Float32Array(25 * RATE_HZ);
    const [final] = finalsOf(
      await eventsOf(recognizer, [joinBlocks([silence, samples.slice(0, 32_000)])], ONE_UTTERANCE),
    );
    const [first] = (await recognizer.transcribe({ samples, sampleRateHz: RATE_HZ })).words;
    const { startMs, endMs } = { startMs: first.startMs + 25_000, endMs: first.endMs + 25_000 };
    expect(final.words[0]).toMatchObject({ text: "hello", startMs, endMs });
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
    [
      "13 s with pauses",
      Float32Array.from([3, 6, 4].flatMap((seconds) => [...sweep(seconds).fill(0, 0, 8_000)])),
    ],
    ["2 s after silence", joinBlocks([new Float32Array(13_000), sweep(2)])],
    ["5 ms", sweep(0.005)],
  ])("cut anywhere gives the transcription of the whole: %s", async (_, samples) => {
    const whole = await recognizer.transcribe({ samples, sampleRateHz: RATE_HZ });
    for (const most of [1_000, 30_000]) {
      const [{ text, times }] = timedFinals(
        await eventsOf(recognizer, cutAtRandom(samples, most, random), ONE_UTTERANCE),
      );
      const words = whole.words.map((word) => [word.text, word.startMs, word.endMs]);
      expect({ text, times }).toEqual({ text: whole.text, times: words });
    }
  });

  it("says how far its text is behind", () => {
    const stream = recognizer.stream();
    expect(stream).toMatchObject({ partials: "as spoken", delayMs: recognizer.model.delayMs });
  });
});

describe("a thousand random cuttings", async () => {
  const spoken = scriptOf("h_e_ll_o_ _th_er_e_ _aa_g_ai_n");
  const network = await Recognizer.load(forwardModel(), { threads: 1, streamWorkers: 0 });
  const beam = new BeamDecoder(Alphabet.english(), { beam: 4, symbolLimit: 4 });
  const unsure = new Recognizer(streamingScriptedModel({}, 0.3), { decoder: beam });
  afterAll(() => network.close());

  it.each([
    ["of a network", 150, network, sweep(0.6).toReversed()],
    ["of a beam", 850, unsure, joinBlocks([spoken, scriptOf("_".repeat(20)), spoken])],
  ])("give one final text, and no final text that changes: %s", async (_, cuttings, recognizer, samples) => {
    const endpoints = { trailingSilenceMs: 300, longestUtteranceMs: 1_000 };
    const expected = timedFinals(await eventsOf(recognizer, [samples], { endpoints }));
    expect(expected.some(({ text }) => text.length > 3)).toBe(true);
    for (let cutting = 0; cutting < cuttings; cutting++) {
      const events = await eventsOf(recognizer, cutAtRandom(samples, samples.length / 2, random), {
        endpoints,
      });
      expect(timedFinals(events)).toEqual(expected);
      expect(changedFinals(events)).toEqual([]);
    }
  });
});
