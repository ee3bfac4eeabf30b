// What the room "How it works" computes beside the library. What it shows is looked at in Chromium.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { paletteOf } from "../../src/apps/page/how-it-works/figures/palette.ts";
import { groupLayers, rowAt } from "../../src/apps/page/how-it-works/layer-groups.ts";
import { numbersOf } from "../../src/apps/page/numbers.ts";
import { timeAxis } from "../../src/apps/page/how-it-works/time-axis.ts";
import type { LayerWalk } from "earshot/browser";

const ROOM = "src/apps/page/how-it-works";

describe("the time of frames and steps", () => {
  const axis = timeAxis({ seconds: 1.01, windowMs: 20, hopMs: 10, frames: 100, stride: 2, steps: 50 });

  it("has each column about the middle of its frame's sound", () => {
    const { from, to } = axis.soundOf(10);
    expect(from * 1.01).toBeCloseTo(0.1);
    expect(to * 1.01).toBeCloseTo(0.12);
    const frame = (axis.allFrames.to - axis.allFrames.from) / 100;
    expect(axis.allFrames.from + 10.5 * frame).toBeCloseTo((from + to) / 2);
    expect(axis.columnOf(5).from).toBeCloseTo(
      axis.allSteps.from + (5 * (axis.allSteps.to - axis.allSteps.from)) / 50,
    );
  });

  it("finds every step where it says that it is, and the nearest outside", () => {
    for (let step = 0; step < 50; step++) expect(axis.stepAt(axis.secondsOf(step))).toBe(step);
    expect([axis.stepAt(-1), axis.stepAt(0), axis.stepAt(9)]).toEqual([0, 0, 49]);
  });
});

describe("layers", () => {
  const layer = (name: string, direction?: "forward" | "backward", rows = 3): LayerWalk => ({
    name,
    ...(direction && { direction }),
    units: 2,
    rows,
    values: Float32Array.from({ length: 2 * rows }, (_, i) => i),
    smallest: 0,
    largest: 1,
  });

  it("are parted where the network recurs", () => {
    const names = ["h1", "h4.forward", "h4.backward", "h4", "h4-2.forward", "h4-2.backward", "h4-2", "h5"];
    const layers = names.map((name) =>
      layer(name, /(forward|backward)$/.exec(name)?.[1] as "forward" | undefined),
    );
    const { below, recurrent, above } = groupLayers(layers);
    expect(below.map(({ name }) => name)).toEqual(["h1"]);
    expect(recurrent.map(({ name, directions, sum }) => [name, directions.length, sum?.name])).toEqual([
      ["h4", 2, "h4"],
      ["h4-2", 2, "h4-2"],
    ]);
    expect(above.map(({ name }) => name)).toEqual(["h5"]);
  });

  it("are all below where nothing recurs", () => {
    expect(groupLayers([layer("b1"), layer("b2")])).toMatchObject({ recurrent: [], above: [] });
  });

  it("have a row for each step, or the first of several", () => {
    expect([...rowAt(layer("h1"), 2, 3)]).toEqual([4, 5]);
    expect([...rowAt(layer("c1", undefined, 6), 2, 3)]).toEqual([8, 9]);
  });
});

describe("colours of units", () => {
  it.each([false, true])("tell off, on and clipped apart (dark: %s)", (isDark) => {
    const { unit, clip, share, signed } = paletteOf(isDark);
    const of = { largest: 20, ceiling: 20 };
    expect(unit(20, of)).toEqual(clip);
    expect(unit(0, of)).toEqual(share(0));
    expect(unit(19.9, of)).not.toEqual(clip);
    expect(signed(-1, 1)).not.toEqual(signed(1, 1));
    expect(unit(0, { largest: 0 })).toEqual(share(0)); // a layer that is off throughout
  });
});

describe("numbers", () => {
  it("are written as the language does", () => {
    expect(numbersOf("en").whole(28_575)).toBe("28,575");
    expect(numbersOf("de").fixed(1.5, 2)).toBe("1,50");
    expect(["1", "0.25", "0.0004", "0"].map((share) => numbersOf("en").percent(Number(share)))).toEqual([
      "100 %",
      "25.0 %",
      "< 0.1 %",
      "0 %",
    ]);
    expect(numbersOf("en").ofLog10(31.04)).toBe("1.1 × 10³¹");
    expect(numbersOf("en").probability(2.5e-8)).toBe("2.5 × 10⁻⁸");
    expect(numbersOf("en").probability(0)).toBe("0");
  });
});

describe("the files that stages name", () => {
  it("are there", () => {
    const sources = readdirSync(ROOM, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => readFileSync(join(ROOM, path), "utf8"))
      .join("\n");
    const named = [...sources.matchAll(/"(src\/[\w/.-]+)"/g)].map(([, path]) => path);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});
