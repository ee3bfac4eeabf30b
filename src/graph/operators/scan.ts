// The recurrence: a loop over the first axis whose step is a function on a body graph (ONNX Scan).
// Its gradient has two parts: a reverse scan that carries the gradient of the state, and, for each tensor from outside
// that the step uses (a weight), ONE application of that use's own rule to values stacked over all time. For a matrix
// product that is a single [H, T·B] × [T·B, H] product. Knows nothing of what the step computes.

import { EarshotError } from "../../errors.ts";
import { formatShape, sameShape, shapeMismatch } from "../dimensions.ts";
import { accumulate, backpropagate, ruleOf, type CapturedUse } from "../gradient.ts";
import {
  Graph,
  innermostGraph,
  type GradientContext,
  type Node,
  type OperatorDefinition,
  type Tensor,
} from "../graph.ts";
import { NUMBERS } from "../operator.ts";
import { liveNodes } from "../writer.ts";
import { matMul } from "./matrix.ts";
import { add, Identity, identity, mul, tanh } from "./elementwise.ts";
import { squeeze, unsqueeze, zerosLike } from "./shape.ts";
import { pad, slice } from "./slice.ts";

export type Direction = "forward" | "backward";

export interface StepResult {
  /** The states after the step, in the order and shapes of those before it. */
  readonly states: readonly Tensor[];
  /** What to keep of each step. */
  readonly outputs: readonly Tensor[];
}

export interface ScanOptions {
  /** The states before the first step. */
  readonly states: readonly Tensor[];
  /**
   * Sequences, [T, …] each; the step sees one slice of each, without the axis. ONNX Runtime runs a loop of at least one
   * step: T may be 0 only as a number that is known here.
   */
  readonly sequences: readonly Tensor[];
  /** "backward" runs from the last element to the first; its outputs stay aligned with its sequences. */
  readonly direction: Direction;
  readonly step: (states: readonly Tensor[], slices: readonly Tensor[]) => StepResult;
}

/** Runs `step` along the first axis: gives the states after the last step and the outputs stacked, [T, …]. */
export function scan({ states, sequences, direction, step }: ScanOptions): StepResult {
  checkSequences(sequences);
  if (sequences[0].shape[0] === 0) return noSteps(states, sequences, step);
  const graph = innermostGraph([...states, ...sequences]);
  const body = new Graph(graph);
  const before = states.map((state) => body.input("state", state.type, state.shape));
  const slices = sequences.map((sequence) => body.input("slice", sequence.type, sequence.shape.slice(1)));
  const after = step(before, slices);
  checkStates(before, after.states);
  for (const result of [...after.states, ...after.outputs]) yieldResult(body, result);
  const results = addScan(graph, body, states, sequences, direction);
  return { states: results.slice(0, states.length), outputs: results.slice(states.length) };
}

/**
 * A loop over sequences that are known to be empty, which ONNX Runtime does not run: the states stay, and an output holds
 * nothing, of the shape that a step gives. All depend on what they would in a loop, so that the gradients are zeros.
 */
function noSteps(
  states: readonly Tensor[],
  sequences: readonly Tensor[],
  step: ScanOptions["step"],
): StepResult {
  const zerosFrom = (nothing: Tensor) => squeeze(pad(nothing, 0, 0, 1), [0]);
  const after = step(states, sequences.map(zerosFrom));
  checkStates(states, after.states);
  const none = (output: Tensor) => slice(unsqueeze(output, [0]), 0, { trim: 1 });
  return {
    states: states.map((state, i) =>
      NUMBERS.includes(state.type) ? add(state, zerosFrom(none(after.states[i]))) : identity(state),
    ),
    outputs: after.outputs.map(none),
  };
}

function checkSequences(sequences: readonly Tensor[]): void {
  const lengths = sequences.map((sequence) => sequence.shape[0]);
  if (lengths.length > 0 && lengths.every((length) => length !== undefined && length === lengths[0])) return;
  const shapes = sequences.map((sequence) => formatShape(sequence.shape)).join(", ");
  throw shapeMismatch("scan", `it needs sequences of one length, not ${shapes || "none"}`);
}

function checkStates(before: readonly Tensor[], after: readonly Tensor[]): void {
  if (after.length > before.length) {
    throw shapeMismatch("scan", `${before.length} states enter the step and ${after.length} leave it`);
  }
  before.forEach((state, i) => {
    if (after[i] && sameShape(after[i].shape, state.shape) && after[i].type === state.type) return;
    const came = after[i] ? `${after[i].type} ${formatShape(after[i].shape)}` : "nothing";
    throw shapeMismatch(
      `scan, state ${i}`,
      `it enters as ${state.type} ${formatShape(state.shape)} and leaves as ${came}`,
    );
  });
}

