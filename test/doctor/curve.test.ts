// Planted faults of curves, each named first, and curves that are healthy, early and late.

import { afterAll, describe, expect, it } from "vitest";
import { examineCurve } from "../../src/doctor/curve/checks.ts";
import { levelsOf } from "../../src/doctor/curve/levels.ts";
import { conclude } from "../../src/doctor/examination.ts";
import { RandomStream } from "../../src/random.ts";
import { confusionTable, type Trial } from "./confusion.ts";
import { healthyCurve, reshape, type Curve, type Shape } from "./curves.ts";

/** Each fault is planted so often. */
const SEEDS = Array.from({ length: Number(process.env.EARSHOT_SEEDS ?? 1) }, (_, i) => i + 1);
const trials: Trial[] = [];
afterAll(() => console.log(confusionTable("curves", trials)));

/** The curve alone, as another framework would give it: one list of losses, nothing of epochs. */
function onlySteps(curve: Curve, lossAt: () => number, reduction?: Curve["reduction"]): void {
  reshape(curve, lossAt);
  curve.epochs = [];
  curve.steps = curve.steps.map(({ step, loss }) => ({ step, loss }));
  Object.assign(curve, { reduction });
}

const FAULTS: readonly { name: string; code: string; plant: (curve: Curve, random: RandomStream) => void }[] =
  [
    {
      name: "NaN from one step on",
      code: "LOSS_NOT_FINITE",
      plant: (curve, random) => {
        const from = random.integer(curve.steps.length - 2);
        curve.steps = curve.steps.map((step, i) => (i >= from ? { ...step, loss: NaN } : step));
      },
    },
    {
      name: "infinite gradients here and there",
      code: "LOSS_NOT_FINITE",
      plant: (curve, random) => {
        for (let n = 0; n <= random.integer(5); n++) {
          const at = random.integer(curve.steps.length);
          curve.steps[at] = { ...curve.steps[at], gradientNorm: Infinity };
        }
      },
    },
    {
      name: "a detached loss",
      code: "DETACHED_LOSS",
      plant: (curve) => {
        reshape(curve, () => curve.levels.uniform.mean);
        curve.steps = curve.steps.map((step) => ({ ...step, gradientNorm: 0 }));
      },
    },
    ...(["sum", "mean", "mean per label"] as const).map((reduction) => ({
      name: `flat at uniform outputs, ${reduction}`,
      code: "FLAT_AT_UNIFORM",
      plant: (curve: Curve, random: RandomStream) =>
        onlySteps(curve, () => curve.levels.uniform[reduction] * (1 + 0.002 * random.normal())),
    })),
    {
      name: "a loss that stands still at nothing known",
      code: "FLAT_LOSS",
      plant: (curve, random) => {
        const level = curve.levels.constant.mean * (0.3 + 0.4 * random.uniform());
        reshape(curve, () => level * (1 + 0.002 * random.normal()));
      },
    },
    {
      name: "blanks for ever",
      code: "ALL_BLANK_PLATEAU",
      plant: (curve, random) => {
        reshape(
          curve,
          (share) => curve.levels.constant.mean * (1 + 2 * Math.exp(-200 * share) + 0.01 * random.normal()),
        );
      },
    },
    {
      name: "divergence",
      code: "LEARNING_RATE_TOO_HIGH",
      plant: (curve, random) => {
        const turn = 0.3 + 0.4 * random.uniform();
        reshape(
          curve,
          (share) =>
            curve.levels.constant.mean * (share < turn ? 1 - 0.8 * (share / turn) : 0.2 + 4 * (share - turn)),
        );
      },
    },
    {
      name: "spikes",
      code: "LEARNING_RATE_TOO_HIGH",
      plant: (curve, random) => {
        for (let n = 0; n < 6 + random.integer(20); n++) {
          const at = Math.floor(curve.steps.length * (0.2 + 0.8 * random.uniform()));
          curve.steps[at] = { ...curve.steps[at], loss: curve.levels.worst * (2 + 20 * random.uniform()) };
        }
      },
    },
    {
      name: "a rate too low to learn even blanks",
      code: "LEARNING_RATE_TOO_LOW",
      plant: (curve, random) => {
        const [from, to] = [4 + 4 * random.uniform(), 1.6 + 1.5 * random.uniform()];
        reshape(curve, (share) => curve.levels.constant.mean * (from + (to - from) * share));
      },
    },
    {
      name: "remembering the training set",
      code: "OVERFITTING",
      plant: (curve, random) => {
        const turn = Math.floor(curve.epochs.length * (0.3 + 0.3 * random.uniform()));
        curve.epochs = curve.epochs.map((epoch, i) => {
          const trainLoss = curve.levels.constant.mean * 0.9 * 0.85 ** i;
          const past = Math.max(0, i - turn);
          const devLoss =
            curve.levels.constant.mean * (0.5 + 0.4 * 0.7 ** Math.min(i, turn)) * (1 + 0.1 * past);
          return { ...epoch, trainLoss, devLoss, devWer: 0.5 + 0.03 * past, devCer: 0.2 };
        });
      },
    },
    {
      name: "a decoder with another alphabet",
      code: "LOSS_FALLS_WER_STAYS",
      plant: (curve) => {
        curve.epochs = curve.epochs.map((epoch) => ({ ...epoch, devWer: 1, devCer: 0.9 }));
      },
    },
    {
      name: "a dev set of another kind",
      code: "LOSS_FALLS_WER_STAYS",
      plant: (curve, random) => {
        const devLoss = curve.levels.constant.mean * (1 + 0.5 * random.uniform());
        curve.epochs = curve.epochs.map((epoch) => ({ ...epoch, devLoss, devWer: 1, devCer: 1 }));
      },
    },
    {
      name: "a dead layer",
      code: "DEAD_UNITS",
      plant: (curve, random) => {
        const layers = layersOf(random);
        const at = random.integer(layers.length);
        curve.layers = layers.map((layer, i) =>
          i === at ? { ...layer, zeroShare: 0.97 + 0.03 * random.uniform() } : layer,
        );
      },
    },
    {
      name: "a layer at its clip",
      code: "SATURATED_UNITS",
      plant: (curve, random) => {
        const layers = layersOf(random);
        const at = random.integer(layers.length);
        curve.layers = layers.map((layer, i) =>
          i === at ? { ...layer, clippedShare: 0.6 + 0.4 * random.uniform() } : layer,
        );
      },
    },
    {
      name: "gradients that vanish on their way down",
      code: "VANISHING_GRADIENT",
      plant: (curve, random) => {
        curve.layers = layersOf(random).map((layer, i) =>
          i < 2 ? { ...layer, gradientNorm: 1e-7 * random.uniform() } : layer,
        );
      },
    },
  ];

