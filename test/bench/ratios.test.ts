// What the guard of the benchmarks calls a fall.

import { describe, expect, it } from "vitest";
import { compareRatios, timesAsFast } from "../../bench/ratios.mjs";

describe("ratios beside those kept", () => {
  it("fall when more than 15 % is lost, and not before", () => {
    const { fallen } = compareRatios(
      { ctc: 2, step: 1, features: 4 },
      { ctc: 1.71, step: 0.84, features: 9 },
    );
    expect(fallen).toEqual([{ name: "step", from: 1, to: 0.84 }]);
  });

  it("fall when they are no number", () => {
    expect(compareRatios({ ctc: 2 }, { ctc: NaN }).fallen).toEqual([{ name: "ctc", from: 2, to: NaN }]);
  });

  it("are skipped where a peer is missing, which is no fall, and new where none was kept", () => {
    expect(compareRatios({ ctc: 2 }, { step: 1 })).toEqual({ fallen: [], skipped: ["ctc"], added: ["step"] });
  });
});

describe("times as fast", () => {
  it("compares what ran side by side, so that a machine that is slower for half of the rounds changes nothing", () => {
    const slow = [1, 1, 1, 3, 3];
    const [ours, theirs] = [slow.map((factor) => 10 * factor), slow.map((factor) => 25 * factor)];
    expect(timesAsFast(ours, theirs)).toBe(2.5);
    expect(timesAsFast(ours, [...theirs.slice(0, 4), 7])).toBe(2.5); // one round that went wrong
  });
});
