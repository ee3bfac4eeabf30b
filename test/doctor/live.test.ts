// What is said while a network trains: the same as afterwards, nothing of a run that only wavers, and taken back when
// later epochs refute it. Curves are per epoch: train loss, dev loss, dev letter error rate.

import { describe, expect, it } from "vitest";
import { examineCurve } from "../../src/doctor/curve/checks.ts";
import { CurveStream } from "../../src/doctor/curve/from-events.ts";
import { conclude } from "../../src/doctor/examination.ts";
import type { TrainingEvent } from "../../src/training/index.ts";
import type { SwapCount } from "../../src/doctor/chance.ts";

type Row = readonly [trainLoss: number, devLoss: number, devCer: number, pairs?: SwapCount];
const STEPS = 40;
const IGNORANT = 100; // nats that outputs without ears lose

const levels = {
  uniform: { sum: 0, mean: 200, "mean per label": 6 },
  constant: { sum: 0, mean: IGNORANT, "mean per label": 3 },
  worst: 400,
};

/** The codes that are said at the end of each epoch, of the run so far. */
async function said(rows: readonly Row[], planned = rows.length): Promise<string[][]> {
  const stream = new CurveStream();
  const codes: string[][] = [];
  for (const [i, [trainLoss, devLoss, devCer, pairs]] of rows.entries()) {
    const epoch = i + 1;
    for (let batch = 1; batch <= STEPS; batch++) {
      const step = i * STEPS + batch;
      const facts = { epoch, epochs: planned, batch, batches: STEPS, step, loss: trainLoss, gradientNorm: 3 };
      stream.push({ type: "batch", ...facts, learningRate: 1e-3, framesPerSecond: 1, waitedMs: 0 });
    }
    const step = epoch * STEPS;
    if (pairs) stream.push({ type: "pairs", epoch, step, ...pairs });
    const figures = { trainLoss, devLoss, devWer: devCer, devCer, best: true, seconds: 1, waiting: 0 };
    stream.push({ type: "epoch", epoch, epochs: planned, step, ...figures } as TrainingEvent);
    const { findings } = conclude(await examineCurve({ ...stream.evidence(), levels }));
    codes.push(findings.map(({ code, severity }) => `${code}/${severity}`));
  }
  return codes;
}

describe("a healthy run is told nothing", () => {
  it("whose dev loss wavers on its way down", async () => {
    const dev = [85, 25.3, 9.5, 5.7, 2.58, 2.64, 1.0, 1.2, 0.43, 0.96, 0.18, 0.1, 0.03];
    const train = [135, 62, 30, 17, 11.3, 7.3, 5.2, 4.2, 3.2, 1.98, 1.1, 0.69, 0.44];
    const cer = [0.9, 0.19, 0.08, 0.04, 0.02, 0.024, 0.01, 0.01, 0.005, 0.002, 0.003, 0.001, 0];
    expect((await said(dev.map((loss, i): Row => [train[i], loss, cer[i]]))).flat()).toEqual([]);
  });

  it("whose losses double near zero, 0.38 to 0.77 and 0.76, with no word wrong", async () => {
    const near = [0.5, 0.38, 0.77, 0.76, 0.79, 0.7];
    const rows = [
      ...[130, 60, 30, 15, 7, 3, 1].map((loss, i): Row => [loss, loss, i < 3 ? 0.5 - 0.2 * i : 0]),
      ...near.map((loss): Row => [loss, loss, 0]),
    ];
    expect((await said(rows)).flat()).toEqual([]);
  });

  it("whose dev loss has single high epochs", async () => {
    const rows = Array.from({ length: 16 }, (_, i): Row => {
      const dev = 60 * 0.85 ** i + (i % 4 === 3 ? 25 : 0);
      return [70 * 0.7 ** i, dev, 0.5 * 0.85 ** i];
    });
    expect((await said(rows)).flat()).toEqual([]);
  });
});

describe("a run that goes wrong is told so", () => {
  it("when it remembers a small training set", async () => {
    const rows = Array.from({ length: 20 }, (_, i): Row => {
      const dev = i < 8 ? 120 - 5 * i : 80 + 8 * (i - 8) + (i % 2 ? 6 : -6);
      return [120 * 0.75 ** i, dev, 0.55];
    });
    const codes = await said(rows);
    expect(codes.at(-1)).toEqual(["OVERFITTING/warning"]);
    expect(codes.findIndex((found) => found.length > 0)).toBeGreaterThan(8);
  });

  it("when it diverges from what it had learned", async () => {
    const rows = Array.from({ length: 14 }, (_, i): Row => {
      const loss = i < 7 ? 110 * 0.7 ** i : 20 + 15 * (i - 7);
      return [loss, loss, i < 7 ? 0.9 * 0.7 ** i : Math.min(1, 0.2 + 0.12 * (i - 7))];
    });
    expect((await said(rows)).at(-1)).toContain("LEARNING_RATE_TOO_HIGH/wrong");
  });
});

describe("texts of other recordings", () => {
  const deaf = { compared: 20, better: 12 };
  /** Losses of the demo's training set, shuffled: down to what texts alone teach. */
  const shuffled = [180, 133, 121, 113, 112, 109, 109, 107, 102, 104, 102, 97, 95, 94, 93, 92];

  it("are found out when the loss rests and recordings go with any text", async () => {
    const codes = await said(shuffled.map((loss): Row => [loss, loss + 20, 0.97, deaf]));
    expect(codes.at(-1)).toContain("MISMATCHED_PAIRS/wrong");
  });

  it("are not suspected on the plateau of a network that is about to listen", async () => {
    const losses = [180, 110, 104, 100, 80, 60, 40, 30, 25, 20, 17, 15, 13, 12, 11, 10];
    const rows = losses.map((loss, i): Row => {
      const better = i < 4 ? 10 : 20;
      return [loss, loss, i < 6 ? 1 : 0.3, i < 6 ? { compared: 20, better } : undefined];
    });
    expect((await said(rows, 40)).flat().filter((code) => code.startsWith("MISMATCHED"))).toEqual([]);
  });

  it("are not concluded from a handful of pairs", async () => {
    const few = { compared: 1, better: 0 };
    const codes = await said(shuffled.map((loss): Row => [loss, loss, 1, few]));
    expect(codes.flat().filter((code) => code.startsWith("MISMATCHED"))).toEqual([]);
  });
});
