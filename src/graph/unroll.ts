// The second lowering of the recurrence: every Scan becomes copies of its body, one for each step, for runtimes that have
// no loop on the device (ONNX Runtime's WebGPU driver would go back to the CPU at each step). A pass over a finished
// graph, after its gradient was taken. A longer sequence runs in blocks: feed the states after one block to the next.

import { EarshotError } from "../errors.ts";
import { bindDimension, type Dimension, type Sizes } from "./dimensions.ts";
import {
  elementData,
  Graph,
  type Attributes,
  type Node,
  type OperatorDefinition,
  type Tensor,
} from "./graph.ts";
import { Identity } from "./operators/elementwise.ts";
import { gather } from "./operators/gather.ts";
import { bodyOf, directionOf, Scan, stateCount } from "./operators/scan.ts";
import { unsqueeze } from "./operators/shape.ts";
import { Concat } from "./operators/slice.ts";
import { liveNodes } from "./writer.ts";

interface Copy {
  readonly target: Graph;
  readonly sizes: Sizes;
  /** What stands in the target for a tensor; for one of a body, in the step that is being copied. */
  readonly places: Map<Tensor, Tensor>;
}

/**
 * The same program without loops: equal names and results, its dimensions with numbers for the names in `sizes`, such as
 * `{ T: 64 }`. To be written, not to be differentiated.
 * @throws EarshotError UNKNOWN_LENGTH when the number of a loop's steps is not known
 */
export function unrollScans(graph: Graph, sizes: Sizes = {}): Graph {
  const target = new Graph(undefined, "unrolled/");
  const copy: Copy = { target, sizes, places: new Map() };
  for (const input of graph.inputs) {
    const { name, type, shape } = boundType(input, sizes);
    copy.places.set(input, target.input(name, type, shape));
  }
  for (const { tensor, data } of graph.initializers) {
    const constant = { ...tensor, graph: target };
    target.initializers.push({ tensor: constant, data });
    copy.places.set(tensor, constant);
  }
  copyNodes(graph, copy);
  for (const output of graph.outputs) target.output(placeOf(output, copy));
  return target;
}

const placeOf = (tensor: Tensor, { places }: Copy): Tensor => places.get(tensor)!;

const boundType = (tensor: Tensor, sizes: Sizes): Tensor => ({
  ...tensor,
  shape: tensor.shape.map((size) => bindDimension(size, sizes)),
});

function copyNodes(graph: Graph, copy: Copy): void {
  for (const node of liveNodes(graph).nodes) {
    const inputs = node.inputs.map((input) => placeOf(input, copy));
    if (node.operator === Scan) unroll(node, inputs, copy);
    else emit(node.operator, inputs, node.attributes, node.outputs, copy);
  }
}

/** Adds a node that computes what `results` stand for. They keep their names, but in a step, which is one of many. */
function emit(
  operator: OperatorDefinition,
  inputs: readonly Tensor[],
  attributes: Attributes,
  results: readonly Tensor[],
  { target, sizes, places }: Copy,
): void {
  const known: OperatorDefinition = {
    ...operator,
    infer: () => results.map((result) => boundType(result, sizes)),
  };
  const names = results.flatMap(({ graph, name }) => (graph.parent ? [] : [name]));
  const outputs = target.add(known, inputs, attributes, [], names);
  results.forEach((result, i) => places.set(result, outputs[i]));
}

function unroll(node: Node, inputs: readonly Tensor[], copy: Copy): void {
  const body = bodyOf(node);
  const count = stateCount(node);
  const sequences = inputs.slice(count);
  let states = inputs.slice(0, count);
  const steps = Array.from({ length: lengthOf(sequences[0].shape[0]) }, (_, t) => t);
  const outputs: (readonly Tensor[])[] = []; // by time, whatever the direction
  for (const t of directionOf(node) === "forward" ? steps : steps.toReversed()) {
    const time = copy.target.constant("step", "int64", [], elementData("int64", [t]));
    const slices = sequences.map((sequence) => gather(sequence, time));
    body.inputs.forEach((input, i) => copy.places.set(input, [...states, ...slices][i]));
    copyNodes(body, copy);
    const results = body.outputs.map((output) => placeOf(output, copy));
    states = results.slice(0, count);
    outputs[t] = results.slice(count);
  }
  node.outputs.forEach((result, i) => {
    if (i < count) return emit(Identity, [states[i]], {}, [result], copy);
    const rows = outputs.map((step) => unsqueeze(step[i - count], [0]));
    return emit(Concat, rows, { axis: 0 }, [result], copy);
  });
}

function lengthOf(length: Dimension): number {
  if (Number.isInteger(length) && Number(length) > 0) return Number(length);
  const [name = "T"] = /[A-Za-z_]\w*(?![\w(])/.exec(`${length}`) ?? [];
  throw new EarshotError({
    code: "UNKNOWN_LENGTH",
    where: "unrollScans",
    problem: `A loop over ${length} steps cannot be unrolled.`,
    remedy: `Give the size of a block for the name in it: unrollScans(graph, { ${name}: 64 }).`,
  });
}
