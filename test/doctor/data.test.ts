// Planted faults of data and settings, each named first; and corpora that are healthy. What a check says of its fault
// is in the tests of its own part; here only the code counts.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examineCorpus } from "../../src/doctor/data/corpus.ts";
import { conclude } from "../../src/doctor/examination.ts";
import { RandomStream } from "../../src/random.ts";
import { confusionTable, type Trial } from "./confusion.ts";
import { corpusOf, evidenceOf, hearDemo, settingsOf, type Recorded } from "./corpus.ts";
import { DATA_FAULTS } from "./data-faults.ts";

/** Each fault is planted so often. */
const SEEDS = Array.from({ length: Number(process.env.EARSHOT_SEEDS ?? 1) }, (_, i) => i + 1);
let demo: Recorded[];
const trials: Trial[] = [];

beforeAll(async () => {
  demo = await hearDemo(120, 20);
});
afterAll(() => console.log(confusionTable("data and settings", trials)));

describe("a fault of data or settings is the first finding", () => {
  for (const { name, code, plant } of DATA_FAULTS) {
    it(`${name}: ${code}`, async () => {
      for (const seed of SEEDS) {
        const random = new RandomStream("fault", name, seed);
        const corpus = corpusOf(demo, random);
        await plant(corpus, random);
        const { findings } = conclude(await examineCorpus(evidenceOf(corpus)));
        trials.push({ fault: `${name}, seed ${seed}`, expected: code, found: findings[0]?.code });
        expect(findings.map((one) => one.code)[0], `seed ${seed}`).toBe(code);
      }
    });
  }
});

describe("a healthy corpus has nothing wrong and at most one warning", () => {
  const set = {
    defaults: {},
    "linear features": { features: { kind: "linear", bins: 160 } },
    "cepstra with deltas": { features: { kind: "mfcc", bins: 40, deltas: 2 } },
    "the training set's normalization": { features: { normalization: "global" } },
    "a narrow network at the paper's optimizer": {
      network: { width: 128 },
      optimizer: { name: "nesterov", momentum: 0.9 },
      schedule: { name: "annealed", initial: 3e-3 },
    },
    "a wide network of small stride": { network: { width: 1024, stride: 1 }, epochs: 10 },
  };
  for (const [name, settings] of Object.entries(set)) {
    it(name, async () => {
      const corpus = corpusOf(demo, new RandomStream("healthy", name));
      // its recordings are cut alike, which training mends
      corpus.settings = settingsOf({ data: { augmentation: "real-world" }, ...settings });
      const { findings } = conclude(await examineCorpus(evidenceOf(corpus)));
      const told = findings.filter(({ severity }) => severity !== "note");
      trials.push({ fault: name, expected: undefined, found: told[0]?.code });
      expect(told.filter(({ severity }) => severity === "wrong")).toEqual([]);
      expect(told.length).toBeLessThanOrEqual(1);
    });
  }
});
