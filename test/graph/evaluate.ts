// Runs a graph on plain numbers, in the element types of its inputs.

import { openEngine } from "../../src/engine/index.ts";
import { elementData } from "../../src/graph/graph.ts";
import { writeOnnx, type Graph } from "../../src/graph/index.ts";
import type { ElementType, TensorData } from "../../src/tensor.ts";

export interface Numbers {
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/** The values of each output of the graph, by name. Feeds that are no inputs are left out. */
export async function evaluate(
  graph: Graph,
  feeds: Readonly<Record<string, Numbers>>,
): Promise<Record<string, Numbers>> {
  const program = await (await openEngine()).load(writeOnnx(graph), { threads: 1 });
  const entries = graph.inputs.map(({ name, type }) => [name, tensorOf(type, feeds[name])]);
  const results = await program.run(Object.fromEntries(entries));
  await program.close();
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [
      name,
      { dims, values: Array.from(data, Number) },
    ]),
  );
}

const tensorOf = (type: ElementType, { dims, values }: Numbers): TensorData => ({
  type,
  dims,
  data: elementData(type, values),
});
