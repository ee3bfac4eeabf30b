import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Scorer } from "../../src/ctc/index.ts";
import type { Utterance } from "../../src/data/index.ts";
import { bestOf } from "../../src/evaluation/tune.ts";
import { heatMap, rowsOfUtterances, tune } from "../../src/evaluation/index.ts";
import type { Tuning, TuningPoint } from "../../src/evaluation/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { scriptedModel, scriptOf } from "../recognizer/scripted-model.ts";
import { waveFile } from "../recognizer/wave-file.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-tune-"));
afterAll(() => rm(folder, { recursive: true }));

/** Knows two words, one a thousand times likelier than the other. */
const scorer: Scorer = {
  order: 1,
  unit: "word",
  start: 0,
  idOf: (word) => ["<unk>", "see", "sea"].indexOf(word),
  score: (_, word, result) =>
    Object.assign(result, { logProbability: Math.LN10 * [-9, -0.1, -3.1][word], state: 0 }),
  end: () => -Math.LN10,
  words: () => ["see", "sea"],
};

// Hears the last letter of the second recording wrong: the network prefers "sea", the language model "see". It takes all
// other letters for equally likely, so the beams are wide.
const recognizer = new Recognizer(scriptedModel({}, 0.35));
const utterances: Utterance[] = [0, 1, 2].map((n) => {
  const path = join(folder, `${n}.wav`);
  return { path, transcript: n === 1 ? "see" : "See", speaker: "", split: "dev", where: `m.csv:${n}` };
});
await writeFile(utterances[0].path, waveFile(scriptOf("s_e_e_")));
await writeFile(utterances[1].path, waveFile(scriptOf("s_e_a_")));
const read = await rowsOfUtterances(recognizer, utterances);

describe("the rows to tune on", () => {
  it("are computed once for each recording, beside its reference in the model's spelling", () => {
    expect(read.utterances.map(({ reference }) => reference)).toEqual(["see", "see"]);
    expect(read.failures).toMatchObject([{ error: { code: "RECORDING_NOT_FOUND" } }]);
    expect(read.seconds).toBeCloseTo(2 * 0.12, 6);
  });

  it("refuses to tune on nothing", async () => {
    await expect(rowsOfUtterances(recognizer, utterances.slice(2))).rejects.toMatchObject({
      code: "NOTHING_TO_TEST",
    });
  });
});

describe("tuning", () => {
  const grid = { alphas: [0, 1], betas: [0], beams: [400, 300] };

  it("finds the weights with the fewest errors; of equals the smaller beam", async () => {
    const told: [TuningPoint, number, number][] = [];
    const onPoint = (...told_: [TuningPoint, number, number]) => told.push(told_);
    const { best, stages, greedy } = await tune(recognizer, read.utterances, grid, false, {
      scorer,
      onPoint,
    });
    expect(greedy).toMatchObject({ wer: 0.5, utterances: 2 });
    expect(best).toEqual({ alpha: 1, beta: 0, beam: 300, unknownWordPenalty: 5, wer: 0, cer: 0 });
    expect(stages).toHaveLength(1);
    expect(stages[0].points.map(({ alpha, beam }) => [beam, alpha])).toEqual([
      [400, 0],
      [400, 1],
      [300, 0],
      [300, 1],
    ]);
    expect(told.map(([, done, total]) => [done, total])).toEqual([[1, 4], [2, 4], [3, 4], [4, 4]]); // prettier-ignore
  });

  it("looks around the best of a coarse grid, at its beam, and never below α = 0", async () => {
    const coarse = { alphas: [0, 0.5], betas: [0, 1], beams: [300] };
    const { stages, best } = await tune(recognizer, read.utterances, coarse, true, { scorer });
    expect(stages).toHaveLength(3);
    const [{ points }, { grid: penalties }, { grid: fine }] = stages;
    const center = points.toSorted((a, b) => a.wer - b.wer || a.cer - b.cer)[0];
    expect(penalties).toMatchObject({
      alphas: [center.alpha],
      betas: [center.beta],
      penalties: [0, 2, 4, 6, 9, 12],
    });
    expect(fine.alphas).toEqual([-0.25, -0.125, 0, 0.125, 0.25].map((d) => center.alpha + d).filter((a) => a >= 0)); // prettier-ignore
    expect(fine.betas).toEqual([-0.5, 0, 0.5].map((d) => center.beta + d));
    expect(best.wer).toBeLessThanOrEqual(center.wer);
  });

  it("tries no penalty that changes nothing: a dictionary, or a penalty given", async () => {
    const coarse = { alphas: [0, 0.5], betas: [0, 1], beams: [100] };
    for (const settings of [{ dictionary: true }, { unknownWordPenalty: 3 }]) {
      const { stages, best } = await tune(recognizer, read.utterances, coarse, true, { scorer, settings });
      expect(stages).toHaveLength(2);
      expect(best.unknownWordPenalty).toBe(settings.unknownWordPenalty ?? 5);
    }
    const given = { ...coarse, penalties: [1, 7] };
    const { stages } = await tune(recognizer, read.utterances, given, false, { scorer });
    expect(stages[0].points.map((point) => point.unknownWordPenalty)).toEqual([1, 1, 1, 1, 7, 7, 7, 7]);
  });

  it("says which words the alphabet cannot spell", async () => {
    const coarse = { alphas: [0], betas: [0], beams: [10] };
    const vocabulary = ["see", "日本"];
    const { warnings } = await tune(recognizer, read.utterances, coarse, false, { scorer, vocabulary });
    expect(warnings).toMatchObject([{ code: "UNSPELLABLE_WORDS" }]);
  });

  it("refuses values out of range, and stops at a signal with the signal's reason", async () => {
    const wrong = { ...grid, beams: [0] };
    await expect(tune(recognizer, read.utterances, wrong, false, { scorer })).rejects.toMatchObject({
      code: "INVALID_SETTING",
      where: "decoder: beam",
    });
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(tune(recognizer, read.utterances, grid, false, { scorer, signal })).rejects.toBe(reason);
  });
});

