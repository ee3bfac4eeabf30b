// A rule reads attributes and constant operands alone: a graph that is copied node by node, each by the operator of its
// name in the table, as a reader of files would do it, has the same backward program.

import { describe, expect, it } from "vitest";
import {
  compositions,
  differentiate,
  Graph,
  operators,
  type GradientExample,
  type OperatorDefinition,
  type Tensor,
} from "../../src/graph/index.ts";

const byName = new Map(operators.map((operator) => [operator.name, operator]));

/** A copy that knows of a node its operator's name, operands, attributes and the types of its results. */
function reread(graph: Graph, places = new Map<Tensor, Tensor>(), parent?: Graph): Graph {
  const target = new Graph(parent);
  const place = (tensor: Tensor) => places.get(tensor)!;
  for (const input of graph.inputs)
    places.set(input, target.input(bare(input.name), input.type, input.shape));
  for (const { tensor, data } of graph.initializers) {
    const constant = { ...tensor, graph: target };
    target.initializers.push({ tensor: constant, data });
    places.set(tensor, constant);
  }
  for (const node of graph.nodes) {
    const { body } = node.attributes;
    const attributes =
      body instanceof Graph ? { ...node.attributes, body: reread(body, places, target) } : node.attributes;
    const operator: OperatorDefinition = { ...byName.get(node.operator.name)!, infer: () => node.outputs };
    const names = node.outputs.map(({ name }) => name);
    const results = target.add(operator, node.inputs.map(place), attributes, node.captures.map(place), names);
    results.forEach((result, i) => places.set(node.outputs[i], result));
  }
  for (const output of graph.outputs) target.outputs.push(place(output));
  return target;
}

const bare = (name: string) => name.replace(/:\d+$/, "");

const examples: [string, GradientExample][] = [...operators, ...compositions].flatMap(
  ({ name, examples: own }) =>
    own.map((example, i): [string, GradientExample] => [`${name} ${example.title ?? i + 1}`, example]),
);

describe("the rules of a graph that was read", () => {
  it.each(examples)("%s", (_, { shapes, build }) => {
    const graph = new Graph();
    const operands = shapes.map((shape, i) => graph.input(`x${i}`, "float32", shape));
    const result = graph.output(build(...operands));
    const copy = reread(graph);
    const there = differentiate(copy.outputs[0], copy.inputs);
    const here = differentiate(result, operands);
    expect(outline(there.graph)).toEqual(outline(here.graph));
  });
});

/** All of a graph but names: its operators with their attributes, the types of their operands and constants. */
const outline = (graph: Graph): unknown =>
  graph.nodes.map(({ operator, inputs, attributes }) => [
    operator.name,
    inputs.map((input) => [input.type, input.shape, constantOf(input)]),
    Object.entries(attributes).map(([key, value]) => [key, value instanceof Graph ? outline(value) : value]),
  ]);

const constantOf = (input: Tensor) =>
  input.graph.root.initializers.find(({ tensor }) => tensor === input)?.data;
