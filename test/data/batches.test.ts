import { describe, expect, it } from "vitest";
import { paddedFrames, planBatches, type BatchRequest } from "../../src/data/corpus/batches.ts";
import { RandomStream } from "../../src/random.ts";

const random = new RandomStream("lengths");
const frames = Array.from({ length: 1000 }, () => 50 + random.integer(1500));
const request: BatchRequest = {
  frames,
  batchFrames: 16_000,
  maxUtterances: 32,
  seed: 1,
  epoch: 3,
  order: "shuffled",
};

/** Which utterances share a batch, whatever their order. */
const compositions = (plan: number[][]) => plan.map((batch) => batch.toSorted((a, b) => a - b).join());

describe("a plan of batches", () => {
  it.each(["sorted", "shuffled"] as const)("(%s) holds every utterance exactly once", (order) => {
    const indices = planBatches({ ...request, order }).flat();
    expect(indices.toSorted((a, b) => a - b)).toEqual([...frames.keys()]);
  });

  it("stays within the budget of padded frames and of utterances", () => {
    for (const batch of planBatches(request)) {
      expect(paddedFrames(batch, frames)).toBeLessThanOrEqual(16_000);
      expect(batch.length).toBeLessThanOrEqual(32);
    }
  });

  it("wastes little on padding", () => {
    const padded = planBatches(request).reduce((sum, batch) => sum + paddedFrames(batch, frames), 0);
    const spoken = frames.reduce((sum, length) => sum + length, 0);
    expect(spoken / padded).toBeGreaterThan(0.9);
  });

  it("gives an utterance beyond the budget a batch of its own", () => {
    const plan = planBatches({ ...request, frames: [10, 500, 10], batchFrames: 100, order: "sorted" });
    expect(plan).toEqual([[0, 2], [1]]);
  });

  it("keeps the last, partial batch", () => {
    const plan = planBatches({ ...request, frames: [5, 5, 5, 5, 5], batchFrames: 10, order: "sorted" });
    expect(plan).toEqual([[0, 1], [2, 3], [4]]);
  });

  it("is the same for the same arguments, and another for another epoch or seed", () => {
    expect(planBatches(request)).toEqual(planBatches(request));
    const here = compositions(planBatches(request));
    for (const other of [{ epoch: 4 }, { seed: 2 }]) {
      const there = new Set(compositions(planBatches({ ...request, ...other })));
      expect(here.filter((batch) => there.has(batch)).length).toBeLessThan(5);
    }
  });

  it("runs from short to long when sorted", () => {
    const lengths = planBatches({ ...request, order: "sorted" })
      .flat()
      .map((index) => frames[index]);
    expect(lengths).toEqual(frames.toSorted((a, b) => a - b));
  });

  it("runs the largest batch first when asked to, without changing any batch", () => {
    const plan = planBatches({ ...request, largestFirst: true });
    const sizes = plan.map((batch) => paddedFrames(batch, frames));
    expect(sizes[0]).toBe(Math.max(...sizes));
    expect(compositions(plan).toSorted()).toEqual(compositions(planBatches(request)).toSorted());
  });

  it.each([2, 4, 7])("keeps batches of similar length together, %i for an update", (together) => {
    const plan = planBatches({ ...request, largestFirst: true, together });
    expect(compositions(plan).toSorted()).toEqual(compositions(planBatches(request)).toSorted());
    const sorted = compositions(planBatches({ ...request, together: plan.length })); // one group: from short to long
    const left = plan.length % together;
    const groupOf = (batch: string) => Math.floor((sorted.indexOf(batch) - left) / together);
    const groups = compositions(plan).map(groupOf);
    for (let first = 0; first + together <= plan.length; first += together)
      expect(new Set(groups.slice(first, first + together)).size).toBe(1);
    expect(groups.slice(plan.length - left).every((group) => group < 0)).toBe(true); // the shortest come last
    const sizes = plan.map((batch) => paddedFrames(batch, frames));
    expect(sizes[0]).toBe(Math.max(...sizes));
  });

  it("of nothing is empty", () => {
    expect(planBatches({ ...request, frames: [], largestFirst: true })).toEqual([]);
  });
});
