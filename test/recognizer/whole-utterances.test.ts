// Utterances of a model that needs whole ones, cut out of speech by its voice.

import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { untrainedModel } from "../model/small-model.ts";
import { cutAtRandom, eventsOf, finalsOf, timedFinals } from "./live-stream.ts";
import { joinBlocks } from "../../src/tensor.ts";

const RATE_HZ = 16_000;
const random = new RandomStream(3, "utterances");

async function clip(name: string): Promise<Float32Array> {
  const path = new URL(`../../demo/corpus/dev/${name}.mp3`, import.meta.url);
  return (await decodeAudio(new Uint8Array(await readFile(path)), name)).samples;
}

const pause = (seconds: number): Float32Array =>
  Float32Array.from({ length: seconds * RATE_HZ }, () => 0.002 * (random.uniform() - 0.5));
const clips = await Promise.all(["ned-0576", "ned-0577", "ned-0578"].map(clip));

describe("a stream to a model that needs whole utterances", async () => {
  const recognizer = await Recognizer.load(untrainedModel(), { threads: 1 });
  afterAll(() => recognizer.close());
  const spoken = joinBlocks([pause(1), ...clips.flatMap((own) => [own, pause(1)])]);

  it("cuts speech where nobody speaks, whatever the pieces that it comes in", async () => {
    const events = await eventsOf(recognizer, [spoken]);
    const told = clips.flatMap(() => ["speech-start", "speech-end", "final"]);
    expect(events.map(({ type }) => type)).toEqual(told);
    for (const most of [1_000, 30_000])
      expect(timedFinals(await eventsOf(recognizer, cutAtRandom(spoken, most, random)))).toEqual(
        timedFinals(events),
      );
    let startMs = 1_000;
    for (const [i, { startMs: start, endMs: end, endedBy }] of finalsOf(events).entries()) {
      const endMs = startMs + clips[i].length / 16;
      expect(endedBy).toBe("silence");
      expect(start).toBeGreaterThanOrEqual(startMs - 320);
      expect(start).toBeLessThan(startMs + 200);
      expect(end).toBeGreaterThan(endMs - 300);
      expect(end).toBeLessThan(endMs + 400);
      startMs = endMs + 1_000;
    }
  });

  it("gives of each the transcription of its sound", async () => {
    for (const { text, startMs, endMs } of finalsOf(await eventsOf(recognizer, [spoken]))) {
      const samples = spoken.slice(16 * startMs, 16 * endMs);
      expect(text).toBe((await recognizer.transcribe({ samples, sampleRateHz: RATE_HZ })).text);
    }
  });

  it("cuts what is too long where it is quiet, and loses nothing", async () => {
    const endpoints = { longestUtteranceMs: 2_000 };
    const long = joinBlocks([clips[0], pause(0.3), clips[1], pause(0.3), clips[2]]);
    const finals = finalsOf(await eventsOf(recognizer, [long], { endpoints }));
    expect(finals.length).toBeGreaterThan(2);
    finals.slice(1).forEach(({ startMs }, i) => {
      if (finals[i].endedBy === "longest") expect(startMs).toBe(finals[i].endMs);
    });
    const starts = clips.map((_, i) =>
      clips.slice(0, i).reduce((sum, { length }) => sum + length / 16 + 300, 0),
    );
    const cuts = finals.filter(({ endedBy }) => endedBy === "longest").map(({ endMs }) => endMs);
    const inPause = (ms: number) => starts.some((start) => ms > start - 350 && ms < start + 50);
    expect(cuts.some(inPause)).toBe(true);
  });

  it("takes a click for no speech, and gives nothing of silence", async () => {
    const click = pause(2);
    click.set(clips[0].subarray(4_000, 4_500), 16_000);
    expect(await eventsOf(recognizer, [click])).toEqual([]);
    const endpoints = { leadingSilenceMs: 900 };
    expect(await eventsOf(recognizer, [new Float32Array(2 * RATE_HZ)], { endpoints })).toMatchObject([
      { type: "no-speech", timeMs: 900 },
      { type: "no-speech", timeMs: 1_800 },
    ]);
  });
});
