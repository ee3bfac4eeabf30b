// What the planner predicts, where it can be computed by hand.

import { describe, expect, it } from "vitest";
import { allReduceSeconds, exposedSeconds, usableRate } from "../../../src/training/planning/all-reduce.ts";
import { batchShapes, planRanks, type RankPlanRequest } from "../../../src/training/planning/plan-ranks.ts";
import { fastestSteps, fitStepCost } from "../../../src/training/planning/step-cost.ts";
import { drawLengths } from "../../../src/training/planning/utterance-lengths.ts";

const link = { bytesPerSecond: 1e8, latencySeconds: 1e-4 };

describe("the sum of gradients over ranks", () => {
  it("sends each byte twice but for the own share, in two messages for each of the others, around a ring", () => {
    expect(allReduceSeconds(1e8, 1, link)).toBe(0);
    expect(allReduceSeconds(1e8, 2, link)).toBeCloseTo(1 + 2e-4, 12);
    expect(allReduceSeconds(1e8, 4, link)).toBeCloseTo(1.5 + 6e-4, 12);
    expect(allReduceSeconds(0, 512, link)).toBeCloseTo(1022e-4, 12);
  });

  it("gets of a link what TCP leaves of it, and never more than ranks can add up", () => {
    expect(usableRate(1.25e8)).toBeCloseTo(1 / (1538 / 1448 / 1.25e8 + 1e-9), 0); // 105 MB/s
    expect(usableRate(1e15)).toBeCloseTo(1e9, -4);
  });

  it("is waited for altogether where all buckets are complete at the end", () => {
    const exchange = { bytes: 4e7, bucketBytes: 1e7, link, overlap: 0 };
    expect(exposedSeconds(exchange, 2, 3)).toBeCloseTo(0.4 + 8e-4 + 2e-4, 12);
  });

  it("hides behind the computing all but the last bucket of a fast link, and little of a slow one", () => {
    const exchange = { bytes: 4e7, bucketBytes: 1e7, link, overlap: 1 };
    expect(exposedSeconds(exchange, 2, 4)).toBeCloseTo(0.1 + 2e-4 + 2e-4, 12);
    const slow = { bytesPerSecond: 1e7, latencySeconds: 0 }; // a bucket takes 1 s, and one is complete each 0.1 s
    expect(exposedSeconds({ ...exchange, link: slow }, 2, 0.4)).toBeCloseTo(0.1 + 4 - 0.4, 12);
  });

  it("is predicted at once, however small the buckets", () => {
    const exchange = { bytes: 4e7, bucketBytes: 1e-6, link: { ...link, latencySeconds: 0 }, overlap: 0 };
    expect(exposedSeconds(exchange, 2, 3)).toBeCloseTo(0.4, 6);
  });
});

describe("the cost of steps", () => {
  it("is the line through what was measured", () => {
    const steps = [1000, 2000, 5000].map((paddedFrames) => ({
      paddedFrames,
      seconds: 0.5 + 1e-4 * paddedFrames,
    }));
    const cost = fitStepCost(steps);
    expect(cost.secondsPerStep).toBeCloseTo(0.5, 10);
    expect(cost.secondsPerFrame).toBeCloseTo(1e-4, 12);
  });

  it("has no part below zero, and of one shape all belongs to the frames", () => {
    const bent = [
      { paddedFrames: 1000, seconds: 0.1 },
      { paddedFrames: 2000, seconds: 0.9 },
    ];
    expect(fitStepCost(bent)).toEqual({ secondsPerStep: 0, secondsPerFrame: 0.5 / 1500 });
    const falling = [
      { paddedFrames: 1000, seconds: 0.3 },
      { paddedFrames: 2000, seconds: 0.1 },
    ];
    expect(fitStepCost(falling)).toEqual({ secondsPerStep: 0.2, secondsPerFrame: 0 });
    expect(fitStepCost([{ paddedFrames: 100, seconds: 2 }])).toEqual({
      secondsPerStep: 0,
      secondsPerFrame: 0.02,
    });
  });
});

it("of equal steps the fastest counts", () => {
  const steps = [3, 1, 2].map((seconds) => ({ paddedFrames: 100, seconds }));
  expect(fastestSteps([...steps, { paddedFrames: 50, seconds: 1 }])).toEqual([
    { paddedFrames: 100, seconds: 1 },
    { paddedFrames: 50, seconds: 1 },
  ]);
});

const equal: RankPlanRequest = {
  hours: 10,
  lengths: { measuredSeconds: [10] },
  hopMs: 10,
  batchFrames: 16_000,
  maxUtterances: 8,
  accumulate: 1,
  cost: { secondsPerStep: 0, secondsPerFrame: 1e-4 }, // 8 × 1000 frames: 0.8 s
  spread: 0,
  exchange: { bytes: 4e7, bucketBytes: 4e7, link: { bytesPerSecond: 1e8, latencySeconds: 0 }, overlap: 0 },
  price: 2,
  seed: 1,
};

