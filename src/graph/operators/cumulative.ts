// Running sums along one axis, such as the numbers 0, 1, 2, … of the steps of a sequence whose length only the run knows.

import { constantValues, integers, type OperatorDefinition, type Tensor } from "../graph.ts";
import { apply, commonType, NUMBERS, resolveAxis } from "../operator.ts";

export const CumSum: OperatorDefinition = {
  name: "CumSum",
  infer: ([x]) => [{ type: commonType("CumSum", [x], NUMBERS), shape: x.shape }],
  gradient: ({ node, upstream }) => {
    const { exclusive, reverse } = node.attributes;
    const back = { exclusive, reverse: 1 - (reverse as number) };
    const axis = integers(upstream.graph, constantValues(node.inputs[1]));
    return [() => apply(CumSum, [upstream, axis], back), undefined];
  },
  examples: [
    { shapes: [[3, 2]], build: (x) => cumSum(x, 0) },
    { title: "of those before", shapes: [[2, 4]], build: (x) => cumSum(x, -1, { exclusive: true }) },
  ],
};

/** The sum of all elements up to each along an axis; with `exclusive`, of all before it. */
export function cumSum(x: Tensor, axis: number, { exclusive = false } = {}): Tensor {
  const resolved = resolveAxis("cumSum", axis, x.shape.length);
  return apply(CumSum, [x, integers(x.graph, [resolved])], { exclusive: Number(exclusive), reverse: 0 });
}
