// How the batches of an update are shared among ranks, and the gradients' arrays among buckets.

import { expect, it } from "vitest";
import { memoryRanks } from "../../src/platform/index.ts";
import { sharesOf } from "../../src/training/ranks/shares.ts";
import { bucketsOf, sumOverRanks } from "../../src/training/ranks/sum-gradients.ts";
import { allOf } from "../../src/training/ranks/together.ts";
import { EarshotError } from "../../src/errors.ts";

it("each batch goes to one rank, and all ranks have about as many frames", () => {
  expect(sharesOf([5, 9, 4, 4], 2)).toEqual([
    [1, 3],
    [0, 2],
  ]); // 13 and 9 frames
  expect(sharesOf([3, 3, 3], 3)).toEqual([[0], [1], [2]]);
  expect(sharesOf([7], 3)).toEqual([[0], [], []]);
  const frames = Array.from({ length: 64 }, (_, i) => 50 + ((i * 37) % 64));
  const sums = sharesOf(frames, 5).map((share) => share.reduce((sum, batch) => sum + frames[batch], 0));
  expect(Math.max(...sums) - Math.min(...sums)).toBeLessThan(64);
});

it("buckets hold all numbers once, and no more than they may", async () => {
  const arrays = [3, 10, 1, 2].map((length) => Float32Array.from({ length }, (_, i) => i));
  const gradients = arrays.map((array, i) => [`w${i}`, array] as const);
  const buckets = bucketsOf(gradients, 4);
  const sizes = buckets.map((bucket) => bucket.reduce((sum, { length }) => sum + length, 0));
  expect(sizes).toEqual([4, 4, 4, 4]);
  await Promise.all(
    memoryRanks(2).map((ranks) => sumOverRanks(ranks, 4)(ranks.rank === 0 ? gradients : copyOf(gradients))),
  );
  expect([...arrays[1]]).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
});

const copyOf = (gradients: readonly (readonly [string, Float32Array])[]) =>
  gradients.map(([name, array]) => [name, array.slice()] as const);

it("what all did together is known to all, and so is the first fault, with its rank", async () => {
  const results = await Promise.all(memoryRanks(3).map((ranks) => allOf(ranks, async () => ranks.rank * 2)));
  expect(results).toEqual([
    [0, 2, 4],
    [0, 2, 4],
    [0, 2, 4],
  ]);
  const fault = new EarshotError({
    code: "DIVERGED",
    where: "training",
    problem: "Not finite.",
    remedy: "Lower it.",
  });
  const failing = memoryRanks(2).map((ranks) =>
    allOf(ranks, async () => {
      if (ranks.rank === 1) throw fault;
    }),
  );
  for (const outcome of await Promise.allSettled(failing))
    expect((outcome as PromiseRejectedResult).reason.message).toBe(
      "rank 1 of 2, training: Not finite. Lower it.",
    );
});
