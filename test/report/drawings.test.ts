import { describe, expect, it } from "vitest";
import { barChart } from "../../src/report/bars.ts";
import { chart, type Line } from "../../src/report/chart.ts";
import { alignmentPicture } from "../../src/report/sections/alignment-picture.ts";
import { planStress, type StressPlan } from "../../src/report/stress.ts";
import { readHtml } from "./well-formed.ts";

const points = (...ys: readonly (number | null)[]) => ys.map((y, i) => ({ x: i + 1, y }));
const drawn = (lines: readonly Line[], options: object = {}) =>
  readHtml(chart({ title: "Loss", lines, format: String, across: "epochs", ...options }).source);
const pathsOf = (elements: ReturnType<typeof readHtml>) =>
  elements.filter(({ name }) => name === "path").map(({ attributes }) => attributes.get("d"));

describe("a chart", () => {
  it("draws its lines on axes from 0 to the last epoch, and says where they end", () => {
    const elements = drawn([{ name: "train", points: points(4, 2, 0) }]);
    // The plot spans 50 to 388 across and 10 to 206 down; the axes 0 to 3 and 0 to 4.
    expect(pathsOf(elements)).toEqual(["M162.7 10L275.3 108L388 206"]);
    const label = elements.find(({ name }) => name === "svg")?.attributes.get("aria-label");
    expect(label).toBe("Loss; at the end: train 0");
  });
  it("leaves a gap where a figure is missing, and where a logarithm is", () => {
    const lines = [{ name: "a", points: points(1, null, 2, 0, 4, 8) }];
    expect(pathsOf(drawn(lines))[0]?.match(/M/g)).toHaveLength(2);
    expect(pathsOf(drawn(lines, { kind: "log" }))[0]?.match(/M/g)).toHaveLength(3);
  });
  it("shows a single point, many points without dots, and nothing in words", () => {
    const dots = (elements: ReturnType<typeof readHtml>) =>
      elements.filter(({ name }) => name === "circle").length;
    expect(dots(drawn([{ name: "a", points: points(3) }]))).toBe(1);
    expect(dots(drawn([{ name: "a", points: points(...Array.from({ length: 200 }, () => 1)) }]))).toBe(0);
    expect(chart({ title: "Loss", lines: [], format: String, across: "epochs" }).source).toContain(
      "Nothing to draw yet.",
    );
  });
});

describe("the stress test of a page", () => {
  it("takes as many utterances as it can afford, of all kinds of conditions", () => {
    const small = planStress(500, 3, 600_000);
    expect(small).toMatchObject({ utterances: 11 });
    expect((small as StressPlan).conditions).toEqual(
      expect.arrayContaining(["clean", "quiet-3s", "babble-10db", "room-medium", "telephone"]),
    );
    expect(planStress(500, 0.5, 600_000)).toMatchObject({ utterances: 30 });
    expect(planStress(4, 0.5, 600_000)).toMatchObject({ utterances: 4 });
  });

  it("is left out where the network is large", () => {
    expect(planStress(500, 3, 40_000_000)).toContain("earshot test --stress");
  });
});

describe("a bar chart", () => {
  const bars = [
    { name: "clean", means: "as it is", value: 0.1, label: "10 %" },
    { name: "hum", means: "of the mains", value: 0.05, label: "5 %" },
    { name: "room", means: "large", value: 0.5, label: "50 % (+40)" },
  ];
  const { source } = barChart({ title: "Errors", bars, base: 0.1, format: String });

  it("draws a row for each value, what goes beyond the base in a color of its own", () => {
    const rectangles = readHtml(source).filter(({ name }) => name === "rect");
    const widths = rectangles.map(({ attributes }) => [attributes.get("class"), attributes.get("width")]);
    // The axis from 0 to 0.5 spans 128 to 308 across.
    expect(widths).toEqual([
      ["line7", "36"],
      ["line1", "0"],
      ["line7", "18"],
      ["line1", "0"],
      ["line7", "36"],
      ["line1", "144"],
    ]);
  });

  it("says in words what it shows", () => {
    const label = readHtml(source)
      .find(({ name }) => name === "svg")
      ?.attributes.get("aria-label");
    expect(label).toBe("Errors: clean 10 %, hum 5 %, room 50 % (+40)");
    expect(source).toContain("<title>room: large; 50 % (+40)</title>");
  });
});

describe("an alignment over a spectrogram", () => {
  const word = { text: "hi", startMs: 200, endMs: 400, confidence: 1 };
  const characters = [
    { text: "h", startMs: 200, endMs: 300, probability: 1 },
    { text: "i", startMs: 300, endMs: 310, probability: 0.5 },
  ];
  const shown = {
    utterance: { path: "a.wav", transcript: "hi", speaker: "", split: "dev", where: "manifest.csv:2" },
    reference: "hi",
    hypothesis: "oh hi",
    loss: 1,
    seconds: 1,
    picture: "data:image/png;base64,",
    words: [{ ...word, text: "oh", startMs: 0, endMs: 100 }, word],
    alignment: {
      text: "hi",
      words: [{ ...word, characters }],
      score: -1,
      dropped: [],
      warnings: [],
      seconds: 1,
    },
  };
  const { source } = alignmentPicture(shown);
  const elements = readHtml(source);
  it("puts letters and words where they are said, 200 pixels a second", () => {
    // 46 pixels for the names of the rows; "h" at 0.25 s stands at 96, "i" at 0.305 s at 107.
    expect(pathsOf(elements)).toEqual(["M96.0 18L96 28V160", "M107.0 18L107 28V160"]);
    const bars = elements.filter(({ attributes }) => attributes.get("class") === "bar");
    expect(bars.map(({ attributes }) => [attributes.get("x1"), attributes.get("x2")])).toEqual([
      ["86", "126"],
      ["46", "66"],
      ["86", "126"],
    ]);
  });
  it("marks the words that were not said, and tells times and probabilities", () => {
    expect(source.match(/class="wrong"/g)).toHaveLength(1);
    expect(source).toContain('class="wrong"><title>oh, 0.00 to 0.10 s</title>');
    expect(source).toContain("<title>i, 0.30 to 0.31 s, probability 0.50</title>");
  });
  it("moves letters apart that are said at once", () => {
    const crowded = characters.map((letter) => ({ ...letter, startMs: 500, endMs: 510 }));
    const alignment = { ...shown.alignment, words: [{ ...word, characters: crowded }] };
    const [first, second] = pathsOf(readHtml(alignmentPicture({ ...shown, alignment }).source));
    expect(first).toBe("M147.0 18L147 28V160");
    expect(second).toBe("M154.0 18L147 28V160");
  });
  it("is drawn without letters where there is no time for them", () => {
    const pathless = alignmentPicture({ ...shown, alignment: undefined }).source;
    expect(pathsOf(readHtml(pathless))).toEqual([]);
  });
});
