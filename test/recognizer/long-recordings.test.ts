// A file too long to be held is recognized while it is read, in its place among others.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { encodeWav } from "../../src/audio/index.ts";
import { countChannels, Recognizer } from "../../src/recognizer/index.ts";
import type { Source, TranscriptionProgress, Word } from "../../src/recognizer/index.ts";
import { scriptOf, scriptedModel, streamingScriptedModel } from "./scripted-model.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-long-"));
afterAll(() => rm(folder, { recursive: true }));

const said = (words: string): string => [...words].map((letter) => `${letter}_`).join("");
const sentence = "hello world again and again ";
/** 101 s, which at 16 kHz in four channels of floats are more than a file that is read whole may have. */
const REPEATED = 90;
const [first, other] = [sentence, "other words on this channel "].map((text) =>
  scriptOf(said(text).repeat(REPEATED)),
);
const path = join(folder, "long.wav");
await writeFile(path, fourChannels(first, other));
const short = join(folder, "short.wav");
await writeFile(short, encodeWav(scriptOf(said("short one")), 16_000));

const whole = (text: string): string => text.repeat(REPEATED).trim();

describe("a long file", () => {
  it.each([
    ["in pieces", scriptedModel({}, 0.97)],
    ["as a stream", streamingScriptedModel({}, 0.97)],
  ])("is recognized while it is read, in its place among others: %s", async (_, model) => {
    const recognizer = new Recognizer(model);
    const early: Word[] = [];
    const reported: TranscriptionProgress[] = [];
    const sources: Source[] = [short, { recording: path, channel: 0 }, short];
    const texts: string[] = [];
    const options = {
      onWords: (words: readonly Word[]) => early.push(...words),
      onProgress: (progress: TranscriptionProgress) => reported.push(progress),
    };
    for await (const outcome of recognizer.transcribeAll(sources, options)) {
      if ("error" in outcome) throw outcome.error;
      texts.push(outcome.transcription.text);
      if (outcome.source === short) continue;
      const { words, seconds } = outcome.transcription;
      expect(seconds).toBeCloseTo(first.length / 16_000, 6);
      expect(early.length).toBeGreaterThan(100);
      expect(early).toEqual(words.slice(0, early.length));
    }
    expect(texts).toEqual(["short one", whole(sentence), "short one"]);
    const done = reported.map(({ seconds }) => seconds);
    expect(done.toSorted((a, b) => a - b)).toEqual(done);
    expect(reported.filter(({ seconds, ofSeconds }) => !(seconds <= ofSeconds + 0.001))).toEqual([]);
  });

  it("has the text of its samples taken at once", async () => {
    const recognizer = new Recognizer(scriptedModel({}, 0.97));
    const alone = await recognizer.transcribe({ recording: path, channel: 3 });
    const given = await recognizer.transcribe({ samples: other, sampleRateHz: 16_000 });
    expect(alone.text).toBe(given.text);
    expect(alone.words).toEqual(given.words);
  });

  it("says how many channels it has, as a short one does", async () => {
    expect(await countChannels(path)).toBe(4);
    expect(await countChannels(short)).toBe(1);
    await expect(countChannels(join(folder, "none.wav"))).rejects.toMatchObject({
      code: "RECORDING_NOT_FOUND",
    });
  });

  it("stops at a signal with the signal's reason", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const recognizer = new Recognizer(scriptedModel());
    const options = { signal: controller.signal, onWords: () => controller.abort(reason) };
    await expect(recognizer.transcribe(path, options)).rejects.toBe(reason);
  });

  it("that is damaged is an error of its own, and the others go on", async () => {
    const damaged = join(folder, "damaged.wav");
    await writeFile(damaged, fourChannels(first, other).fill(0, 20, 22)); // no coding of that number
    const recognizer = new Recognizer(scriptedModel());
    const outcomes = [];
    for await (const outcome of recognizer.transcribeAll([damaged, short])) outcomes.push(outcome);
    expect(outcomes[0]).toMatchObject({ error: { code: "UNKNOWN_AUDIO_FORMAT", where: damaged } });
    expect(outcomes[1]).toMatchObject({ transcription: { text: "short one" } });
  });
});

/** A WAV file of floats; the first two channels say the one, the others the other. */
function fourChannels(first: Float32Array, other: Float32Array): Uint8Array {
  const samples = new Float32Array(4 * first.length);
  for (let n = 0; n < first.length; n++) samples.set([first[n], first[n], other[n], other[n]], 4 * n);
  const header = encodeWav(new Float32Array(0), 16_000).slice(0, 44);
  const view = new DataView(header.buffer);
  const bytes = samples.byteLength;
  view.setUint32(4, 36 + bytes, true);
  view.setUint16(20, 3, true);
  view.setUint16(22, 4, true);
  view.setUint32(28, 16 * 16_000, true);
  view.setUint16(32, 16, true);
  view.setUint16(34, 32, true);
  view.setUint32(40, bytes, true);
  return Buffer.concat([header, new Uint8Array(samples.buffer)]);
}
