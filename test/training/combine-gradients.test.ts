// The seam between gradient and update: machines that each have a part of a batch learn as one that has all of it.

import { describe, expect, it } from "vitest";
import { memoryRanks } from "../../src/platform/index.ts";
import { combineOverRanks } from "../../src/training/ranks/combine-over-ranks.ts";
import { sumOverRanks, type SumGradients } from "../../src/training/ranks/sum-gradients.ts";
import { sumHalves } from "../../src/training/ranks/sum-halves.ts";
import type { StepBatch, StepRequest } from "../../src/training/index.ts";
import { demoBatch } from "./recordings.ts";
import { copyWeights, cut, openStep } from "./steps.ts";

const LEARNING_RATE = 0.01;
const STEPS = 3;

async function halves(): Promise<{ whole: StepBatch; parts: StepBatch[] }> {
  const whole = await demoBatch(6);
  return { whole, parts: [cut(whole, 0, 3), cut(whole, 3, 6)] };
}

type Step = Awaited<ReturnType<typeof openStep>>;
type Settings = readonly [Record<string, unknown>, Record<string, unknown>, number];

/** The weights after some steps, each of the same parts, and the outcome of the last. */
async function learn(step: Step, parts: readonly StepBatch[], request: Partial<StepRequest> = {}) {
  let outcome;
  for (let i = 0; i < STEPS; i++)
    outcome = await step.step(parts, { step: i, utterances: 6, learningRate: LEARNING_RATE, ...request });
  const { losses, gradientNorm } = outcome!;
  return { losses, gradientNorm, weights: copyWeights(step), lost: outcome!.lost };
}

/** The same by ranks, of which each has some of the parts. */
function learnTogether(
  settings: Settings,
  shares: readonly (readonly number[])[],
  parts: readonly StepBatch[],
  {
    sums = (ranks: Parameters<typeof sumOverRanks>[0]): SumGradients => sumOverRanks(ranks, 1000),
    statistics = false,
  } = {},
) {
  return Promise.all(
    memoryRanks(shares.length).map(async (ranks, rank) => {
      const combine = combineOverRanks(ranks, sums(ranks), statistics);
      const numbers = shares[rank];
      const places = numbers.flatMap((number) => [0, 1, 2].map((i) => 3 * number + i));
      const own = numbers.map((number) => parts[number]);
      return learn(await openStep(...settings, { combine }), own, { numbers, places });
    }),
  );
}

function expectNear(one: Awaited<ReturnType<typeof learn>>, other: typeof one, near: number): void {
  expect(one.losses).toHaveLength(other.losses.length);
  expect(one.gradientNorm / other.gradientNorm).toBeCloseTo(1, 3);
  for (const [name, values] of one.weights) {
    const expected = other.weights.get(name)!;
    const difference = Math.hypot(...values.map((value, i) => value - expected[i]));
    expect(difference / Math.hypot(...expected), name).toBeLessThan(near);
  }
}

describe("ranks that add up their gradients", () => {
  it("learn from half a batch each what one learns from the whole batch", async () => {
    const settings = [{ width: 24, context: 2, dropout: 0 }, { name: "nesterov" }, 5] as const;
    const { whole, parts } = await halves();
    const alone = await learn(await openStep(...settings), [whole]);
    for (const rank of await learnTogether(settings, [[0], [1]], parts)) expectNear(rank, alone, 1e-5);
  });

  it("are bit for bit one step that takes the halves one after the other, with its dropout, whoever takes which", async () => {
    const settings = [{ width: 16, context: 1, dropout: 0.3 }, {}, 5] as const;
    const { parts } = await halves();
    const alone = { ...(await learn(await openStep(...settings), parts)), lost: [] };
    for (const shares of [
      [[0], [1]],
      [[1], [0]],
      [[0, 1], []],
      [[], [0], [1]],
    ])
      for (const rank of await learnTogether(settings, shares, parts)) expect(rank).toEqual(alone);
  });

  it("follow the statistics of batch normalization in the order of the parts", async () => {
    const network = { name: "deep-speech-2", width: 8, cell: "clipped", recurrentLayers: 1 };
    const settings = [network, {}, 5] as const;
    const { parts } = await halves();
    const alone = { ...(await learn(await openStep(...settings), parts)), lost: [] };
    for (const rank of await learnTogether(settings, [[1], [0]], parts, { statistics: true }))
      expect(rank).toEqual(alone);
  });

  it("learn nearly the same in half the bytes, and all ranks exactly the same", async () => {
    const settings = [{ width: 24, context: 2, dropout: 0 }, { name: "nesterov" }, 5] as const;
    const { parts } = await halves();
    const alone = await learn(await openStep(...settings), parts);
    const ranks = await learnTogether(settings, [[0], [1], []], parts, {
      sums: (job) => sumHalves(job, 999),
    });
    for (const rank of ranks) {
      expectNear(rank, alone, 1e-3);
      expect(rank).toEqual(ranks[0]);
    }
  });

  it("find on all what is not finite on one, and leave the update out", async () => {
    const settings = [{ width: 16, context: 1, dropout: 0 }, {}, 5] as const;
    const { parts } = await halves();
    const before = copyWeights(await openStep(...settings));
    for (const sums of [sumOverRanks, sumHalves]) {
      const poisoned =
        (job: Parameters<typeof sumOverRanks>[0]): SumGradients =>
        (gradients) => {
          if (job.rank === 1) gradients[0][1][3] = Number.NaN;
          return sums(job)(gradients);
        };
      for (const { gradientNorm, weights } of await learnTogether(settings, [[0], [1]], parts, {
        sums: poisoned,
      })) {
        expect(gradientNorm).toBeNaN();
        expect(weights).toEqual(before);
      }
    }
  });

  it("divide by the utterances that there were, when one rank lost some of its own", async () => {
    const settings = [{ width: 16, context: 1, dropout: 0 }, { name: "nesterov" }, 5] as const;
    const whole = await demoBatch(6);
    const alone = await learn(await openStep(...settings), [cut(whole, 0, 4)], { utterances: 4 });
    const ranks = memoryRanks(2).map(async (job, rank) => {
      const step = await openStep(...settings, { combine: combineOverRanks(job, sumOverRanks(job), false) });
      const [own, places] = rank === 0 ? [[cut(whole, 0, 3)], [0, 1, 2]] : [[cut(whole, 3, 4)], [4]];
      return learn(step, own, { numbers: [rank], places });
    });
    for (const rank of await Promise.all(ranks)) {
      expect(rank.lost).toEqual([3, 5]);
      expectNear(rank, alone, 1e-5);
    }
  });
});

it("what the seam gives back unchanged changes nothing", async () => {
  const settings = [{ width: 16, context: 1, dropout: 0.3 }, {}, 5] as const;
  const { whole } = await halves();
  const through = await openStep(...settings, { combine: (own) => own() });
  expect(await learn(through, [whole])).toEqual(await learn(await openStep(...settings), [whole]));
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