/** A body's result must be computed in the body and be listed once for each use. */
function yieldResult(body: Graph, result: Tensor): void {
  const computed = result.graph === body && !body.inputs.includes(result) && !body.outputs.includes(result);
  body.outputs.push(computed ? result : identity(result, body));
}

function addScan(
  graph: Graph,
  body: Graph,
  states: readonly Tensor[],
  sequences: readonly Tensor[],
  direction: Direction,
): Tensor[] {
  const code = direction === "forward" ? 0 : 1;
  const attributes = {
    body,
    num_scan_inputs: sequences.length,
    scan_input_directions: sequences.map(() => code),
    scan_output_directions: body.outputs.slice(states.length).map(() => code),
  };
  const captures = [...liveNodes(body).used].filter((tensor) => tensor.graph.depth < body.depth);
  return graph.add(Scan, [...states, ...sequences], attributes, captures);
}

export const bodyOf = (node: Node) => node.attributes.body as Graph;
const sequenceCount = (node: Node) => node.attributes.num_scan_inputs as number;
export const stateCount = (node: Node) => node.inputs.length - sequenceCount(node);
export const directionOf = (node: Node): Direction =>
  (node.attributes.scan_input_directions as readonly number[])[0] === 0 ? "forward" : "backward";

export const Scan: OperatorDefinition = {
  name: "Scan",
  infer: (inputs, attributes) => {
    const body = attributes.body as Graph;
    const states = inputs.length - (attributes.num_scan_inputs as number);
    const length = inputs[states].shape[0];
    return body.outputs.map(({ type, shape }, i) => ({
      type,
      shape: i < states ? shape : [length, ...shape],
    }));
  },
  gradient: (context) => {
    let result: readonly (Tensor | undefined)[] | undefined;
    const gradients = () => (result ??= scanGradients(context));
    const required = (index: number) => () => gradients()[index]!;
    return context.wanted.map((_, index) => required(index));
  },
  examples: [
    { title: "forward", shapes: [[2, 3], [4, 2, 3], [3, 3]], build: (h, x, w) => exampleScan(h, x, w, "forward") }, // prettier-ignore
    { title: "backward", shapes: [[2, 3], [4, 2, 3], [3, 3]], build: (h, x, w) => exampleScan(h, x, w, "backward") }, // prettier-ignore
  ],
};

/** A recurrence with a weight, a bias used outside and inside, and a last state that matters. */
function exampleScan(h: Tensor, x: Tensor, w: Tensor, direction: Direction): Tensor {
  const step = ([state]: readonly Tensor[], [slice]: readonly Tensor[]) => {
    const next = tanh(add(add(slice, matMul(state, w)), mul(slice, state)));
    return { states: [next], outputs: [next] };
  };
  const { states, outputs } = scan({ states: [h], sequences: [x], direction, step });
  return add(outputs[0], mul(states[0], 2));
}

/** The gradients of initial states, sequences and captures, in this order. */
function scanGradients(context: GradientContext): (Tensor | undefined)[] {
  const { node } = context;
  const { initial, slices, uses, overTime } = reverseScan(context);
  const captured = new Map<Tensor, Tensor>();
  for (const use of uses) {
    const gradient = overAllTime(context, { ...use, upstreams: use.upstreams.map(overTime) });
    if (gradient) accumulate(captured, operandOf(use), gradient);
  }
  return [...initial, ...slices.map(overTime), ...node.captures.map((capture) => captured.get(capture))];
}

const operandOf = ({ node, operand }: CapturedUse) => [...node.inputs, ...node.captures][operand];

interface ReverseScan {
  /** The gradients of the initial states. */
  readonly initial: readonly Tensor[];
  /** The gradient of each slice, in the body; undefined where none flows. */
  readonly slices: readonly (Tensor | undefined)[];
  readonly uses: readonly CapturedUse[];
  /** The values, [T, …], of a gradient in the body. */
  readonly overTime: (gradient: Tensor | undefined) => Tensor | undefined;
}

