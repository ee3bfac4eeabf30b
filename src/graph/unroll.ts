// The second lowering of the recurrence: every Scan becomes copies of its body, one for each step, for runtimes that have
// no loop on the device (ONNX Runtime's WebGPU driver would go back to the CPU at each step). There each node of each step
// is a launch: what does not depend on the state is computed once for all steps. A pass over a finished graph, after its
// gradient was taken. A longer sequence runs in blocks: feed the states after one block to the next.

import { EarshotError } from "../errors.ts";
import { bindDimension, type Dimension, type Sizes } from "./dimensions.ts";
import { Graph, type Attributes, type Node, type OperatorDefinition, type Tensor } from "./graph.ts";
import { Sigmoid } from "./operators/activation.ts";
import { Add, Clip, Div, Equal, Identity, Mul, Sub, Tanh } from "./operators/elementwise.ts";
import { bodyOf, directionOf, Scan, stateCount } from "./operators/scan.ts";
import { Cast, squeeze, unsqueeze } from "./operators/shape.ts";
import { Concat, split } from "./operators/slice.ts";
import { liveNodes } from "./writer.ts";

interface Copy {
  readonly target: Graph;
  readonly sizes: Sizes;
  /** What stands in the target for a tensor; for one of a body, in the step that is being copied. */
  readonly places: Map<Tensor, Tensor>;
  /** Of sequences of the target that loops have walked. */
  readonly rows: Map<Tensor, readonly Tensor[]>;
}

/**
 * The same program without loops: equal names and results, its dimensions with numbers for the names in `sizes`, such as
 * `{ T: 64 }`. To be written, not to be differentiated.
 * @throws EarshotError UNKNOWN_LENGTH when the number of a loop's steps is not known
 */
export function unrollScans(graph: Graph, sizes: Sizes = {}): Graph {
  const target = new Graph(undefined, "unrolled/");
  const copy: Copy = { target, sizes, places: new Map(), rows: new Map() };
  for (const input of graph.inputs) {
    const { name, type, shape } = boundType(input, sizes);
    copy.places.set(input, target.input(name, type, shape));
  }
  for (const { tensor, data } of graph.initializers) {
    const constant = { ...tensor, graph: target };
    target.initializers.push({ tensor: constant, data });
    copy.places.set(tensor, constant);
  }
  copyNodes(liveNodes(graph).nodes, copy);
  for (const output of graph.outputs) target.output(placeOf(output, copy));
  return target;
}

const placeOf = (tensor: Tensor, { places }: Copy): Tensor => places.get(tensor)!;

const boundType = (tensor: Tensor, sizes: Sizes): Tensor => ({
  ...tensor,
  shape: tensor.shape.map((size) => bindDimension(size, sizes)),
});

function copyNodes(nodes: readonly Node[], copy: Copy): void {
  for (const node of nodes) {
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
  const length = lengthOf(inputs[count].shape[0]);
  const { whole, rest } = computedAtOnce(body, count, inputs, length, copy);
  const used = new Set([...rest.flatMap(operandsOf), ...body.outputs.slice(0, count)]);
  const rows = [...whole].flatMap(([x, all]) => (used.has(x) ? [{ x, of: rowsOf(all, length, copy) }] : []));
  const steps = Array.from({ length }, (_, t) => t);
  let states = inputs.slice(0, count);
  const outputs: (readonly Tensor[])[] = []; // by time, whatever the direction
  for (const t of directionOf(node) === "forward" ? steps : steps.toReversed()) {
    states.forEach((state, i) => copy.places.set(body.inputs[i], state));
    for (const { x, of } of rows) copy.places.set(x, of[t]);
    copyNodes(rest, copy);
    const results = body.outputs.map((output) => placeOf(output, copy));
    states = results.slice(0, count);
    outputs[t] = results.slice(count);
  }
  node.outputs.forEach((result, i) => {
    if (i < count) return emit(Identity, [states[i]], {}, [result], copy);
    const all = whole.get(body.outputs[i]);
    if (all) return emit(Identity, [all], {}, [result], copy);
    const stacked = outputs.map((step) => unsqueeze(step[i - count], [0]));
    return emit(Concat, stacked, { axis: 0 }, [result], copy);
  });
}

const operandsOf = ({ inputs, captures }: Node): readonly Tensor[] => [...inputs, ...captures];

/** Those whose results for all time are what they give for each step, where only the time is an axis more. */
const ELEMENT_WISE: readonly OperatorDefinition[] = [
  Add,
  Cast,
  Clip,
  Div,
  Equal,
  Identity,
  Mul,
  Sigmoid,
  Sub,
  Tanh,
];

interface ComputedAtOnce {
  /** The slices, and what follows from them alone: for all time, [T, …]. */
  readonly whole: ReadonlyMap<Tensor, Tensor>;
  /** The nodes that are left to each step. */
  readonly rest: readonly Node[];
}

/** Computes for all time what a step computes element by element of its slices and of what lives outside. */
function computedAtOnce(
  body: Graph,
  states: number,
  inputs: readonly Tensor[],
  length: number,
  copy: Copy,
): ComputedAtOnce {
  const whole = new Map(body.inputs.slice(states).map((slice, i) => [slice, inputs[states + i]]));
  const rest: Node[] = [];
  for (const node of liveNodes(body).nodes) {
    const [result] = node.outputs;
    const rank = result.shape.length;
    const aligned = ({ shape }: Tensor) => shape.length === rank; // so that times meet times
    const outside = (x: Tensor) => x.graph.depth < body.depth && x.shape.length <= rank;
    const fits = node.inputs.every((x) => (whole.has(x) ? aligned(x) : outside(x)));
    if (!fits || !ELEMENT_WISE.includes(node.operator) || !node.inputs.some((x) => whole.has(x)))
      rest.push(node);
    else {
      const operands = node.inputs.map((x) => whole.get(x) ?? placeOf(x, copy));
      const { type, shape } = boundType(result, copy.sizes);
      const known = { ...node.operator, infer: () => [{ type, shape: [length, ...shape] }] };
      whole.set(result, copy.target.add(known, operands, node.attributes)[0]);
    }
  }
  return { whole, rest };
}

/** What a device without a loop takes into one program beside its input: WebGPU's least limit of storage buffers is 8. */
const PARTS = 7;

/** The rows [...] of a sequence [T, ...]; once, where both directions walk it. */
function rowsOf(sequence: Tensor, length: number, { rows }: Copy): readonly Tensor[] {
  const known = rows.get(sequence) ?? cutIntoRows(sequence, length);
  rows.set(sequence, known);
  return known;
}

function cutIntoRows(x: Tensor, length: number): readonly Tensor[] {
  if (length === 1) return [squeeze(x, [0])];
  let size = 1;
  while (size * PARTS < length) size *= PARTS;
  const sizes = Array.from({ length: Math.ceil(length / size) }, (_, i) => Math.min(size, length - i * size));
  return split(x, 0, sizes).flatMap((part, i) => cutIntoRows(part, sizes[i]));
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