describe("a plan", () => {
  it("of equal utterances is what a calculator says", () => {
    const [one, two] = planRanks(equal, [1, 2]); // 3600 utterances
    expect(one).toMatchObject({ ranks: 1, updates: 450, utterances: 8, efficiency: 1 });
    expect(one.hoursPerEpoch).toBeCloseTo((450 * 0.8) / 3600, 12);
    expect(two).toMatchObject({ ranks: 2, updates: 225, utterances: 16 });
    expect(two.exchangeSeconds).toBeCloseTo(0.4, 12);
    expect(two.waitSeconds).toBeCloseTo(0, 12);
    expect(two.hoursPerEpoch).toBeCloseTo((225 * 1.2) / 3600, 12);
    expect(two.efficiency).toBeCloseTo(0.8 / 1.2, 12);
    expect(two.price).toBeCloseTo(2 * 2 * two.hoursPerEpoch, 12);
  });

  it("waits more the more ranks there are and the less alike they compute", () => {
    const waits = (request: RankPlanRequest) =>
      planRanks(request, [2, 8, 32]).map(({ waitSeconds }) => waitSeconds);
    const spread = waits({ ...equal, hours: 100, spread: 0.05 });
    expect(spread).toEqual(spread.toSorted((a, b) => a - b));
    // the largest of 2 and of 32 normal numbers is 0.564 and 2.07 deviations above their mean
    expect(spread[0] / (0.8 * 0.05)).toBeCloseTo(0.564, 1);
    expect(Math.abs(spread[2] / (0.8 * 0.05) - 2.07)).toBeLessThan(0.2);
    const uneven = waits({ ...equal, hours: 100, lengths: { meanSeconds: 10, spread: 0.5 } });
    expect(uneven[0]).toBeGreaterThan(0);
  });

  it("shares out several batches an update, whose ranks wait less and sum less often", () => {
    const [one, two] = planRanks({ ...equal, accumulate: 4 }, [1, 2]); // two batches each
    expect(one).toMatchObject({ updates: 113, utterances: 32 });
    expect(one.computeSeconds).toBeCloseTo((450 / 113) * 0.8, 12);
    expect(two).toMatchObject({ updates: 113, utterances: 32 });
    expect(two.exchangeSeconds).toBeCloseTo(0.4, 12);
    expect(two.efficiency).toBeGreaterThan(0.79);
    const uneven = { ...equal, hours: 100, lengths: { meanSeconds: 10, spread: 0.5 } };
    const shareWaited = (accumulate: number) => {
      const [plan] = planRanks({ ...uneven, accumulate }, [2]);
      return plan.waitSeconds / plan.computeSeconds;
    };
    expect(shareWaited(4)).toBeLessThan(shareWaited(2));
    expect(planRanks({ ...equal, accumulate: 4 }, [8])).toEqual(
      planRanks(equal, [8]).map((plan) => ({ ...plan, efficiency: expect.any(Number) })),
    );
  });

  it("has as much speech as it is asked about, whatever lengths are cut off", () => {
    for (const meanSeconds of [0.5, 20, 30]) {
      const lengths = { meanSeconds, spread: 0.5 };
      const frames = { ...equal, hours: 1_000, batchFrames: 3_000, maxUtterances: 1, lengths };
      const [plan] = planRanks(frames, [1]); // each utterance a batch: as long as the speech
      expect(plan.hoursPerEpoch / ((1_000 * 3600 * 100 * 1e-4) / 3600)).toBeCloseTo(1, 1);
    }
  });

  it("leaves ranks without work where there is less than an utterance for each", () => {
    const [few] = planRanks({ ...equal, hours: 30 / 360 }, [64]); // 30 utterances
    expect(few).toMatchObject({ updates: 1, utterances: 30 });
    expect(few.efficiency).toBeLessThan(0.1);
  });

  it("of a large corpus is that of a smaller one, stretched", () => {
    const uneven = { ...equal, lengths: { meanSeconds: 10, spread: 0.5 } };
    const [small] = planRanks({ ...uneven, hours: 1_000 }, [16]);
    const [large] = planRanks({ ...uneven, hours: 10_000 }, [16]);
    expect(large.hoursPerEpoch / small.hoursPerEpoch).toBeCloseTo(10, 1);
  });
});

it("measured lengths are taken as often as each other", () => {
  const measuredSeconds = [1, 2, 4];
  expect(drawLengths({ measuredSeconds }, 3, 1)).toEqual(measuredSeconds);
  const [plan] = planRanks({ ...equal, hours: 70 / 3600, lengths: { measuredSeconds: [1, 2, 4] } }, [1]);
  expect(plan.utterances * plan.updates).toBe(30);
});

it("assumed lengths have the mean that they are asked for, and shapes keep to the budget", () => {
  const lengths = { meanSeconds: 8, spread: 0.4 };
  const drawn = drawLengths(lengths, 20_000, 1);
  expect(drawn.reduce((sum, seconds) => sum + seconds, 0) / drawn.length).toBeCloseTo(8, 0);
  const shapes = batchShapes({ ...equal, lengths, batchFrames: 4_000 });
  for (const { B, T } of shapes) expect(B * T).toBeLessThanOrEqual(4_000);
});
