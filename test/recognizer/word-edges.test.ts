// Words whose sounds are known because they are tones: the steps of their symbols say which tone, the levels how long.

import { describe, expect, it } from "vitest";
import { soundLevels } from "../../src/audio/index.ts";
import { RandomStream } from "../../src/random.ts";
import { placeWords, WordPlaceStream } from "../../src/recognizer/word-edges.ts";

const RATE_HZ = 16_000;

interface Tone {
  readonly fromMs: number;
  readonly toMs: number;
  readonly amplitude?: number;
  readonly hz?: number;
}

/** Tones over noise of an amplitude. */
function recording(ms: number, tones: readonly Tone[], noise = 0): Float32Array {
  const random = new RandomStream(1, "noise", ms);
  const samples = Float32Array.from({ length: (ms * RATE_HZ) / 1000 }, () => noise * random.normal());
  for (const { fromMs, toMs, amplitude = 0.3, hz = 300 } of tones)
    for (let n = (fromMs * RATE_HZ) / 1000; n < (toMs * RATE_HZ) / 1000; n++)
      samples[n] += amplitude * Math.sin((2 * Math.PI * hz * n) / RATE_HZ);
  return samples;
}

const emitted = (...times: readonly (readonly [number, number])[]) =>
  times.map(([startMs, endMs]) => ({ startMs, endMs }));

/** Where words are placed whose symbols were emitted at these times. */
function placed(samples: Float32Array, ...times: readonly (readonly [number, number])[]) {
  return placeWords(emitted(...times), soundLevels(samples)).map(({ startMs, endMs }) => [startMs, endMs]);
}

const two = [
  { fromMs: 300, toMs: 700 },
  { fromMs: 1000, toMs: 1500 },
];

describe("a word's place", () => {
  it.each([
    ["exact zeros", 0, 0.3],
    ["noise", 0.01, 0.3],
    ["noise of a quiet recording", 1e-5, 1e-3],
  ])("is the whole of the sound that its symbols lie in: %s around it", (_, noise, amplitude) => {
    const samples = recording(2000, two.map((tone) => ({ ...tone, amplitude })), noise); // prettier-ignore
    expect(placed(samples, [340, 420], [1380, 1440])).toEqual([
      [300, 700],
      [1000, 1500],
    ]);
  });

  it("ends with the sound, though symbols come later", () => {
    const samples = recording(2000, two, 0.001);
    expect(placed(samples, [600, 820], [1400, 1760])).toEqual([
      [300, 700],
      [1000, 1500],
    ]);
  });

  it("is the sound beside its symbols where they lie in silence", () => {
    const samples = recording(2000, two, 0.001);
    for (const late of [0, 240])
      expect(placed(samples, [400, 500], [1520 + late, 1560 + late])[1]).toEqual([1000, 1500]);
    expect(placed(samples, [200, 260], [1200, 1300])[0]).toEqual([300, 700]);
  });

  it("ends where a pause begins that the last symbol has overrun", () => {
    expect(placed(recording(2000, two, 0.001), [340, 1040], [1240, 1300])).toEqual([
      [300, 700],
      [1000, 1500],
    ]);
  });

  it("goes on over the closure of a stop, and not over a pause", () => {
    const release = { fromMs: 800, toMs: 840 };
    const samples = recording(2000, [{ fromMs: 300, toMs: 700 }, release], 0.001);
    expect(placed(samples, [400, 600])).toEqual([[300, 840]]);
    const later = { fromMs: 950, toMs: 1000 };
    expect(placed(recording(2000, [two[0], later], 0.001), [400, 600])).toEqual([[300, 700]]);
  });

  it("leaves a bang alone that lies apart, before words, between and after them", () => {
    const bangs = [0, 800, 1800].map((fromMs) => ({ fromMs, toMs: fromMs + 60, amplitude: 0.9 }));
    const words = [
      { fromMs: 300, toMs: 500 },
      { fromMs: 1100, toMs: 1500 },
    ];
    expect(placed(recording(2000, [...bangs, ...words], 0.001), [400, 460], [1200, 1300])).toEqual([
      [300, 500],
      [1100, 1500],
    ]);
  });

  it("holds a hiss under noise that hides it from the whole level", () => {
    const samples = recording(2000, [{ fromMs: 300, toMs: 700 }, { fromMs: 700, toMs: 850, amplitude: 0.02, hz: 6000 }]); // prettier-ignore
    let low = 0;
    const random = new RandomStream(1, "rumble");
    const rumble = samples.map((sample) => sample + (low = 0.98 * low + 0.005 * random.normal()));
    expect(placed(rumble, [400, 500])).toEqual([[300, 850]]);
  });

  it("is bounded by the next word's where no pause is between them, at the quietest place", () => {
    const samples = recording(2000, [
      { fromMs: 300, toMs: 800 },
      { fromMs: 800, toMs: 820, amplitude: 0.1 },
      { fromMs: 820, toMs: 1400 },
    ]);
    const [[start, end], [next, last]] = placed(samples, [400, 700], [960, 1100]);
    expect([start, last]).toEqual([300, 1400]);
    expect(end).toBe(next);
    expect(Math.abs(end - 810)).toBeLessThanOrEqual(10);
  });

  it("stays where its symbols are when the levels tell nothing", () => {
    const times = [
      [205, 333],
      [400, 600],
    ] as const;
    expect(placed(recording(2000, []), ...times)).toEqual(times);
    const everywhere = recording(4000, [{ fromMs: 0, toMs: 4000 }]); // no edge within reach
    expect(placed(everywhere, [2005, 2333])).toEqual([[2005, 2333]]);
  });
});

it("Words never overlap and never end before they begin, wherever their symbols were emitted", () => {
  const random = new RandomStream(1, "words");
  for (let trial = 0; trial < 200; trial++) {
    const tones = Array.from({ length: 8 }, () => 3000 * random.uniform()).map((fromMs) => {
      const from = Math.round(fromMs);
      return { fromMs: from, toMs: from + Math.round(30 + 300 * random.uniform()) };
    });
    const edges = Array.from({ length: 12 }, () => 20 * random.integer(160)).toSorted((a, b) => a - b);
    const times = Array.from({ length: 6 }, (_, i) => [edges[2 * i], edges[2 * i + 1] + 20] as const).map(
      ([from, to], i) => [from, Math.max(from + 20, Math.min(to, edges[2 * i + 2] ?? to))] as const,
    );
    let before = 0;
    for (const [start, end] of placed(recording(3500, tones, 0.001), ...times)) {
      expect(start).toBeGreaterThanOrEqual(before);
      expect(end).toBeGreaterThan(start);
      before = end;
    }
  }
});

it("Words get the same places one by one as all at once, each as soon as two more are known", () => {
  const tones = Array.from({ length: 10 }, (_, i) => ({ fromMs: 400 * i + 100, toMs: 400 * i + 300 }));
  const samples = recording(4200, tones, 0.003);
  const words = emitted(...tones.map(({ fromMs, toMs }) => [fromMs + 60, toMs + 60] as const));
  const stream = new WordPlaceStream<(typeof words)[number]>();
  const placed = words.flatMap((word) => {
    const known = soundLevels(samples.subarray(0, (word.endMs * RATE_HZ) / 1000));
    const now = stream.push([word], known);
    expect(stream.held.length).toBeLessThanOrEqual(2);
    return now;
  });
  expect(placed).toHaveLength(8);
  expect([...placed, ...stream.finish(soundLevels(samples))]).toEqual(
    placeWords(words, soundLevels(samples)),
  );
});
