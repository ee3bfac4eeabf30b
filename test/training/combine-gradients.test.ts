// The seam between gradient and update: machines that each have a part of a batch learn as one that has all of it.

import { describe, expect, it } from "vitest";
import type { CombineGradients, StepBatch, StepGradient, StepRequest } from "../../src/training/index.ts";
import { demoBatch } from "./recordings.ts";
import { copyWeights, cut, openStep } from "./steps.ts";

/** Adds up what all ranks bring: each waits for the others, and all get the same. */
function allReduce(ranks: number): CombineGradients[] {
  let release: (own: readonly StepGradient[]) => void = () => undefined;
  let arrived: StepGradient[] = [];
  let together = new Promise<readonly StepGradient[]>((resolve) => (release = resolve));
  return Array.from({ length: ranks }, (_, rank) => async (own) => {
    const waiting = together;
    arrived[rank] = own;
    if (arrived.filter(Boolean).length === ranks) {
      release(arrived);
      arrived = [];
      together = new Promise((resolve) => (release = resolve));
    }
    return summed(await waiting);
  });
}

/** In new arrays: the ranks' own are read by all. */
function summed(all: readonly StepGradient[]): StepGradient {
  const [first, ...others] = all;
  const gradients = first.gradients.map(([name, gradient], i) => {
    const sum = gradient.slice();
    for (const other of others) other.gradients[i][1].forEach((value, j) => (sum[j] += value));
    return [name, sum] as const;
  });
  return { losses: Float64Array.from(all.flatMap(({ losses }) => [...losses])), gradients };
}

async function halves(): Promise<{ whole: StepBatch; parts: StepBatch[] }> {
  const whole = await demoBatch(6);
  return { whole, parts: [cut(whole, 0, 3), cut(whole, 3, 6)] };
}

const LEARNING_RATE = 0.01;
const STEPS = 3;

/** The weights after some steps, each of the same parts, and the outcome of the last. */
async function learn(
  step: Awaited<ReturnType<typeof openStep>>,
  parts: () => readonly StepBatch[],
  request: Partial<StepRequest> = {},
) {
  let outcome;
  for (let i = 0; i < STEPS; i++)
    outcome = await step.step(parts(), { step: i, utterances: 6, learningRate: LEARNING_RATE, ...request });
  return { outcome: outcome!, weights: copyWeights(step) };
}

describe("two train steps that add up their gradients", () => {
  it("learn from half a batch each what one learns from the whole batch", async () => {
    const settings = [{ width: 24, context: 2, dropout: 0 }, { name: "nesterov" }, 5] as const;
    const { whole, parts } = await halves();
    const alone = await learn(await openStep(...settings), () => [whole]);
    const reduce = allReduce(2);
    const ranks = await Promise.all(
      parts.map(async (part, rank) =>
        learn(await openStep(...settings, { combine: reduce[rank] }), () => [part]),
      ),
    );
    for (const { weights, outcome } of ranks) {
      expect(outcome.losses).toHaveLength(6);
      expect(outcome.gradientNorm / alone.outcome.gradientNorm).toBeCloseTo(1, 4);
      for (const [name, values] of weights) {
        const expected = alone.weights.get(name)!;
        const difference = Math.hypot(...values.map((value, i) => value - expected[i]));
        expect(difference / Math.hypot(...expected), name).toBeLessThan(1e-5);
      }
    }
  });

  it("are bit for bit one step that takes the halves one after the other, with its dropout", async () => {
    const settings = [{ width: 16, context: 1, dropout: 0.3 }, {}, 5] as const;
    const { parts } = await halves();
    const alone = await learn(await openStep(...settings), () => parts);
    const reduce = allReduce(2);
    const ranks = await Promise.all(
      parts.map(async (part, rank) =>
        learn(await openStep(...settings, { combine: reduce[rank] }), () => [part], { firstPart: rank }),
      ),
    );
    for (const rank of ranks) expect(rank).toEqual(alone);
  });
});

it("what the seam gives back unchanged changes nothing", async () => {
  const settings = [{ width: 16, context: 1, dropout: 0.3 }, {}, 5] as const;
  const { whole } = await halves();
  const through = await openStep(...settings, { combine: (own) => own });
  expect(await learn(through, () => [whole])).toEqual(
    await learn(await openStep(...settings), () => [whole]),
  );
});

it("the number of utterances of the whole batch is what the loss is divided by, however many are in a part", async () => {
  const settings = [{ width: 16, context: 1, dropout: 0 }, {}, 1e9] as const;
  const { whole } = await halves();
  const normOf = async (utterances: number) => {
    const step = await openStep(...settings);
    return (await step.step([whole], { step: 0, utterances, learningRate: 0 })).gradientNorm;
  };
  expect((await normOf(12)) / (await normOf(6))).toBeCloseTo(1 / 2, 5);
});
