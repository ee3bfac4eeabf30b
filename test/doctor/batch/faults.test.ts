// Planted faults: each must be the first finding, under its own code; and healthy batches must have none.

import { describe, expect, it } from "vitest";
import { batchChecks } from "../../../src/doctor/arrays/checks/checks.ts";
import { BATCH_PROBES } from "../../../src/doctor/arrays/evidence/batch-evidence.ts";
import { evidenceFrom } from "../../../src/doctor/arrays/evidence/from-arrays.ts";
import type { NamedArrays } from "../../../src/doctor/arrays/evidence/named-arrays.ts";
import { conclude, examine } from "../../../src/doctor/examination.ts";
import { RandomStream } from "../../../src/random.ts";
import { FAULTS } from "./faults.ts";
import { HEALTHY } from "./healthy.ts";

const SEEDS = [1, 2, 3];

const diagnoseArrays = async (arrays: NamedArrays) =>
  conclude(await examine(batchChecks, evidenceFrom(arrays, "planted"), BATCH_PROBES));

describe("a planted fault is the first finding", () => {
  for (const { name, code, plant } of FAULTS) {
    it.each(SEEDS)(`${name} (${code}), seed %i`, async (seed) => {
      const { findings } = await diagnoseArrays(plant(new RandomStream(seed, name)));
      expect(findings.map((finding) => finding.code).slice(0, 3)).toEqual([
        code,
        ...findings.slice(1, 3).map((finding) => finding.code),
      ]);
    });
  }
});

describe("a healthy batch has nothing wrong and at most one warning", () => {
  for (const { name, make } of HEALTHY) {
    it.each(SEEDS)(`${name}, seed %i`, async (seed) => {
      const { findings } = await diagnoseArrays(make(new RandomStream(seed, name)));
      expect(
        findings.filter(({ severity }) => severity === "wrong").map(({ code, evidence }) => [code, evidence]),
      ).toEqual([]);
      expect(findings.filter(({ severity }) => severity === "warning").length).toBeLessThanOrEqual(1);
    });
  }
});

describe("a batch of any size", () => {
  it("is looked at whole, also where it has more rows than a call takes arguments", async () => {
    const [T, B, V] = [5000, 40, 2];
    const data = new Float64Array(T * B * V).fill(Math.log(1 / V));
    const log_probs = { type: "float64", dims: [T, B, V], data } as const;
    const { findings } = await diagnoseArrays({ arrays: new Map([["log_probs", log_probs]]), facts: {} });
    expect(findings.map(({ code }) => code)).toContain("UNIFORM_OUTPUTS");
  });
});
