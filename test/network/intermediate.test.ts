// What is between the repeated layers of a network: where it is, which weights it has, in training and beside it.

import { describe, expect, it } from "vitest";
import { parameterShapes, resolveArchitecture, trainingGraph } from "../../src/network/index.ts";

const [F, V, H] = [5, 7, 8];
const architectureOf = (recurrentLayers: number, selfConditioning = 0, name = "deep-speech") =>
  resolveArchitecture(
    { name, width: H, context: 1, cell: "gru", recurrentLayers, selfConditioning },
    { features: F, symbols: V },
    "test",
  );
const layersWith = (shapes: ReadonlyMap<string, unknown>, kind: "head" | "back") =>
  [...shapes.keys()]
    .filter((name) => name.endsWith(`-${kind}.weight`))
    .map((name) => name.split(`-${kind}`)[0]);

describe.each(["deep-speech", "deep-speech-forward"])("between the layers of %s", (name) => {
  it.each([
    [1, 1, []],
    [2, 1, ["h4"]],
    [4, 1, ["h4-2"]],
    [4, 2, ["h4", "h4-2"]],
    [6, 2, ["h4-2", "h4-4"]],
    [3, 9, ["h4", "h4-2"]],
  ])("of %i layers, heads are evenly spaced: %i asked for, behind %j", (layers, heads, places) => {
    const plain = parameterShapes(architectureOf(layers, 0, name), heads);
    expect(layersWith(plain, "head")).toEqual(places);
    expect(layersWith(plain, "back")).toEqual([]);
    const conditioned = parameterShapes(architectureOf(layers, heads, name));
    expect(layersWith(conditioned, "head")).toEqual(places);
    expect(layersWith(conditioned, "back")).toEqual(places);
  });

  it("a head gives logits, and where the network conditions itself they come back as wide as a layer", () => {
    const shapes = parameterShapes(architectureOf(2, 1, name));
    expect(shapes.get("h4-head.weight")).toEqual([H, V]);
    expect(shapes.get("h4-back.weight")).toEqual([V, H]);
    const { heads } = trainingGraph(architectureOf(2, 1, name));
    expect(heads.map(({ shape }) => shape)).toEqual([["ceil(T/2)", "B", V]]);
  });

  it("training has heads that the architecture has not", () => {
    const architecture = architectureOf(3, 0, name);
    expect(layersWith(parameterShapes(architecture), "head")).toEqual([]);
    expect(trainingGraph(architecture).heads).toEqual([]);
    const { heads, variables } = trainingGraph(architecture, { heads: 2 });
    expect(heads.length).toBe(2);
    expect(variables.map((variable) => variable.name)).toEqual([...parameterShapes(architecture, 2).keys()]);
  });
});

describe("between the blocks of a transformer", () => {
  const architectureWith = (more: object) =>
    resolveArchitecture(
      { name: "transformer", width: 8, heads: 2, layers: 4, channels: 2, ...more },
      { features: F, symbols: V },
      "test",
    );

  it.each([
    ["that sees the whole utterance", {}],
    ["that looks ahead", { memory: 6, lookAhead: 3 }],
  ])("heads give as many steps as the network, of one %s", (_, more) => {
    const { heads, logits } = trainingGraph(architectureWith(more), { heads: 2 });
    expect(heads.map(({ shape }) => shape)).toEqual([logits.shape, logits.shape]);
    expect(layersWith(parameterShapes(architectureWith({ ...more, selfConditioning: 2 })), "back")).toEqual([
      "b1",
      "b2",
    ]);
  });
});
