import { describe, expect, it } from "vitest";
import { groupByFrames, packByLength } from "../../src/recognizer/batches.ts";

const itself = (frames: number): number => frames;

async function* stream(items: readonly number[]): AsyncGenerator<number, void> {
  yield* items;
}

describe("batches of recordings", () => {
  it("hold similar lengths within the budget of padded frames", () => {
    expect(packByLength([50, 10, 40, 20, 30], itself, 60)).toEqual([[10, 20], [30], [40], [50]]);
    expect(packByLength([50, 10, 40, 20, 30], itself, 100)).toEqual([
      [10, 20, 30],
      [40, 50],
    ]);
  });

  it("give a recording beyond the budget a batch of its own", () => {
    expect(packByLength([500, 1, 0], itself, 10)).toEqual([[0, 1], [500]]);
  });

  it("are taken from groups that bound what is held at once, in the order of the stream", async () => {
    const items = [30_000, 40_000, 1, ...Array.from({ length: 300 }, () => 0)];
    const groups: number[][] = [];
    for await (const group of groupByFrames(stream(items), itself)) groups.push(group);
    expect(groups.map((group) => group.length)).toEqual([2, 256, 45]);
    expect(groups.flat()).toEqual(items);
  });
});