function layersOf(random: RandomStream): NonNullable<Curve["layers"]> {
  return ["h1", "h2", "h3", "h4", "h5", "h6"].map((name) => ({
    name,
    gradientNorm: 0.1 + random.uniform(),
    weightNorm: 10 + 20 * random.uniform(),
    zeroShare: 0.3 + 0.4 * random.uniform(),
    clippedShare: 0.02 * random.uniform(),
  }));
}

describe("a fault of a curve is the first finding", () => {
  for (const { name, code, plant } of FAULTS) {
    it(`${name}: ${code}`, async () => {
      for (const seed of SEEDS) {
        const random = new RandomStream("curve", name, seed);
        const shape = {
          utterances: 20 + random.integer(20),
          symbols: 10 + random.integer(40),
          epochs: 30 + random.integer(20),
        };
        const curve = healthyCurve(shape, random);
        plant(curve, random);
        const { findings } = conclude(await examineCurve(curve));
        trials.push({ fault: `${name}, seed ${seed}`, expected: code, found: findings[0]?.code });
        expect(findings[0]?.code, `seed ${seed}`).toBe(code);
      }
    });
  }
});

describe("a healthy curve has nothing wrong and at most one warning", () => {
  const shapes: Record<string, Shape> = {
    "after one epoch": { utterances: 30, symbols: 29, epochs: 1, planned: 40 },
    "on the early plateau": { utterances: 30, symbols: 29, epochs: 4, planned: 40 },
    "in the middle": { utterances: 40, symbols: 17, epochs: 12, planned: 30 },
    "at the end": { utterances: 30, symbols: 29, epochs: 40 },
    "of many symbols": { utterances: 30, symbols: 90, epochs: 20 },
    "of few symbols": { utterances: 25, symbols: 6, epochs: 25 },
  };
  for (const [name, shape] of Object.entries(shapes)) {
    it(name, async () => {
      const random = new RandomStream("healthy curve", name);
      const { findings } = conclude(
        await examineCurve({ ...healthyCurve(shape, random), layers: layersOf(random) }),
      );
      const told = findings.filter(({ severity }) => severity !== "note");
      trials.push({ fault: name, expected: undefined, found: told[0]?.code });
      expect(told.filter(({ severity }) => severity === "wrong")).toEqual([]);
      expect(told.length).toBeLessThanOrEqual(1);
    });
  }
});

