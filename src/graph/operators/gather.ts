// Rows of a table by number (an embedding), and the sum into rows that is its gradient.

import { formatShape, sameShape, shapeMismatch } from "../dimensions.ts";
import type { OperatorDefinition, Tensor } from "../graph.ts";
import { apply, commonType } from "../operator.ts";
import { squeeze, unsqueeze, zerosLike } from "./shape.ts";

const rowsOfExample = (x: Tensor): Tensor =>
  x.graph.constant("rows", "int64", [2, 2], BigInt64Array.of(2n, 0n, 2n, 1n));

export const Gather: OperatorDefinition = {
  name: "Gather",
  infer: ([table, rows]) => {
    commonType("Gather", [rows], ["int64"]);
    if (table.shape.length === 0) throw shapeMismatch("gather", "a scalar has no rows");
    return [{ type: table.type, shape: [...rows.shape, ...table.shape.slice(1)] }];
  },
  gradient: ({ node, input, upstream }) => [
    () => scatterAdd(zerosLike(input(0), 0, node.inputs[0].shape.length), input(1), upstream),
    undefined,
  ],
  examples: [{ title: "with a row twice", shapes: [[4, 3]], build: (x) => gather(x, rowsOfExample(x)) }],
};
/** `table` [N, …] at `rows` [I…], int64, gives [I…, …]. */
export const gather = (table: Tensor, rows: Tensor): Tensor => apply(Gather, [table, rows], { axis: 0 });

export const ScatterND: OperatorDefinition = {
  name: "ScatterND",
  appliedBy: "scatterAdd",
  infer: ([x, rows, updates]) => {
    const wanted = [...rows.shape.slice(0, -1), ...x.shape.slice(1)];
    if (!sameShape(updates.shape, wanted)) {
      const shapes = `${formatShape(updates.shape)} and not ${formatShape(wanted)}`;
      throw shapeMismatch("scatterAdd", `what is added is ${shapes}`);
    }
    return [{ type: commonType("ScatterND", [x, updates]), shape: x.shape }];
  },
  gradient: ({ input, upstream }) => [
    () => upstream,
    undefined,
    () => gather(upstream, squeeze(input(1), [-1])),
  ],
  examples: [
    {
      title: "with a row twice",
      shapes: [[4, 3], [2, 2, 3]], // prettier-ignore
      build: (x, updates) => scatterAdd(x, rowsOfExample(x), updates),
    },
  ],
};
/** `x` [N, …] with `updates` [I…, …] added at `rows` [I…], int64; a row that occurs twice gets both. */
export const scatterAdd = (x: Tensor, rows: Tensor, updates: Tensor): Tensor =>
  apply(ScatterND, [x, unsqueeze(rows, [rows.shape.length]), updates], { reduction: "add" });
