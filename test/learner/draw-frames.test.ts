import { describe, expect, it } from "vitest";
import { drawFrames } from "../../src/learner/draw-frames.ts";

describe("a picture of frames", () => {
  it("has time to the right, frequency upward, and darker where there is more", () => {
    const data = Float32Array.from([0, 10, 1, 11, 2, 12, 3, 13, 4, 14]); // [5, 2]
    expect(drawFrames({ data, frames: 5, size: 2 })).toBe("▒▓▓██\n  ░░▒");
  });

  it("takes means where there are more frames or bins than places", () => {
    const data = Float32Array.from({ length: 200 * 16 }, (_, i) => (i % 16 < 8 ? 0 : 1)); // [200, 16], loud above
    expect(drawFrames({ data, frames: 200, size: 16 }, 4, 2)).toBe("▒▒▒▒\n    ");
  });

  it("is never larger than the frames", () => {
    expect(drawFrames({ data: Float32Array.of(1), frames: 1, size: 1 })).toBe(" ");
  });
});