/** Runs the step's gradient from the last step to the first. */
function reverseScan({ node, upstream, upstreams, wanted, bring }: GradientContext): ReverseScan {
  const body = bodyOf(node);
  const states = body.inputs.slice(0, stateCount(node));
  const target = upstream.graph;
  const reverse = new Graph(target);
  const carries = states.map((state) => reverse.input("gradient", state.type, state.shape));
  const sequences: Tensor[] = [];
  const feed = (slice: Tensor, sequence: Tensor): Tensor => {
    sequences.push(sequence);
    return reverse.input(slice.name, slice.type, slice.shape);
  };
  const gradients = new Map<Tensor, Tensor>();
  body.outputs.forEach((output, i) => {
    const above = upstreams[i];
    if (i < states.length) accumulate(gradients, output, carries[i]);
    else if (above) accumulate(gradients, output, feed(output, above));
  });
  const uses: CapturedUse[] = [];
  backpropagate({
    nodes: body.nodes.slice(),
    gradients,
    variables: [...body.inputs, ...node.captures].filter((_, i) => i < states.length || wanted[i]),
    bring: remember((tensor) =>
      tensor.graph === body ? feed(tensor, bring(stacked(node, tensor))) : bring(tensor),
    ),
    onCapture: (use) => uses.push(use),
  });
  const zeros = (i: number) => zerosLike(bring(node.inputs[i]), 0, node.inputs[i].shape.length);
  states.forEach((state, i) => yieldResult(reverse, gradients.get(state) ?? zeros(i)));
  const slices = body.inputs.slice(states.length).map((slice) => gradients.get(slice));
  const kept = [...new Set([...slices, ...uses.flatMap((use) => use.upstreams)])].filter(
    (x) => x !== undefined,
  );
  for (const gradient of kept) yieldResult(reverse, gradient);
  const last = states.map((_, i) => upstreams[i] ?? zeros(i));
  const direction = directionOf(node) === "forward" ? "backward" : "forward";
  const results = addScan(target, reverse, last, sequences, direction);
  return {
    initial: results.slice(0, states.length),
    slices,
    uses,
    overTime: (gradient) => gradient && results[states.length + kept.indexOf(gradient)],
  };
}

function remember(create: (tensor: Tensor) => Tensor): (tensor: Tensor) => Tensor {
  const known = new Map<Tensor, Tensor>();
  return (tensor) => {
    const standIn = known.get(tensor) ?? create(tensor);
    known.set(tensor, standIn);
    return standIn;
  };
}

/** The gradient that a use inside the loop sends to a tensor outside it: its rule, once, on values of all time. */
function overAllTime({ node, bring }: GradientContext, use: CapturedUse): Tensor | undefined {
  if (!use.node.operator.broadcasts) {
    throw new EarshotError({
      code: "NO_GRADIENT",
      where: `scan, ${use.node.operator.name}`,
      problem: `"${operandOf(use).name}" enters the step through ${use.node.operator.name}, which does not broadcast.`,
      remedy: "Apply this operator outside the step, or feed the tensor as a sequence.",
    });
  }
  const rank = use.node.outputs[0].shape.length;
  const overTime = (tensor: Tensor) =>
    tensor.graph === bodyOf(node) ? afterTime(bring(stacked(node, tensor)), rank) : bring(tensor);
  const rules = ruleOf(use.node)({
    node: use.node,
    upstream: use.upstreams.find((upstream) => upstream !== undefined)!,
    upstreams: use.upstreams,
    wanted: use.node.inputs.map((_, index) => index === use.operand),
    bring,
    input: (index) => overTime(use.node.inputs[index]),
    output: (index) => overTime(use.node.outputs[index]),
  });
  return rules[use.operand]!();
}

/** [T, …] with axes of size 1 after time, up to `rank` axes: so aligned it broadcasts as its slices did in the step. */
function afterTime(x: Tensor, rank: number): Tensor {
  const missing = Math.max(0, rank + 1 - x.shape.length);
  const axes = Array.from({ length: missing }, (_, i) => i + 1);
  return missing > 0 ? unsqueeze(x, axes) : x;
}

/** The values that a tensor of the body took, [T, …]; the forward scan keeps them from now on if it did not. */
function stacked(node: Node, tensor: Tensor): Tensor {
  const body = bodyOf(node);
  const states = stateCount(node);
  const sequence = body.inputs.indexOf(tensor) - states;
  if (sequence >= 0) return node.inputs[states + sequence];
  const names = body.nodes.filter(({ operator, inputs }) => operator === Identity && inputs[0] === tensor);
  const copies = [tensor, ...names.map(({ outputs }) => outputs[0])];
  const kept = body.outputs.findIndex((output, i) => i >= states && copies.includes(output));
  if (kept >= 0) return node.outputs[kept];
  yieldResult(body, tensor);
  const directions = node.attributes.scan_input_directions as readonly number[];
  (node.attributes.scan_output_directions as number[]).push(directions[0]);
  return node.outputs[0].graph.grow(node, {
    type: tensor.type,
    shape: [node.inputs[states].shape[0], ...tensor.shape],
  });
}
