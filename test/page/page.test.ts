// What the page computes: letters of rows, words to expect, addresses, texts. What it shows is looked at in Chromium.

import { describe, expect, it } from "vitest";
import { filled } from "../../src/apps/page/languages.tsx";
import { letterCurves } from "../../src/apps/page/pictures/letters.ts";
import { transcriptionOfServer } from "../../src/apps/page/listen/server-client.ts";
import { hotWordsOf } from "../../src/apps/page/listen/take.ts";
import { routeOfHash } from "../../src/apps/page/route.ts";
import { levelDb, meterShare } from "../../src/apps/page/sound/level.ts";

describe("letters over the sound", () => {
  it("are the stretches where a symbol is likely, with their peak, and never the blank", () => {
    const probabilities = [
      [0.01, 0.01, 0.98],
      [0.3, 0.01, 0.69],
      [0.9, 0.05, 0.05],
      [0.01, 0.6, 0.39],
      [0.01, 0.01, 0.98],
      [0.5, 0.01, 0.49],
    ];
    const rows = Float32Array.from(probabilities.flat(), Math.log);
    const parts = [{ startMs: 1_000, part: [{ rows, stepMs: 20, weight: 1 }] }];
    const recording = { parts, warnings: [], seconds: 2 };
    const curves = letterCurves({ recording, symbols: ["a", "b"], size: 3, blank: 2 });
    expect(curves.map(({ symbol, startMs, peakMs }) => [symbol, startMs, peakMs])).toEqual([
      ["a", 1_020, 1_040],
      ["b", 1_040, 1_060],
      ["a", 1_100, 1_100],
    ]);
    expect(curves[0].probabilities.map((value) => Number(value.toFixed(2)))).toEqual([0.3, 0.9]);
    expect(curves[1].peak).toBeCloseTo(0.6);
  });
});

describe("words to expect", () => {
  it("have the usual weight unless a colon gives one", () => {
    expect(hotWordsOf("Ada:15\n\nnew york , Bo: 2.5")).toEqual({ Ada: 15, "new york": 10, Bo: 2.5 });
    expect(hotWordsOf("")).toEqual({});
  });
});

describe("what a server recognized", () => {
  it("is a transcription like the tab's own", () => {
    const answer = { text: "go left", duration: 1.5, words: [{ word: "go", start: 0.2, end: 0.4 }] };
    expect(transcriptionOfServer(answer)).toEqual({
      text: "go left",
      words: [{ text: "go", startMs: 200, endMs: 400, confidence: 1 }],
      alternatives: [
        { text: "go left", words: [{ text: "go", startMs: 200, endMs: 400, confidence: 1 }], score: 0 },
      ],
      warnings: [],
      seconds: 1.5,
    });
  });
});

describe("the address", () => {
  it("says the room, and what a room keeps behind it", () => {
    expect(routeOfHash("")).toEqual({ room: "", rest: "" });
    expect(routeOfHash("#teach")).toEqual({ room: "teach", rest: "" });
    expect(routeOfHash("#/teach/a%20b/c")).toEqual({ room: "teach", rest: "a b/c" });
    expect(routeOfHash("#100%")).toEqual({ room: "100%", rest: "" });
  });
});

describe("texts", () => {
  it("have their values put in, and keep what has none", () => {
    expect(filled("{a} of {b}", { a: 1 })).toBe("1 of {b}");
  });
});

describe("the level", () => {
  it("is that of the mean square, and fills the meter from -60 dB on", () => {
    expect(levelDb(new Float32Array([0.5, -0.5]))).toBeCloseTo(-6.02, 2);
    expect([-80, -60, -30, 0, 3].map(meterShare)).toEqual([0, 0, 0.5, 1, 1]);
    expect(meterShare(levelDb(new Float32Array(4)))).toBe(0);
  });
});
