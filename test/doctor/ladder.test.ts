// The ladder on recordings of the demo: it holds on what is right, and stops at the rung that a fault breaks.

import { beforeAll, describe, expect, it } from "vitest";
import { climbLadder } from "../../src/doctor/ladder/ladder.ts";
import { checkGradients } from "../../src/doctor/ladder/gradient-check.ts";
import { batchOf, chooseMaterial, narrowed } from "../../src/doctor/ladder/material.ts";
import { conclude } from "../../src/doctor/examination.ts";
import { hearDemo, settingsOf, type Recorded } from "./corpus.ts";

const PATIENT = { mostSeconds: Infinity }; // steps count here, not seconds
const SMALL = { threads: 1, features: { bins: 40 }, network: { width: 32, context: 2 } };
let rows: Recorded[];
beforeAll(async () => {
  rows = await hearDemo(30, 0);
});

describe("the ladder", () => {
  it("holds on recordings and settings that are right, rung by rung", async () => {
    const doing: string[] = [];
    const { findings, healthy, untold } = conclude(
      await climbLadder(
        { measured: rows, settings: settingsOf(SMALL) },
        { onProgress: (what) => doing.push(what), ...PATIENT },
      ),
    );
    expect({ findings, untold }).toEqual({ findings: [], untold: [] });
    expect(healthy).toEqual([
      "ladder: gradient check",
      "ladder: one utterance by heart",
      "ladder: one batch by heart",
      "ladder: ten utterances by heart",
    ]);
    expect(doing).toContain("ladder: one utterance by heart, step");
  });

  it("breaks at the first rung with a rate that is too low, and tells the rate from all else", async () => {
    const settings = settingsOf({ ...SMALL, schedule: { peak: 1e-9 } });
    const { findings, healthy } = conclude(await climbLadder({ measured: rows, settings }, PATIENT));
    expect(findings.map(({ code }) => code)).toEqual(["LADDER_ONE_UTTERANCE"]);
    expect(findings[0].diagnosis).toContain("holds with another learning rate");
    expect(healthy).toEqual(["ladder: gradient check"]);
  });

  it("breaks at the batch where one recording stands for several texts", async () => {
    const [first, ...others] = rows.toSorted((a, b) => a.sound.seconds - b.sound.seconds);
    const same = others.slice(0, 12).map((row) => ({ ...row, path: first.path, sound: first.sound }));
    const { findings } = conclude(
      await climbLadder({ measured: same, settings: settingsOf(SMALL) }, PATIENT),
    );
    expect(findings.map(({ code }) => code)).toEqual(["LADDER_ONE_BATCH"]);
    expect(findings[0].evidence.join("\n")).toMatch(/came out as/);
  });

  it("is not told without a recording that can be spelled", async () => {
    const { untold } = await climbLadder({ measured: [], settings: settingsOf(SMALL) });
    expect(untold.map(({ check }) => check)).toEqual(["the ladder"]);
  });
});

it("the slope of the loss along each tensor's gradient is the gradient's length", async () => {
  const settings = settingsOf(SMALL);
  const [one] = await chooseMaterial(rows, settings, 1);
  const slopes = await checkGradients(
    { architecture: narrowed(settings, 16), blank: 28, threads: 1 },
    batchOf([one]),
  );
  expect(slopes.length).toBeGreaterThan(10);
  for (const { name, gradient, difference } of slopes) expect(difference / gradient, name).toBeCloseTo(1, 1);
});
