// Known answers: PyTorch (float64), tools/oracles/optimizers_pytorch.py; of AdamW and Nesterov's momentum 1.13.1 and 2.15.0
// alike, of NAdamW (NAdam with decoupled_weight_decay, its momentum not warmed up) and the cosine 2.15.0.

import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/random.ts";
import { parseSettings } from "../../src/settings.ts";
import {
  createOptimizer,
  createSchedule,
  optimizerSettings,
  scheduleSettings,
  weightUpdate,
} from "../../src/training/index.ts";
import { inNumbers } from "../../src/training/optimizers/weight-update.ts";

const ADAMW = [0.831915725, -1.803372061, 0.288915072];
const NADAMW = [0.846875233, -1.801129604, 0.276488948];
const COSINE = [0, 0.5, 1, 0.96574579, 0.868198052, 0.722207545, 0.55, 0.377792455, 0.231801948, 0.13425421, 0.1]; // prettier-ignore
const NESTEROV = [0.93395, -1.7103, -0.1825];
const GRADIENTS = [
  [0.5, -1, 2],
  [0.1, 0.2, -0.3],
  [-0.7, 0, 0.4],
];

function afterSteps(settings: Record<string, unknown>, { scale = 1, decays = true } = {}): number[] {
  const optimizer = createOptimizer(parseSettings(optimizerSettings, settings, "test"));
  const weight = Float32Array.of(1, -2, 0.5);
  const slots = Array.from({ length: optimizer.slots }, () => new Float32Array(3));
  const update = weightUpdate(optimizer);
  GRADIENTS.forEach((gradient, step) => {
    const scaled = Float32Array.from(gradient, (g) => g / scale);
    update(weight, scaled, scale, slots, { learningRate: 0.1, step, decays });
  });
  return [...weight];
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
}

/** Of more numbers than a block has, of all sizes down to what float32 rounds to zero. */
const numbersFor = (array: string): Float32Array => {
  const random = new RandomStream(1, array);
  return Float32Array.from({ length: 4099 }, () => random.normal() * 2 ** -random.integer(150));
};

describe("optimizers", () => {
  it("AdamW takes PyTorch's steps", () => {
    expectClose(afterSteps({ name: "adamw", weightDecay: 0.01 }), ADAMW);
  });

  it("NAdamW takes PyTorch's steps", () => {
    expectClose(afterSteps({ name: "nadamw", weightDecay: 0.01 }), NADAMW);
  });

  it("Nesterov's momentum takes PyTorch's steps", () => {
    expectClose(afterSteps({ name: "nesterov", momentum: 0.9 }), NESTEROV);
  });

  it.each(["adamw", "nadamw", "nesterov"])(
    "%s gives the same bits in vectors as number by number",
    (name) => {
      const optimizer = createOptimizer(parseSettings(optimizerSettings, { name }, "test"));
      const after = [weightUpdate(optimizer), inNumbers(optimizer)].map((update) => {
        const weight = numbersFor("weight");
        const slots = Array.from({ length: optimizer.slots }, (_, i) =>
          numbersFor(`slot ${i}`).map((x) => Math.abs(x)),
        );
        for (const step of [0, 1, 2]) {
          const gradient = numbersFor(`gradient ${step}`);
          update(weight, gradient, 0.3, slots, { learningRate: 0.01, step, decays: step !== 1 });
        }
        return [weight, ...slots];
      });
      expect(after[0]).toEqual(after[1]);
    },
  );

  it("scale the gradient before they use it", () => {
    expectClose(afterSteps({ name: "nesterov", momentum: 0.9 }, { scale: 0.25 }), NESTEROV);
  });

  it.each(["adamw", "nadamw"])("%s leaves biases undecayed, and scales the gradient", (name) => {
    expect(afterSteps({ name, weightDecay: 0.5 }, { decays: false })).toEqual(
      afterSteps({ name, weightDecay: 0 }),
    );
    expectClose(afterSteps({ name }, { scale: 0.25 }), afterSteps({ name }));
  });

  it("are AdamW when no name is given, and the paper's momentum is 0.99", () => {
    expect(parseSettings(optimizerSettings, { weightDecay: 0.1 }, "test")).toMatchObject({
      name: "adamw",
      weightDecay: 0.1,
    });
    expect(parseSettings(optimizerSettings, { name: "nesterov" }, "test")).toMatchObject({ momentum: 0.99 });
  });
});

describe("schedules", () => {
  const rates = (settings: Record<string, unknown>, epochs: readonly number[]) => {
    const schedule = createSchedule(parseSettings(scheduleSettings, settings, "test"));
    return epochs.map((epoch) => schedule({ epoch, epochs: 10 }));
  };

  it("one cycle rises in a line, falls in a cosine, and ends near nothing", () => {
    const settings = { name: "one-cycle", peak: 1, rise: 0.2, start: 0.1, end: 0.01 };
    expectClose(rates(settings, [0, 1, 2, 6, 10]), [0.1, 0.55, 1, 0.505, 0.01]);
  });

  it("the cosine falls behind its warm-up as PyTorch's schedules do in sequence", () => {
    const settings = { name: "cosine", peak: 1, warmUp: 0.2, end: 0.1 };
    expectClose(rates(settings, [...COSINE.keys()]), COSINE);
    expect(rates({ ...settings, warmUp: 0 }, [0])).toEqual([1]);
    expect(rates({ name: "cosine" }, [10])).toEqual([0]);
  });

  it("the paper's rate is divided by a constant after each epoch", () => {
    expectClose(rates({ name: "annealed", initial: 1, divisor: 2 }, [0, 0.9, 1, 2.5]), [1, 1, 0.5, 0.25]);
  });
});
