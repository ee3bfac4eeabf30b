// What the doctor says of recordings that are all cut alike, and of models that do not bear what their use will bring.

import { describe, expect, it } from "vitest";
import type { Cut } from "../../src/data/index.ts";
import { cutChecks } from "../../src/doctor/data/cuts.ts";
import { CORPUS_PROBES, type MeasuredUtterance } from "../../src/doctor/data/evidence.ts";
import { fragilityChecks } from "../../src/doctor/data/fragility.ts";
import { conclude, examine } from "../../src/doctor/examination.ts";
import type { Diagnosis } from "../../src/doctor/index.ts";
import { CONDITIONS } from "../../src/evaluation/index.ts";
import { settingsOf } from "./corpus.ts";

describe("recordings that are all cut alike", () => {
  const rows = (cut: (i: number) => Cut, sourceRateHz = 16_000): MeasuredUtterance[] =>
    Array.from({ length: 30 }, (_, i) => {
      const sound = { ...cut(i), seconds: 2, peak: 0.5, bandsDb: Array.from({ length: 8 }, () => -9) };
      return { sound, sourceRateHz } as unknown as MeasuredUtterance;
    });
  const tight = rows((i) => ({ msBefore: 50, msAfter: 80, levelDb: -20 - (i % 2) }));
  const loose = rows((i) => ({ msBefore: 100 * i, msAfter: 90 * i, levelDb: -10 - i }));
  const judge = async (measured: readonly MeasuredUtterance[], settings: object = {}): Promise<Diagnosis> =>
    conclude(await examine(cutChecks, { measured, settings: settingsOf(settings) }, CORPUS_PROBES));
  const none = { data: { augmentation: "none" }, features: { normalization: "utterance" } };

  it("are a warning before training, with figures and the settings that mend it", async () => {
    const { findings } = await judge(tight, none);
    expect(findings).toMatchObject([{ code: "CUT_ALIKE", severity: "warning" }]);
    const [{ evidence, remedy }] = findings;
    expect(evidence[0]).toContain("30 of 30 recordings have less than half a second of silence");
    expect(evidence[1]).toContain("30 of 30 (100 %) end at 8000 Hz");
    expect(remedy).toContain("data.augmentation.surroundings.probability: 0.5");
    expect(remedy).not.toContain("gainDb"); // features of an utterance do not see its level
  });

  it("at one level are, where the features see it", async () => {
    const { findings } = await judge(tight, { ...none, features: { normalization: "global" } });
    expect(findings[0].evidence[1]).toContain("most are spoken at -21 to -20 dB");
    expect(findings[0].remedy).toContain("data.augmentation.gainDb: [-30, 10]");
  });

  it("are healthy where training surrounds them with silence, and where they are not alike", async () => {
    for (const diagnosis of [
      await judge(tight, { data: { augmentation: "real-world" } }),
      await judge(tight, { data: { augmentation: { surroundings: { probability: 0.3 } } } }),
      await judge(loose, none),
    ])
      expect(diagnosis).toMatchObject({ findings: [], healthy: [expect.any(String)] });
  });

  it("cannot be told of a few", async () => {
    expect((await judge(tight.slice(0, 4), none)).untold).toMatchObject([
      { probe: "at least 20 recordings" },
    ]);
  });
});

describe("a model that does not bear a condition", () => {
  /** 5 % as they are and otherwise, but for these. */
  const heard = (rates: Readonly<Record<string, number>>, words = 200) => ({
    utterances: 30,
    conditions: CONDITIONS.map(({ name }) => ({ name, wer: rates[name] ?? 0.05, cer: 0.02, words })),
  });
  const judge = async (rates: Readonly<Record<string, number>>, words?: number): Promise<Diagnosis> =>
    conclude(await examine(fragilityChecks, { stress: heard(rates, words) }, CORPUS_PROBES));

  it.each([
    ["FRAGILE_SILENCE", "quiet-3s", "features.normalization: speech"],
    ["FRAGILE_LEVEL", "level-30db-down", "data.augmentation.gainDb"],
    ["FRAGILE_LEVEL", "clipped-10db", "data.augmentation.clipping.probability"],
    ["FRAGILE_NOISE", "babble-10db", "data.augmentation.babble.probability"],
    ["FRAGILE_NOISE", "speaker-behind-10db", "data.augmentation.background.probability"],
    ["FRAGILE_ROOM", "room-small", "data.augmentation.room.probability"],
    ["FRAGILE_TELEPHONE", "telephone", "data.augmentation.codec.probability"],
    ["FRAGILE_CODEC", "codec-8k", "data.augmentation.coder.probability"],
    ["FRAGILE_VOICE", "pitch-2-down", "data.augmentation.pitch.probability"],
    ["FRAGILE_VOICE", "tempo-1.2", "data.augmentation.tempos"],
  ])("is a warning, %s, with its error rates and the settings that mend it", async (code, name, setting) => {
    const { findings, healthy } = await judge({ [name]: 0.4 });
    expect(findings).toMatchObject([{ code, severity: "warning" }]);
    expect(findings[0].evidence[0]).toBe("30 utterances as they are: WER 5.0 %");
    expect(findings[0].evidence[1]).toMatch(new RegExp(`^${name}: WER 40 % \\(.+\\)$`));
    expect(findings[0].remedy).toContain(setting);
    expect(healthy).toHaveLength(fragilityChecks.length - 1);
  });

  it("is told with the worst condition of a kind first", async () => {
    const { findings } = await judge({ "room-small": 0.3, "room-large": 0.8, "room-medium": 0.6 });
    const lines = findings[0].evidence.slice(1).map((line) => line.split(":")[0]);
    expect(lines).toEqual(["room-large", "room-medium", "room-small"]);
  });

  it("is told earlier of silence, which should cost nothing, than of noise", async () => {
    const { findings } = await judge({ "zeros-1s": 0.12, "white-10db": 0.12 });
    expect(findings.map(({ code }) => code)).toEqual(["FRAGILE_SILENCE"]);
  });

  it("is not accused for a few errors, nor for little more than it makes anyway", async () => {
    expect((await judge({ "zeros-1s": 0.15 }, 40)).findings).toEqual([]);
    expect((await judge({ clean: 0.4, "room-small": 0.52 })).findings).toEqual([]);
  });

  it("cannot be told of one that hears nothing, of a few words, or without a model", async () => {
    expect((await judge({ clean: 0.9 })).untold[0].probe).toBe(
      "a model that hears what is said in these recordings; of this one's words 90 % are wrong",
    );
    expect((await judge({}, 12)).untold[0].probe).toContain("at least 30 words");
    const { untold } = conclude(await examine(fragilityChecks, {}, CORPUS_PROBES));
    expect(untold[0].probe).toBe("a trained model of the language: earshot doctor <manifest> -m <model>");
  });
});
