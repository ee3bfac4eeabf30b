// A typed ONNX graph under construction: tensors with named dimensions, and nodes in topological order.
// Shapes and types are checked when a node is added, never later. A body (of a Scan) is a graph with a parent, whose
// tensors it may use. Knows no operator; those live in operators/.

import { EarshotError } from "../errors.ts";
import { ELEMENT_ARRAYS, elementCount, type ElementType, type TypedData } from "../tensor.ts";
import { formatShape, type Shape } from "./dimensions.ts";

/** The codes of ONNX's TensorProto.DataType. */
export const DATA_TYPES: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
};

export interface TensorType {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** A value in a graph: a name for what the program will compute, not the numbers themselves. */
export interface Tensor extends TensorType {
  readonly graph: Graph;
  readonly name: string;
}

/** Numbers are integers. */
export type Attribute = number | string | readonly number[] | Graph;
export type Attributes = Readonly<Record<string, Attribute>>;

export interface Node {
  readonly operator: OperatorDefinition;
  readonly inputs: readonly Tensor[];
  /** Tensors of enclosing graphs that the node's body uses. */
  readonly captures: readonly Tensor[];
  /** Only a Scan grows after it was added: its gradient asks for more outputs. */
  readonly outputs: Tensor[];
  readonly attributes: Attributes;
}

/** What an operator is: how the type of its results follows from its operands, and how gradients flow back. */
export interface OperatorDefinition {
  readonly name: string;
  /** The function that applies it, where that does not have the operator's name. */
  readonly appliedBy?: string;
  readonly infer: (inputs: readonly Tensor[], attributes: Attributes) => readonly TensorType[];
  /** A rule, or the reason why there is none. */
  readonly gradient: GradientRule | { readonly none: string };
  /**
   * True when an operand without the leading axes of another is repeated along them. The gradient of such an operand,
   * used inside a recurrence, is then taken once over all time instead of step by step.
   */
  readonly broadcasts?: boolean;
  /** Cases on which the gradient suite checks the rule. */
  readonly examples: readonly GradientExample[];
}

/** One entry per input and capture: computes its gradient when asked; undefined where there is none. */
export type GradientRule = (context: GradientContext) => readonly ((() => Tensor | undefined) | undefined)[];

/** What a gradient rule may look at. Tensors may be stand-ins in another graph than the one that ran forward. */
export interface GradientContext {
  readonly node: Node;
  readonly input: (index: number) => Tensor;
  readonly output: (index: number) => Tensor;
  /** The gradient of the loss with respect to the first output. */
  readonly upstream: Tensor;
  /** The same for every output; undefined where none flows. */
  readonly upstreams: readonly (Tensor | undefined)[];
  /** Which inputs and captures need a gradient. */
  readonly wanted: readonly boolean[];
  /** The stand-in for any tensor of the forward graph. */
  readonly bring: (tensor: Tensor) => Tensor;
}

/** A case for the gradient suite: operand shapes, and for each operand the range to draw it from, clear of kinks. */
export interface GradientExample {
  readonly title?: string;
  readonly shapes: readonly (readonly number[])[];
  readonly ranges?: readonly (readonly [low: number, high: number])[];
  /** ONNX Runtime's CPU driver has no float64 kernel for it. */
  readonly float32Only?: true;
  /** Builds the operator's result from the operands, each of which must have a gradient. */
  readonly build: (...operands: Tensor[]) => Tensor;
}

export interface Initializer {
  readonly tensor: Tensor;
  readonly data: TypedData;
}

export class Graph {
  readonly parent: Graph | undefined;
  readonly inputs: Tensor[] = [];
  readonly outputs: Tensor[] = [];
  readonly nodes: Node[] = [];
  readonly initializers: Initializer[] = [];
  readonly #names: Map<string, number>;
  readonly #prefix: string;

  /** @param prefix of every name but those of inputs, so that inputs can keep names from another graph. */
  constructor(parent?: Graph, prefix = "") {
    this.parent = parent;
    this.#names = parent ? parent.#names : new Map();
    this.#prefix = parent ? parent.#prefix : prefix;
  }

  get depth(): number {
    return this.parent ? this.parent.depth + 1 : 0;
  }

  get root(): Graph {
    return this.parent ? this.parent.root : this;
  }

  /** A value fed at each run. */
  input(name: string, type: ElementType, shape: Shape): Tensor {
    const tensor = this.#tensor(this.parent ? this.#prefix + name : name, { type, shape });
    this.inputs.push(tensor);
    return tensor;
  }