it("a training loss that rises while augmentation grows is no divergence; without a ramp it is", async () => {
  const curve = healthyCurve({ utterances: 30, symbols: 29, epochs: 40 }, new RandomStream("ramp", 1));
  const low = 0.1 * curve.levels.constant.mean;
  const grown = Array.from({ length: 40 }, (_, i) => low * (1 + Math.min(i, 10) / 2));
  const epochs = curve.epochs.map((epoch, i) => ({
    ...epoch,
    trainLoss: grown[i],
    devCer: 0.1 + grown[i] / 100,
  }));
  const codes = async (rampEpochs: number) =>
    conclude(await examineCurve({ ...curve, epochs, rampEpochs })).findings.map(({ code }) => code);
  expect(await codes(10)).not.toContain("LEARNING_RATE_TOO_HIGH");
  expect(await codes(0)).toContain("LEARNING_RATE_TOO_HIGH");
});

describe("levels", () => {
  // By hand: with V symbols all alike, p(l) = N V⁻ᵀ, N the number of paths that spell l. T = 2, l = "a": aa, a-, -a.
  it("of uniform outputs count the paths", () => {
    const levels = levelsOf({ targets: [{ labels: Int32Array.of(0), steps: 2 }], symbols: 3, blank: 2 })!;
    expect(levels.uniform.mean).toBeCloseTo(-Math.log(3 / 9), 10);
    expect(levels.uniform.sum).toBe(levels.uniform.mean);
  });
  it("of deaf outputs are never above those of ignorant ones", () => {
    for (const seed of [1, 2, 3]) {
      const { levels } = healthyCurve(
        { utterances: 12, symbols: 8, epochs: 1 },
        new RandomStream("levels", seed),
      );
      expect(levels.constant.mean).toBeLessThan(levels.uniform.mean);
    }
  });
  it("are the same whatever order the utterances come in, as a run and its folder give them", () => {
    const random = new RandomStream("order of targets", 1);
    const targets = Array.from({ length: 200 }, () => ({
      labels: Int32Array.from({ length: 2 + random.integer(4) }, () => random.integer(7)),
      steps: 12 + random.integer(3), // many of one length
    }));
    const levels = levelsOf({ targets, symbols: 8, blank: 7 })!;
    const reversed = levelsOf({ targets: targets.toReversed(), symbols: 8, blank: 7 })!;
    expect(reversed.uniform.mean).toBeCloseTo(levels.uniform.mean, 10);
    expect(reversed.constant.mean).toBeCloseTo(levels.constant.mean, 10);
    expect(reversed.worst).toBe(levels.worst);
  });
  it("cannot be told where a text is longer than its steps", () => {
    expect(
      levelsOf({ targets: [{ labels: Int32Array.of(0, 0), steps: 2 }], symbols: 3, blank: 2 }),
    ).toBeUndefined();
  });
});

it("says which losses it would need when the curve has none", async () => {
  const { findings, untold } = conclude(await examineCurve({}));
  expect(findings).toEqual([]);
  expect(untold.length).toBeGreaterThan(5);
  expect(untold.map(({ probe }) => probe).join()).toContain("loss of every step");
});
