// What the guard of the benchmarks calls a fall.

import { describe, expect, it } from "vitest";
import { compareRatios } from "../../bench/ratios.mjs";

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
