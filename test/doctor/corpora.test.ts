// Real corpora, as they are, have nothing wrong and at most one warning. Skipped where EARSHOT_DATA is missing.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readManifests } from "../../src/data/index.ts";
import { examineCorpus } from "../../src/doctor/data/corpus.ts";
import { conclude } from "../../src/doctor/examination.ts";
import { evidenceOf, hearRow, settingsOf } from "./corpus.ts";

const DATA = process.env.EARSHOT_DATA;
const ROWS = 90;

/** Their recordings are cut alike, which is told as a warning where training changes nothing of it. */
const REAL_WORLD = { augmentation: "real-world" };

const CORPORA: Readonly<Record<string, object>> = {
  an4: { data: REAL_WORLD },
  librispeech: {},
  // Its splits share all speakers, which is told as a warning.
  fsdd: { data: REAL_WORLD, devSplit: "test", features: { highestHz: 4000, bins: 40 } },
};

describe.skipIf(!DATA || !existsSync(DATA))("a real corpus is healthy (EARSHOT_DATA)", () => {
  for (const [name, settings] of Object.entries(CORPORA)) {
    it(name, async () => {
      const { utterances } = await readManifests([join(DATA!, name, "manifest.csv")]);
      const stride = Math.floor(utterances.length / ROWS);
      const rows = await Promise.all(utterances.filter((_, i) => i % stride === 0).map(hearRow));
      const { findings } = conclude(
        await examineCorpus(
          evidenceOf({ rows, leftOut: [], unreadable: [], settings: settingsOf(settings) }),
        ),
      );
      const told = findings.filter(({ severity }) => severity !== "note").map(({ code }) => code);
      expect(findings.filter(({ severity }) => severity === "wrong")).toEqual([]);
      expect(told.length, told.join()).toBeLessThanOrEqual(1);
    });
  }
});
