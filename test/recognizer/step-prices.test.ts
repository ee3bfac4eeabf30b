// Alignments whose symbols alone would spread a word over a pause: the levels, of tones, tell where there is none.

import { describe, expect, it } from "vitest";
import { soundLevels } from "../../src/audio/index.ts";
import { alignRecording } from "../../src/recognizer/alignment.ts";
import { stepPrices } from "../../src/recognizer/step-prices.ts";
import { Alphabet } from "../../src/text/index.ts";
import { rowsOf } from "../ctc/texts.ts";
import { untrainedModel } from "../model/small-model.ts";

const STEP_MS = 20;
const alphabet = Alphabet.english();

/** Tones of 300 Hz over silence. */
function tones(ms: number, ...times: readonly (readonly [number, number])[]): Float32Array {
  return Float32Array.from({ length: 16 * ms }, (_, n) =>
    times.some(([from, to]) => n >= 16 * from && n < 16 * to) ? 0.3 * Math.sin((Math.PI * 3 * n) / 80) : 0,
  );
}

const steps = (count: number, firstMs = 0) =>
  Array.from({ length: count }, (_, i) => {
    return { startMs: firstMs + STEP_MS * i, endMs: firstMs + STEP_MS * (i + 1) };
  });

describe("the price of a step", () => {
  const { word, pause } = stepPrices(steps(100), soundLevels(tones(2000, [400, 800])));
  const at = (ms: number) => ms / STEP_MS;

  it("is paid by pauses for sound, and by words for silence that is not beside a sound", () => {
    expect(pause[at(400)]).toBeGreaterThan(0);
    expect(word[at(400)]).toBe(0);
    expect([word[at(300)], word[at(900)]]).toEqual([pause[at(400)], pause[at(400)]]);
    expect([pause[at(300)], pause[at(900)]]).toEqual([0, 0]);
    expect([word[at(360)], word[at(380)], word[at(800)], word[at(820)]]).toEqual([0, 0, 0, 0]);
  });

  it("grows with the time that the step stands for", () => {
    const long = stepPrices([{ startMs: 1000, endMs: 1200 }], soundLevels(tones(2000, [400, 800])));
    expect(long.word[0]).toBe(10 * word[at(1000)]);
  });

  it("is nothing where the levels tell nothing", () => {
    const silent = stepPrices(steps(100), soundLevels(tones(2000)));
    expect([...silent.word, ...silent.pause].every((price) => price === 0)).toBe(true);
    const far = stepPrices([{ startMs: 7000, endMs: 7020 }], soundLevels(tones(8000, [400, 800])));
    expect(far.word[0]).toBe(0);
  });
});

describe("an alignment", () => {
  const { transcript } = untrainedModel();
  const aligned = (samples: Float32Array, text: string, ...parts: readonly (readonly [number, string])[]) =>
    alignRecording(
      {
        parts: parts.map(([startMs, path]) => ({
          startMs,
          part: [{ rows: rowsOf(path, alphabet, 0.9), stepMs: STEP_MS, weight: 1 }],
        })),
        warnings: [],
        seconds: samples.length / 16_000,
        levels: soundLevels(samples),
      },
      text,
      { alphabet, transcript },
      "tones",
    ).words.map(({ startMs, endMs }) => [startMs, endMs]);

  it("gives each sound a word, whatever the symbols say", () => {
    const samples = tones(2000, [200, 400], [1000, 1200], [1500, 1700]);
    // "a" is emitted in the second sound, "b c" in the third
    const path = `${"_".repeat(55)}a${"_".repeat(22)}b c${"_".repeat(19)}`;
    expect(aligned(samples, "a b c", [0, path])).toEqual([
      [200, 400],
      [1000, 1200],
      [1500, 1700],
    ]);
  });

  it("keeps a word on one side of the silence between two parts, which the model did not hear", () => {
    const samples = tones(2200, [200, 400], [1000, 1200], [1800, 2000]);
    const parts = [[200, "___a______"], [1000, "________b_"], [1800, "_c d______"]] as const; // prettier-ignore
    expect(aligned(samples, "ab c d", ...parts)).toEqual([
      [200, 400],
      [1000, 1200],
      [1800, 2000],
    ]);
  });
});
