// Runs a graph on plain numbers in float64.

import { openEngine, type TensorData } from "../../src/engine/index.ts";
import { writeOnnx, type Graph } from "../../src/graph/index.ts";

export interface Numbers {
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/** The values of each output of the graph, by name. */
export async function evaluate(
  graph: Graph,
  feeds: Readonly<Record<string, Numbers>>,
): Promise<Record<string, Numbers>> {
  const program = await (await openEngine()).load(writeOnnx(graph), { threads: 1 });
  const entries = Object.entries(feeds).map(([name, { dims, values }]): [string, TensorData] => [
    name,
    { type: "float64", dims, data: Float64Array.from(values) },
  ]);
  const results = await program.run(Object.fromEntries(entries));
  await program.close();
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [
      name,
      { dims, values: Array.from(data, Number) },
    ]),
  );
}
