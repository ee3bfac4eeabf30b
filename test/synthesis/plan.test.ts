// Plans: what must hold for every one of them, for whatever voices and sentences.

import { describe, expect, it } from "vitest";
import { castSpeakers, planSpeech } from "../../src/synthesis/index.ts";
import { toneEngine } from "./tone-engine.ts";

const CAST = { dev: 0.1, test: 0.2, mixtures: 2, seed: 7 };
const PLAN = { perSentence: 8, speeds: [0.8, 1.2], seed: 7 } as const;
const SENTENCES = Array.from({ length: 40 }, (_, n) => `sentence ${n}`);

describe("speakers", () => {
  const own = castSpeakers(toneEngine({ people: 20 }), CAST);
  const mixed = castSpeakers(toneEngine({ people: 20, mixes: true }), CAST);

  it("are divided by their shares", () => {
    const count = (split: string): number => own.filter((speaker) => speaker.split === split).length;
    expect([count("train"), count("dev"), count("test")]).toEqual([14, 2, 4]);
  });

  it("are mixed of voices of their own split alone, by shares that are 1 together", () => {
    const splitOf = new Map(own.map(({ mixes, split }) => [mixes[0][0].voice, split]));
    expect(mixed.slice(0, 20)).toEqual(own);
    expect(mixed.length).toBeGreaterThan(55); // two of the few in dev may be alike
    for (const { mixes, split } of mixed) {
      const [mix] = mixes;
      for (const { voice, share } of mix) {
        expect(splitOf.get(voice)).toBe(split);
        expect(share).toBeGreaterThanOrEqual(0.19);
      }
      expect(new Set(mix.map(({ voice }) => voice)).size).toBe(mix.length);
      expect(mix.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    }
    expect(new Set(mixed.map(({ name }) => name)).size).toBe(mixed.length);
    expect(new Set(mixed.map(({ mixes }) => mixes[0].length))).toEqual(new Set([1, 2, 3]));
  });

  it("of an engine with too few of them are all in train", () => {
    expect(castSpeakers(toneEngine({ people: 2 }), CAST).map(({ split }) => split)).toEqual([
      "train",
      "train",
    ]);
  });

  it("may have several voices", () => {
    const engine = {
      ...toneEngine({ people: 6 }),
      voices: toneEngine({ people: 6 }).voices.map((voice) => voice),
    };
    const voices = engine.voices.map((voice, n) => ({ ...voice, speaker: `p${n % 3}` }));
    const speakers = castSpeakers({ ...engine, voices }, CAST);
    expect(speakers.map(({ mixes }) => mixes.length)).toEqual([2, 2, 2]);
  });
});

describe("a plan", () => {
  const speakers = [
    ...castSpeakers(toneEngine({ people: 20 }), CAST),
    ...castSpeakers(toneEngine({ name: "other", people: 20 }), CAST),
  ];
  const plan = planSpeech(SENTENCES, speakers, PLAN);

  it("has each sentence spoken by different speakers, at speeds within bounds", () => {
    for (const text of SENTENCES) {
      const of = plan.filter((planned) => planned.text === text);
      expect(new Set(of.map(({ speaker }) => speaker.name)).size).toBe(8);
    }
    const speeds = plan.map(({ speed }) => speed);
    expect(Math.min(...speeds)).toBeGreaterThanOrEqual(0.8);
    expect(Math.max(...speeds)).toBeLessThanOrEqual(1.2);
    expect(new Set(speeds).size).toBeGreaterThan(30);
  });

  it("is a function of seed and sentence, whatever else is spoken", () => {
    expect(planSpeech(SENTENCES, speakers, PLAN)).toEqual(plan);
    expect(planSpeech(SENTENCES.slice(5, 7), speakers, PLAN)).toEqual(plan.slice(40, 56));
    expect(planSpeech(SENTENCES, speakers, { ...PLAN, perSentence: 3 }).slice(0, 3)).toEqual(
      plan.slice(0, 3),
    );
    expect(planSpeech(SENTENCES, speakers, { ...PLAN, seed: 8 })).not.toEqual(plan);
  });

  it("gives engines their weights", () => {
    const weighted = planSpeech(SENTENCES, speakers, { ...PLAN, weights: { tone: 3, other: 1 } });
    const share = weighted.filter(({ speaker }) => speaker.engine === "tone").length / weighted.length;
    expect(share).toBeGreaterThan(0.68);
    expect(share).toBeLessThan(0.82);
  });

  it("begins anew with the speakers where a sentence is spoken more often than there are", () => {
    const few = castSpeakers(toneEngine({ people: 3 }), CAST);
    const often = planSpeech(["hello"], few, { ...PLAN, perSentence: 9 });
    const times = few.map(({ name }) => often.filter(({ speaker }) => speaker.name === name).length);
    expect(times).toEqual([3, 3, 3]);
  });
});