describe("of points with equal word errors", () => {
  const point = (facts: Partial<TuningPoint>): TuningPoint => {
    return { alpha: 1, beta: 1, beam: 100, unknownWordPenalty: 5, wer: 0, cer: 0, ...facts };
  };
  const better: [string, Partial<TuningPoint>, Partial<TuningPoint>][] = [
    ["fewer wrong characters win, even in a wider beam", { cer: 0.1, beam: 200 }, { cer: 0.2, beam: 100 }],
    ["and equal wrong characters, the smaller beam wins", { beam: 100, alpha: 2 }, { beam: 200, alpha: 1 }],
    ["and equal beams, the smaller α wins", { alpha: 0.5, beta: 3 }, { alpha: 1, beta: 0 }],
    ["and equal α, the β nearest to 0 wins", { beta: -0.5 }, { beta: 1 }],
    [
      "and equal β, the penalty nearest to the usual wins",
      { unknownWordPenalty: 6 },
      { unknownWordPenalty: 2 },
    ],
  ];
  it.each(better)("%s", (_, a, b) => {
    expect(bestOf([point(b), point(a)])).toEqual(point(a));
    expect(bestOf([point(a), point(b)])).toEqual(point(a));
  });
  it("fewer wrong words win over all that", () => {
    const worse = point({ wer: 0.2, cer: 0, beam: 1, alpha: 0, beta: 0 });
    expect(bestOf([worse, point({ wer: 0.1, cer: 0.1 })])).toEqual(point({ wer: 0.1, cer: 0.1 }));
  });
});

describe("a heat map", () => {
  const point = (alpha: number, beta: number, beam: number, wer: number): TuningPoint => {
    return { alpha, beta, beam, unknownWordPenalty: 5, wer, cer: wer / 2 };
  };
  const points = [10, 20].flatMap((beam) =>
    [0, 0.5, 2].flatMap((alpha) => [-1, 1].map((beta) => point(alpha, beta, beam, 0.1 + alpha / 10))),
  );
  const coarse = { grid: { alphas: [0, 0.5, 2], betas: [-1, 1], beams: [10, 20] }, points };
  const fine = {
    grid: { alphas: [0, 0.125], betas: [-1], beams: [10] },
    points: [point(0, -1, 10, 0.1), point(0.125, -1, 10, 0.05)],
  };
  const rates = {
    wer: 0.3,
    cer: 0.1,
    words: 0,
    wordErrors: 0,
    characters: 0,
    characterErrors: 0,
    utterances: 0,
  };
  const tuning: Tuning = { best: fine.points[1], stages: [coarse, fine], greedy: rates, warnings: [] };
  const svg = heatMap(tuning, "speech & <more>");
  const rectangles = [...svg.matchAll(/<rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)" fill="(#\w+)" stroke="#ffffff"/g)].map(
    ([, ...values]) => ({ box: values.slice(0, 4).map(Number), fill: values[4] }),
  ); // prettier-ignore

  it("is balanced XML with a panel for each beam", () => {
    const open = [...svg.matchAll(/<(\w+)(?:\s[^>]*[^/])?>/g)].map(([, name]) => name);
    const closed = [...svg.matchAll(/<\/(\w+)>/g)].map(([, name]) => name);
    expect(open.toSorted()).toEqual(closed.toSorted());
    expect(svg).toContain("speech &amp; &lt;more>, beam 10");
    expect(svg).not.toContain("NaN");
  });

  it("covers the plane of each panel without gap or overlap, the finer grid on top", () => {
    const [first] = rectangles;
    expect(rectangles).toHaveLength(14);
    const area = rectangles.slice(0, 6).reduce((sum, { box: [, , w, h] }) => sum + w * h, 0);
    expect(area).toBeCloseTo(560 * 420, -2);
    expect(rectangles[6].box[2]).toBeLessThan(first.box[2] / 2);
  });

  it("has equal colors for equal rates, the darkest for the least, and frames the best", () => {
    const fillOf = (wer: number) => rectangles[points.findIndex((p) => p.wer === wer)].fill;
    expect(rectangles[0].fill).toBe(fillOf(0.1));
    expect(rectangles[7].fill).toBe("#26326e");
    expect(fillOf(0.1 + 2 / 10)).toBe("#faf6be");
    expect(svg.match(/stroke="#d7301f"/g)).toHaveLength(1);
  });

  it("is drawn of a single point too", () => {
    const alone = { grid: { alphas: [1], betas: [2], beams: [5] }, points: [point(1, 2, 5, 0)] };
    expect(
      heatMap({ best: alone.points[0], stages: [alone], greedy: rates, warnings: [] }, "one"),
    ).not.toMatch(/NaN|Infinity/);
  });
});
