import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RunClock } from "../../src/training/run/clock.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

it("tells the time left from the pace since the first batch, and nothing before there is a pace", () => {
  const clock = new RunClock(60, 0);
  vi.advanceTimersByTime(300_000); // computing features
  clock.startEpoch();
  vi.advanceTimersByTime(2000);
  const first = clock.batchDone({ frames: 1000, waitedMs: 0, share: 0.1 });
  expect(JSON.parse(JSON.stringify(first))).toEqual({ framesPerSecond: 500 });
  vi.advanceTimersByTime(2000);
  const second = clock.batchDone({ frames: 1000, waitedMs: 0, share: 0.2 });
  expect(second.framesPerSecond).toBeCloseTo(500);
  expect(second.etaSeconds).toBeCloseTo(16); // eight more batches
  expect(clock.trainedSeconds()).toBeCloseTo(304);
});
