// Operators on whole numbers and what is written beside a graph: counts, comparison, metadata.

import { describe, expect, it } from "vitest";
import { cast, countTo, Graph, less, squeeze, shapeOf, writeOnnx } from "../../src/graph/index.ts";
import { evaluate } from "./evaluate.ts";

describe("counting", () => {
  it("goes up to a size that only the run knows, and compares", async () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["T"]);
    const counted = countTo(squeeze(shapeOf(x), [0]), "T");
    graph.output(counted);
    const early = graph.output(cast(less(counted, 2), "float32"));
    expect(early.shape).toEqual(["T"]);
    const results = await evaluate(graph, { x: { dims: [4], values: [5, 6, 7, 8] } });
    expect(results[counted.name].values).toEqual([0, 1, 2, 3]);
    expect(results[early.name].values).toEqual([1, 1, 0, 0]);
  });
});

describe("metadata", () => {
  it("stand in the program, in the order given", () => {
    const graph = new Graph();
    graph.output(graph.input("x", "float32", ["T"]));
    const bytes = writeOnnx(graph, "g", { vocab_size: "29", "a key": "ü" });
    // onnx.proto: ModelProto.metadata_props = 14, of StringStringEntryProto { key = 1; value = 2 }
    const entry = (key: string, value: string) => {
      const [k, v] = [key, value].map((part) => [...new TextEncoder().encode(part)]);
      return [0x72, 4 + k.length + v.length, 0x0a, k.length, ...k, 0x12, v.length, ...v];
    };
    const expected = [...entry("vocab_size", "29"), ...entry("a key", "ü")];
    expect(Array.from(bytes.subarray(-expected.length))).toEqual(expected);
  });
});