  /** A value written into the program. Constants of a body belong to the outermost graph. */
  constant(name: string, type: ElementType, shape: readonly number[], data: TypedData): Tensor {
    if (this.parent) return this.root.constant(name, type, shape, data);
    checkConstant(name, type, shape, data);
    const tensor = this.#tensor(this.#prefix + name, { type, shape });
    this.initializers.push({ tensor, data });
    return tensor;
  }

  /** Marks a tensor as a result of the program (once, however often it is asked for). */
  output(tensor: Tensor): Tensor {
    if (!this.outputs.includes(tensor)) this.outputs.push(tensor);
    return tensor;
  }

  /** Whether a node here may use what the other graph computes. */
  sees(other: Graph): boolean {
    return other === this || (this.parent?.sees(other) ?? false);
  }

  /**
   * Adds a node whose result types were inferred by its operator.
   * @param names of the results, when a copy of a graph must keep them
   */
  add(
    operator: OperatorDefinition,
    inputs: readonly Tensor[],
    attributes: Attributes = {},
    captures: readonly Tensor[] = [],
    names: readonly string[] = [],
  ): Tensor[] {
    const stranger = [...inputs, ...captures].find((tensor) => !this.sees(tensor.graph));
    if (stranger) throw new TypeError(`${operator.name}: "${stranger.name}" belongs to another graph.`);
    const outputs = operator
      .infer(inputs, attributes)
      .map((result, i) => this.#tensor(names[i] ?? this.#prefix + operator.name, result));
    this.nodes.push({ operator, inputs, captures, outputs, attributes });
    return outputs;
  }

  /** A fresh tensor of this graph; the name is made unique over the graph and all its bodies. */
  #tensor(name: string, { type, shape }: TensorType): Tensor {
    let count = this.#names.get(name) ?? 0;
    const numbered = () => (count === 0 ? name : `${name}:${count}`);
    while (this.#names.has(numbered())) count++;
    const unique = numbered();
    this.#names.set(unique, 1);
    if (unique !== name) this.#names.set(name, count + 1);
    return { graph: this, name: unique, type, shape };
  }

  /** A tensor declared as result `index` of an existing node (a Scan that grows). */
  grow(node: Node, type: TensorType): Tensor {
    const tensor = this.#tensor(this.#prefix + node.operator.name, type);
    node.outputs.push(tensor);
    return tensor;
  }
}

function checkConstant(name: string, type: ElementType, shape: readonly number[], data: TypedData): void {
  const { [type]: array } = ELEMENT_ARRAYS;
  if (!(data instanceof array)) {
    throw new EarshotError({
      code: "TYPE_MISMATCH",
      where: name,
      problem: `Numbers of type ${type} belong in a ${array.name}, not in a ${data.constructor.name}.`,
      remedy: "Give them in that array, or declare another type.",
    });
  }
  const size = elementCount(shape);
  if (size !== data.length) {
    throw new EarshotError({
      code: "SHAPE_MISMATCH",
      where: name,
      problem: `The shape ${formatShape(shape)} holds ${size} numbers but ${data.length} were given.`,
      remedy: "Give as many numbers as the shape holds.",
    });
  }
}

/**
 * The graph in which a node on these tensors belongs: the innermost of theirs. A computation inside a loop body whose
 * operands all live outside is thereby placed outside, and runs once instead of once per step.
 */
export function innermostGraph(tensors: readonly Tensor[]): Graph {
  return tensors.reduce(
    (innermost, { graph }) => (graph.depth > innermost.depth ? graph : innermost),
    tensors[0].graph,
  );
}

/** A scalar of the given element type. */
export function scalar(graph: Graph, type: ElementType, value: number): Tensor {
  return graph.constant(`${value}`, type, [], elementData(type, [value]));
}

/**
 * The numbers of a constant, such as the axes or bounds that an operator takes as operands.
 * @throws TypeError when the tensor is no constant
 */
export function constantValues({ graph, name }: Tensor): number[] {
  const constant = graph.root.initializers.find(({ tensor }) => tensor.name === name);
  if (!constant) throw new TypeError(`"${name}" is no constant.`);
  return Array.from(constant.data as ArrayLike<number | bigint>, Number);
}

/** A one-dimensional int64 constant: axes, shapes, bounds. */
export function integers(graph: Graph, values: readonly number[]): Tensor {
  return graph.constant("integers", "int64", [values.length], elementData("int64", values));
}

export function elementData(type: ElementType, values: ArrayLike<number>): TypedData {
  return type === "int64"
    ? BigInt64Array.from(Array.from(values, BigInt))
    : ELEMENT_ARRAYS[type].from(values);
}
