import { describe, expect, it } from "vitest";
import { padFrames } from "../../src/audio/index.ts";
import { loadBatches, type Batch, type Sample } from "../../src/data/corpus/loader.ts";

const sample = (index: number): Sample => ({
  frames: { data: new Float32Array((index + 1) * 2).fill(index + 1), frames: index + 1, size: 2 },
  labels: Int32Array.of(index),
  seconds: index + 1,
});
const plan = [[0, 2], [1], [3]];
const load = async (index: number) => sample(index);
const failing = async (index: number) => {
  if (index === 3) throw new Error("lost");
  return sample(index);
};
const clock = () => 0;

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

describe("padding", () => {
  it("stacks utterances time-major and fills up with zeros", () => {
    const { frames, ...shape } = padFrames([sample(0).frames, sample(2).frames]);
    expect(shape).toEqual({ T: 3, B: 2, F: 2, lengths: [1, 3] });
    expect([...frames]).toEqual([1, 1, 3, 3, 0, 0, 3, 3, 0, 0, 3, 3]); // [T, B, F]
  });
});

describe("loading", () => {
  it.each([0, 1, 5])("gives the plan's batches in order, %i ahead", async (prefetch) => {
    const batches = await collect(loadBatches({ plan, load, prefetch, clock }));
    expect(batches.map(({ indices }) => indices)).toEqual(plan);
    expect(batches.map(({ position }) => position)).toEqual([0, 1, 2]);
    expect(batches[0].labels).toEqual([Int32Array.of(0), Int32Array.of(2)]);
    expect(batches[0].seconds).toBe(4);
  });

  it("starts anywhere in the plan", async () => {
    const batches = await collect(loadBatches({ plan, load, prefetch: 1, from: 1, clock }));
    expect(batches.map(({ position, indices }) => [position, indices])).toEqual([
      [1, [1]],
      [2, [3]],
    ]);
    expect(await collect(loadBatches({ plan, load, prefetch: 1, from: 3, clock }))).toEqual([]);
  });

  it("never works further ahead than it is asked to", async () => {
    let started = 0;
    const counting = (index: number) => (started++, load(index));
    const long = Array.from({ length: 50 }, (_, index) => [index]);
    let taken = 0;
    for await (const _ of loadBatches({ plan: long, load: counting, prefetch: 3, clock })) {
      expect(started).toBeLessThanOrEqual(++taken + 4);
    }
    expect(started).toBe(50);
  });

  it("tells how long the consumer waited", async () => {
    let now = 0;
    const slow = async (index: number) => ((now += 5), sample(index));
    const [first] = await collect(loadBatches({ plan: [[0]], load: slow, prefetch: 0, clock: () => now }));
    expect(first.waitedMs).toBe(0); // started before the wait began
    const ticking = await collect(loadBatches({ plan: [[0]], load, prefetch: 0, clock: () => now++ }));
    expect(ticking[0].waitedMs).toBe(1);
  });

  it("reports a failure at its own batch, after those before it", async () => {
    const seen: number[] = [];
    const run = async () => {
      for await (const { position } of loadBatches({ plan, load: failing, prefetch: 5, clock }))
        seen.push(position);
    };
    await expect(run()).rejects.toThrow("lost");
    expect(seen).toEqual([0, 1]);
  });

  it("cancels what is under way when the loop is left", async () => {
    const signals: AbortSignal[] = [];
    const watched = (index: number, signal: AbortSignal) => (signals.push(signal), load(index));
    for await (const _ of loadBatches({ plan, load: watched, prefetch: 1, clock })) break;
    expect(signals.length).toBeGreaterThan(0);
    expect(signals.every((signal) => signal.aborted)).toBe(true);
  });

  it("ends with the signal's reason when aborted", async () => {
    const stop = new AbortController();
    const run = async () => {
      for await (const _ of loadBatches({ plan, load, prefetch: 5, clock, signal: stop.signal })) {
        stop.abort(new Error("enough"));
      }
    };
    await expect(run()).rejects.toThrow("enough");
  });
});
