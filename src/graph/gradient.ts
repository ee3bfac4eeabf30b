// Reverse-mode differentiation: walks nodes backwards and lets each operator's own rule say what flows to its
// operands. The gradient may be built in another graph than the one that ran forward: `bring` gives the stand-in there
// for a forward tensor. Knows no operator but the sum that joins gradients.

import { EarshotError } from "../errors.ts";
import { Graph, type GradientRule, type Node, type Tensor } from "./graph.ts";
import { FLOATS } from "./operator.ts";
import { add } from "./operators/elementwise.ts";

/** A use, inside a loop body, of a tensor that lives outside it. */
export interface CapturedUse {
  readonly node: Node;
  readonly operand: number;
  readonly upstreams: readonly (Tensor | undefined)[];
}

export interface Backpropagation {
  readonly nodes: readonly Node[];
  /** The gradients that are known: of outputs. Receives all the others. */
  readonly gradients: Map<Tensor, Tensor>;
  /** What gradients are wanted of. */
  readonly variables: readonly Tensor[];
  readonly bring: (tensor: Tensor) => Tensor;
  /** Called, instead of the rule, for operands that live outside the body. */
  readonly onCapture?: (use: CapturedUse) => void;
}

/** Completes `gradients` with those of every tensor between the known ones and the variables. */
export function backpropagate({ nodes, gradients, variables, bring, onCapture }: Backpropagation): void {
  const dependent = dependents(nodes, variables);
  for (const node of nodes.toReversed()) {
    const upstreams = node.outputs.map((output) => gradients.get(output));
    const upstream = upstreams.find((gradient) => gradient !== undefined);
    const operands = [...node.inputs, ...node.captures];
    const wanted = operands.map((operand) => dependent.has(operand));
    if (!upstream || !wanted.includes(true)) continue;
    const rules = ruleOf(node)({
      node,
      upstream,
      upstreams,
      wanted,
      bring,
      input: (index) => bring(node.inputs[index]),
      output: (index) => bring(node.outputs[index]),
    });
    operands.forEach((operand, index) => {
      const rule = rules[index];
      if (!wanted[index] || !rule) return;
      if (onCapture && operand.graph !== node.outputs[0].graph)
        return onCapture({ node, operand: index, upstreams });
      const gradient = rule();
      if (gradient) accumulate(gradients, operand, gradient);
    });
  }
}

/** The floats that a gradient connects to a variable, the variables included: whole numbers do not change a little. */
function dependents(nodes: readonly Node[], variables: readonly Tensor[]): Set<Tensor> {
  const dependent = new Set(variables.filter(({ type }) => FLOATS.includes(type)));
  for (const node of nodes) {
    if (typeof node.operator.gradient !== "function") continue;
    if ([...node.inputs, ...node.captures].some((operand) => dependent.has(operand))) {
      for (const output of node.outputs) if (FLOATS.includes(output.type)) dependent.add(output);
    }
  }
  return dependent;
}

/** The rule of a node's operator. */
export function ruleOf(node: Node): GradientRule {
  const { gradient, name } = node.operator;
  if (typeof gradient === "function") return gradient;
  throw new EarshotError({
    code: "NO_GRADIENT",
    where: name,
    problem: `${name} has no gradient: ${gradient.none}.`,
    remedy: "Keep it off the path between the variables and the loss.",
  });
}

export function accumulate(gradients: Map<Tensor, Tensor>, tensor: Tensor, gradient: Tensor): void {
  const known = gradients.get(tensor);
  gradients.set(tensor, known ? add(known, gradient) : gradient);
}

/**
 * The gradients of a loss with respect to `variables`, in the graph of `result`, from the loss's gradient `upstream` at
 * `result`.
 */
export function gradientsOf(result: Tensor, upstream: Tensor, variables: readonly Tensor[]): Tensor[] {
  const gradients = new Map([[result, upstream]]);
  const nodes = nodesBefore(result);
  backpropagate({ nodes, gradients, variables, bring: (tensor) => tensor });
  return variables.map((variable) => reached(gradients, variable));
}

/** The nodes up to the one that gives `result`. */
function nodesBefore(result: Tensor): Node[] {
  const { nodes } = result.graph;
  return nodes.slice(0, nodes.findIndex(({ outputs }) => outputs.includes(result)) + 1);
}

/** A forward program and the backward program that continues it. */
export interface BackwardProgram {
  readonly graph: Graph;
  /** The input that takes the gradient of the loss with respect to the differentiated tensor. */
  readonly upstream: Tensor;
  /** For each variable, the output that holds its gradient. */
  readonly gradients: readonly Tensor[];
  /** Results of the forward program (marked as its outputs now) that are inputs of the backward program. */
  readonly saved: readonly Tensor[];
}

/**
 * The gradient of a loss through `result` with respect to `variables`, as a program of its own. What it needs of the
 * forward pass becomes outputs there and inputs of the same name here, so the loss may be computed in between.
 */
export function differentiate(result: Tensor, variables: readonly Tensor[]): BackwardProgram {
  const forward = result.graph;
  const graph = new Graph(undefined, "backward/");
  const upstream = graph.input(`gradient/${result.name}`, result.type, result.shape);
  const standIns = new Map<Tensor, Tensor>();
  const saved: Tensor[] = [];
  const bring = (tensor: Tensor): Tensor => {
    const known = standIns.get(tensor);
    if (known) return known;
    const constant = forward.initializers.find((initializer) => initializer.tensor === tensor);
    const standIn = constant
      ? graph.constant(tensor.name, tensor.type, tensor.shape as number[], constant.data)
      : graph.input(tensor.name, tensor.type, tensor.shape);
    standIns.set(tensor, standIn);
    if (!constant && !forward.inputs.includes(tensor)) saved.push(forward.output(tensor));
    return standIn;
  };
  const gradients = new Map([[result, upstream]]);
  backpropagate({ nodes: forward.nodes.slice(), gradients, variables, bring });
  return {
    graph,
    upstream,
    saved,
    gradients: variables.map((variable) => graph.output(reached(gradients, variable))),
  };
}

function reached(gradients: ReadonlyMap<Tensor, Tensor>, variable: Tensor): Tensor {
  const gradient = gradients.get(variable);
  if (gradient) return gradient;
  throw new EarshotError({
    code: "NO_GRADIENT",
    where: variable.name,
    problem: `The result does not depend on "${variable.name}".`,
    remedy:
      "Leave it out of the variables, or use it on the way to the result, with no whole numbers or comparison between.",
  });
}
