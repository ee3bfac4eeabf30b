// Making a corpus with an engine that hums: what is made, kept, left out and written, also when it is interrupted.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readManifests } from "../../src/data/index.ts";
import { EarshotError } from "../../src/errors.ts";
import { castSpeakers, planSpeech, SpeechJob, speechFault, spokenText } from "../../src/synthesis/index.ts";
import { toneEngine, type ToneEngine } from "./tone-engine.ts";

let out = "";
beforeEach(async () => (out = await mkdtemp(join(tmpdir(), "earshot-speak-"))));
afterEach(() => rm(out, { recursive: true }));

const SENTENCES = ["turn on the light", "stop now please", "what time is it"];

function jobOf(engine: ToneEngine, options: { signal?: AbortSignal; sentences?: readonly string[] } = {}) {
  const speakers = castSpeakers(engine, { dev: 0.1, test: 0.1, mixtures: 0, seed: 1 });
  const { sentences = SENTENCES, signal } = options;
  const plan = planSpeech(sentences, speakers, { perSentence: 6, speeds: [0.9, 1.1], seed: 1 });
  return SpeechJob.open({ plan, engines: [engine], language: "en", out, signal });
}

describe("a corpus that is spoken", () => {
  it("is a manifest with transcripts, speakers, splits and sources, and recordings at 16 kHz", async () => {
    const job = await jobOf(toneEngine());
    const estimate = await job.estimate();
    expect(estimate).toMatchObject({ kept: 0, toMake: 18 });
    const { manifest, spoken, leftOut } = await job.speak();
    expect(leftOut).toEqual([]);
    const { utterances, warnings } = await readManifests([manifest]);
    expect(warnings).toEqual([]);
    expect(utterances).toHaveLength(18);
    for (const [index, { path, transcript, speaker, split, source }] of utterances.entries()) {
      const { text, speaker: planned } = spoken[index].clip;
      expect([transcript, speaker, split, source]).toEqual([text, planned.name, planned.split, "tone"]);
      expect((await readFile(path)).readUInt32LE(24)).toBe(16_000);
    }
    const splitOf = new Map(utterances.map(({ speaker, split }) => [speaker, split]));
    for (const { speaker, split } of utterances) expect(split).toBe(splitOf.get(speaker));
    expect(estimate.speechSeconds).toBeCloseTo(
      spoken.reduce((sum, { seconds }) => sum + seconds, 0),
      0,
    );
  });

  it("is gone on with: what is there and sound is not made again, and more sentences change none", async () => {
    const first = await (await jobOf(toneEngine())).speak();
    await writeFile(join(out, first.spoken[3].clip.path), "damaged");
    const engine = toneEngine();
    const second = await jobOf(engine, { sentences: [...SENTENCES, "good night"] });
    const { spoken, kept } = await second.speak();
    expect(kept).toBe(17);
    expect(engine.said).toHaveLength(7);
    expect(spoken.slice(0, 18).map(({ clip }) => clip.path)).toEqual(
      first.spoken.map(({ clip }) => clip.path),
    );
  });

  it("keeps what was made when it is interrupted, without a manifest", async () => {
    const controller = new AbortController();
    const reason = new EarshotError({ code: "INTERRUPTED", problem: "Interrupted.", remedy: "Again." });
    let calls = 0;
    const engine = toneEngine();
    const slow: ToneEngine = {
      ...engine,
      speak: (...parameters) => {
        if (++calls === 8) controller.abort(reason);
        return engine.speak(...parameters);
      },
    };
    const job = await jobOf(slow, { signal: controller.signal });
    await expect(job.speak()).rejects.toBe(reason);
    await expect(readFile(join(out, "manifest.csv"))).rejects.toThrow(/ENOENT/);
    expect(await (await (await jobOf(toneEngine())).estimate()).kept).toBeGreaterThanOrEqual(6);
  });

  it("leaves out what cannot be heard, and says why", async () => {
    const engine = toneEngine({
      samplesOf: (text) =>
        new Float32Array(24_000).fill(text.startsWith("stop") ? 0 : 0.1).map((x, n) => x * (n % 7)),
    });
    const job = await jobOf(engine);
    const audit = async (rows: readonly unknown[]) =>
      rows.map((_, n) => (n === 0 ? "nobody understands it" : undefined));
    const { spoken, leftOut } = await job.speak(audit);
    expect(spoken).toHaveLength(11);
    expect(leftOut).toHaveLength(7);
    expect(new Set(leftOut.map(({ fault }) => fault))).toEqual(
      new Set(["it is silent", "nobody understands it"]),
    );
  });

  it("fails where nothing can be heard", async () => {
    const job = await jobOf(toneEngine({ samplesOf: () => new Float32Array(24_000) }));
    await expect(job.speak()).rejects.toMatchObject({ code: "NOTHING_SPOKEN", problem: /it is silent/ });
  });
});

describe("the check of a recording", () => {
  const hum = (seconds: number, level: number): Float32Array =>
    Float32Array.from({ length: 16_000 * seconds }, (_, n) =>
      Math.max(-1, Math.min(1, level * Math.sin(n / 10))),
    );
  it.each([
    ["turn on the light", hum(1.2, 0.3), undefined],
    ["turn on the light", hum(0.2, 0.3), "it is too short: 0.20 s of sound for 14 letters at speed 1"],
    ["turn on the light", hum(6, 0.3), "it is too long: 6.00 s of sound for 14 letters at speed 1"],
    ["turn on the light", hum(1.2, 0.001), "it is too quiet: its peak is 0.0010 of full scale"],
    ["turn on the light", hum(1.2, 3), /^it is clipped: \d+ samples at full scale$/],
    ["w", hum(0.6, 0.3), undefined],
    ["2026", hum(2.5, 0.3), undefined],
  ])("of %j", (text, samples, fault) => {
    const found = speechFault(samples, text, 1);
    if (fault instanceof RegExp) expect(found).toMatch(fault);
    else expect(found).toBe(fault);
  });
});

describe("what is put to an engine", () => {
  it.each([
    ["turn on the light", "turn on the light."],
    ["ENTER FOUR FIVE", "enter four five."],
    ["R A Y", "R ay Y."],
    ["take a seat", "take a seat."],
    ["Is NASA there?", "Is NASA there?"],
    ["b a", "b ay."],
  ])("of %j is %j", (transcript, spoken) => {
    expect(spokenText(transcript, "en-us")).toBe(spoken);
  });
});
