// Voice activity on synthetic speech between known silences, and the stream's promises.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  decodeAudio,
  detectVoice,
  pausesBetween,
  voiceSettings,
  VoiceStream,
  type Stretch,
  type VoiceSettings,
} from "../../src/audio/index.ts";
import { parseSettings } from "../../src/settings.ts";
import { noise, tone } from "./signal.ts";

const SECOND = 16_000; // samples
const silence = (seconds: number) => new Float32Array(seconds * SECOND);
const join = (...parts: readonly Float32Array[]) => Float32Array.from(parts.flatMap((part) => [...part]));
const settings = (input: object = {}): VoiceSettings => parseSettings(voiceSettings, input, "test");

async function speech(name: string): Promise<Float32Array> {
  const path = new URL(`../../demo/corpus/${name}`, import.meta.url);
  return (await decodeAudio(readFileSync(path), name)).samples;
}

/** First and last 10 ms that are louder than -40 dB, in ms. */
function loudPart(samples: Float32Array): Stretch {
  const loud = [...samples.keys()].filter((n) => Math.abs(samples[n]) > 0.01).map((n) => n / 16);
  return { startMs: loud[0], endMs: loud[loud.length - 1] };
}

/** How far stretches of speech may be off: the detector holds on for 60 ms or so, and soft sounds are disputable. */
const TOLERANCE_MS = 150;

describe("detectVoice", () => {
  it.each(["dev/ned-0576.mp3", "test/flora-0600.mp3", "train/sally-0000.mp3"])(
    "finds %s between silences, once soft noise is added too",
    async (name) => {
      const spoken = await speech(name);
      const { startMs, endMs } = loudPart(spoken);
      const clean = join(silence(1), spoken, silence(2), spoken, silence(1));
      const lengthMs = spoken.length / 16;
      const noisy = clean.map((sample, n) => sample + 0.001 * hiss[n % hiss.length]);
      for (const samples of [clean, noisy]) {
        const found = await detectVoice(samples, settings({ marginMs: 0 }));
        expect(found).toHaveLength(2);
        for (const [index, offset] of [1000, 3000 + lengthMs].entries()) {
          expect(Math.abs(found[index].startMs - offset - startMs)).toBeLessThan(TOLERANCE_MS);
          expect(Math.abs(found[index].endMs - offset - endMs)).toBeLessThan(TOLERANCE_MS);
        }
      }
    },
  );

  it("finds nothing in silence, in soft noise, in a click, and in no samples", async () => {
    const click = silence(1);
    click.fill(0.5, 8000, 8040);
    const soft = Float32Array.from(hiss, (value) => 0.001 * value);
    for (const samples of [silence(1), soft, click, silence(0)])
      expect(await detectVoice(samples)).toEqual([]);
  });

  it("ends within the recording when speech is cut off, and begins at 0 with it", async () => {
    const spoken = await speech("dev/ned-0576.mp3");
    const cut = spoken.subarray(2000, 2000 + 8005);
    expect(await detectVoice(cut)).toEqual([{ startMs: 0, endMs: 8005 / 16 }]);
  });

  it("joins over pauses shorter than the hangover, and not over longer ones", async () => {
    const spoken = await speech("dev/ned-0576.mp3");
    const samples = join(spoken, silence(0.6), spoken);
    expect(await detectVoice(samples, settings({ hangoverMs: 1000 }))).toHaveLength(1);
    expect(await detectVoice(samples, settings({ hangoverMs: 300 }))).toHaveLength(2);
  });

  it("adds the margin on both sides, within the recording", async () => {
    const samples = join(silence(1), await speech("dev/ned-0576.mp3"), silence(1));
    const [bare] = await detectVoice(samples, settings({ marginMs: 0 }));
    const [wide] = await detectVoice(samples, settings({ marginMs: 120 }));
    expect(wide).toEqual({ startMs: bare.startMs - 120, endMs: bare.endMs + 120 });
  });

  it("leaves out what is shorter than the minimum", async () => {
    const samples = join(silence(0.5), tone(300, SECOND, 0.2), silence(1));
    expect(await detectVoice(samples, settings({ minimumMs: 50 }))).toHaveLength(1);
    expect(await detectVoice(samples, settings({ minimumMs: 500 }))).toEqual([]);
  });

  it("refuses margins that would make stretches overlap", () => {
    expect(() => settings({ hangoverMs: 100, marginMs: 60 })).toThrow(
      "marginMs must not exceed half of hangoverMs, or stretches of speech would overlap.",
    );
  });
});

const hiss = noise(3 * SECOND);

describe("VoiceStream", () => {
  it("gives the same for every chunking, and again after finish", async () => {
    const spoken = await speech("train/sally-0000.mp3");
    const samples = join(silence(0.3), spoken, silence(1), spoken);
    const whole = await detectVoice(samples);
    const stream = await VoiceStream.open(settings());
    for (const size of [1, 159, 160, 7777]) {
      const found: Stretch[] = [];
      for (let at = 0; at < samples.length; at += size)
        found.push(...stream.push(samples.subarray(at, at + size)));
      expect([...found, ...stream.finish()]).toEqual(whole);
    }
    stream.close();
  });

  it("gives a stretch as soon as its hangover is over", async () => {
    const stream = await VoiceStream.open(settings({ hangoverMs: 300 }));
    expect(stream.push(join(silence(0.5), await speech("dev/ned-0576.mp3")))).toEqual([]);
    expect(stream.push(silence(0.5))).toHaveLength(1);
    expect(stream.finish()).toEqual([]);
    stream.close();
  });
});

describe("pausesBetween", () => {
  it("gives what lies before, between and after speech", () => {
    const spoken = [
      { startMs: 100, endMs: 200 },
      { startMs: 500, endMs: 900 },
    ];
    expect(pausesBetween(spoken, 1000)).toEqual([
      { startMs: 0, endMs: 100 },
      { startMs: 200, endMs: 500 },
      { startMs: 900, endMs: 1000 },
    ]);
  });

  it("gives no empty pauses, and the whole recording when nobody speaks", () => {
    expect(pausesBetween([{ startMs: 0, endMs: 1000 }], 1000)).toEqual([]);
    expect(pausesBetween([], 1000)).toEqual([{ startMs: 0, endMs: 1000 }]);
  });
});
