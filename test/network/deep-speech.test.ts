import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngine, type Program } from "../../src/engine/index.ts";
import {
  inferenceProgram,
  initializeWeights,
  parameterShapes,
  resolveArchitecture,
} from "../../src/network/index.ts";
import { plainDeepSpeech } from "./plain-deep-speech.ts";
import { difference, logitsOf, utterance, vividWeights } from "./run-network.ts";

const F = 5;
const V = 7;
const settings = { width: 12, context: 2, stride: 2, ceiling: 1.5, recurrentStart: 0.9 };
const architecture = resolveArchitecture(
  { name: "deep-speech", ...settings },
  { features: F, symbols: V },
  "test",
);

describe("the paper's network", () => {
  const weights = vividWeights(architecture);
  const utterances = [utterance(9, F, 1), utterance(14, F, 2), utterance(1, F, 3), utterance(6, F, 4)];
  let program: Program;
  beforeAll(async () => {
    program = await (await openEngine()).load(inferenceProgram(architecture, weights), { threads: 1 });
  });
  afterAll(() => program.close());

  it("computes the equations of section 2, written out plainly in float64", async () => {
    for (const frames of utterances) {
      const [logits] = await logitsOf(program, architecture, [frames]);
      expect(difference(plainDeepSpeech(frames, weights, settings), logits)).toBeLessThan(1e-5);
    }
  });

  it("gives a padded batch what it gives its utterances one by one", async () => {
    const together = await logitsOf(program, architecture, utterances);
    for (const [b, frames] of utterances.entries()) {
      const [alone] = await logitsOf(program, architecture, [frames]);
      expect(difference(alone, together[b])).toBeLessThan(1e-5);
    }
  });

  it("does not depend on neighbors, their order, or what ran before", async () => {
    const [first] = await logitsOf(program, architecture, [utterances[0]]);
    const [loud] = await logitsOf(program, architecture, [
      utterance(20, F, 9).map((row) => row.map((x) => 100 * x)),
    ]);
    expect(loud).toHaveLength(10);
    const reordered = await logitsOf(program, architecture, [utterances[3], utterances[1], utterances[0]]);
    expect(difference(first, reordered[2])).toBeLessThan(1e-5);
    const [again] = await logitsOf(program, architecture, [utterances[0]]);
    expect(again).toEqual(first);
  });

  it("shares W4 and b4 between the directions and has one matrix for each", () => {
    const shapes = parameterShapes(architecture);
    expect([...shapes.keys()].filter((name) => name.startsWith("h4"))).toEqual([
      "h4.weight",
      "h4.bias",
      "h4.forward",
      "h4.backward",
    ]);
    expect(shapes.get("h1.weight")).toEqual([(2 * 2 + 1) * F, 12]);
    expect(shapes.get("h6.weight")).toEqual([12, V]);
  });

  it("starts from the seed alone", () => {
    const [a, b, c] = [
      initializeWeights(architecture, 5),
      initializeWeights(architecture, 5),
      initializeWeights(architecture, 6),
    ];
    expect(a).toEqual(b);
    expect(a.get("h1.weight")!.data).not.toEqual(c.get("h1.weight")!.data);
  });
});

describe("an architecture", () => {
  it("names an unknown setting and the nearest one", () => {
    const build = () =>
      resolveArchitecture({ name: "deep-speech", widht: 3 }, { features: F, symbols: V }, "config.yaml");
    expect(build).toThrow('config.yaml: widht: There is no setting named "widht". Did you mean "width"?');
  });
  it("names an unknown network and the nearest one", () => {
    const build = () =>
      resolveArchitecture({ name: "deepspeech" }, { features: F, symbols: V }, "config.yaml");
    expect(build).toThrow(
      'Expected "deep-speech", "deep-speech-forward", "deep-speech-streaming", "deep-speech-2", or "transformer", but it is "deepspeech". Did you mean "deep-speech"?',
    );
  });
});
