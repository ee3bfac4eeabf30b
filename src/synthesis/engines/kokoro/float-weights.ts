// A network whose products are computed in bytes, changed so that they are computed in floats, which takes less time on CPUs
// without fast instructions for bytes. What was quantized while it ran (DynamicQuantizeLinear → MatMulInteger or ConvInteger →
// Cast → Mul by both scales) is taken as it is, with a scale of 1; weights become the floats that stand for their bytes, less
// their zero point. A program without such products stays as it is. Field numbers follow onnx.proto.

import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { joinBytes } from "../../../platform/index.ts";

const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1, initializer: 5, valueInfo: 13 } as const;
const NODE = { input: 1, output: 2, operator: 4, attribute: 5 } as const;
const TENSOR = { dims: 1, type: 2, int32s: 5, name: 8, raw: 9 } as const;
const FLOAT = 1;
const INT8 = 3;

interface Field {
  readonly number: number;
  /** With its tag. */
  readonly whole: Uint8Array;
  /** Of a field of variable length; empty for numbers. */
  readonly content: Uint8Array;
}

function readFields(bytes: Uint8Array): Field[] {
  const reader = new BinaryReader(bytes);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [number, type] = reader.tag();
    const isContent = type === WireType.LengthDelimited;
    const content = isContent ? reader.bytes() : new Uint8Array();
    if (!isContent) reader.skip(type, number);
    fields.push({ number, content, whole: bytes.subarray(start, reader.pos) });
  }
  return fields;
}

const decoder = new TextDecoder();
const textsOf = (fields: readonly Field[], number: number): string[] =>
  fields.filter((field) => field.number === number).map(({ content }) => decoder.decode(content));

interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly fields: readonly Field[];
}

function readNode({ content }: Field): GraphNode {
  const fields = readFields(content);
  const [operator] = textsOf(fields, NODE.operator);
  return { operator, inputs: textsOf(fields, NODE.input), outputs: textsOf(fields, NODE.output), fields };
}

/** Joined once, at the end: weights are hundreds of megabytes. */
type Pieces = readonly Uint8Array[];

function fieldOf(number: number, content: Pieces): Pieces {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  return [new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(length).finish(), ...content];
}

/** @param program the bytes of an ONNX model */
export function withFloatWeights(program: Uint8Array): Uint8Array {
  const model = readFields(program);
  const graph = model.find(({ number }) => number === MODEL.graph);
  if (graph === undefined) return program;
  const fields = readFields(graph.content);
  const nodes = fields.filter(({ number }) => number === GRAPH.node).map(readNode);
  if (!nodes.some(isProduct)) return program;
  const rewritten = fieldOf(MODEL.graph, rewriteGraph(fields, nodes));
  return joinBytes(model.flatMap((field) => (field === graph ? rewritten : [field.whole])));
}

const isProduct = ({ operator }: GraphNode): boolean =>
  operator === "MatMulInteger" || operator === "ConvInteger";
const isQuantization = ({ operator }: GraphNode): boolean => operator === "DynamicQuantizeLinear";

function rewriteGraph(fields: readonly Field[], nodes: readonly GraphNode[]): Pieces {
  const quantized = new Map(
    nodes.filter(isQuantization).map(({ inputs, outputs }) => [outputs[0], inputs[0]]),
  );
  const roundings = biasRoundings(nodes);
  const others = nodes.filter((node) => !isQuantization(node));
  const scales = nodes
    .filter(isQuantization)
    .map(({ outputs }) => floatTensor(outputs[1], [], Float32Array.of(1)));
  const weights = weightsOf(nodes);
  const tensors = new Map(fields.filter(isTensor).map(({ content }) => [nameOf(content), content]));
  const floats = [...weights].map(([name, zero]) => floatsOf(tensors.get(name)!, tensors.get(zero)));
  const unused = new Set([...weights].flat());
  for (const { inputs } of others.filter((node) => !isProduct(node)))
    for (const input of inputs) unused.delete(input);
  const kept = fields.filter((field) =>
    isTensor(field) ? !unused.has(nameOf(field.content)) : !REWRITTEN.has(field.number),
  );
  return [
    ...others.flatMap((node) => fieldOf(GRAPH.node, rewriteNode(node, quantized, roundings))),
    ...[...scales, ...floats].flatMap((tensor) => fieldOf(GRAPH.initializer, tensor)),
    ...kept.map(({ whole }) => whole),
  ];
}

/** Declared types of results are those of bytes. */
const REWRITTEN = new Set<number>([GRAPH.node, GRAPH.valueInfo]);
const isTensor = ({ number }: Field): boolean => number === GRAPH.initializer;
const nameOf = (tensor: Uint8Array): string => textsOf(readFields(tensor), TENSOR.name)[0];

/** The weights of products, each with its zero point, empty where it has none. */
const weightsOf = (nodes: readonly GraphNode[]): Map<string, string> =>
  new Map(nodes.filter(isProduct).map(({ inputs: [, weight, , zero = ""] }) => [weight, zero]));

function rewriteNode(
  node: GraphNode,
  quantized: ReadonlyMap<string, string>,
  roundings: ReadonlySet<GraphNode>,
): Pieces {
  const { operator, inputs, outputs, fields } = node;
  if (roundings.has(node)) return [nodeOf("Identity", inputs.slice(0, 1), outputs, [])];
  if (!isProduct(node)) return fields.map(({ whole }) => whole);
  const attributes = fields.filter(({ number }) => number === NODE.attribute);
  const left = quantized.get(inputs[0]) ?? inputs[0];
  const name = operator === "MatMulInteger" ? "MatMul" : "Conv";
  return [nodeOf(name, [left, asFloats(inputs[1])], outputs, attributes)];
}

/**
 * What rounds the biases of products to whole numbers, as products in bytes are: bias → Floor → Cast, perhaps with a Reshape
 * between them → Add. Without the rounding they are added as they are.
 */
function biasRoundings(nodes: readonly GraphNode[]): Set<GraphNode> {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const products = new Set(nodes.filter(isProduct).map(({ outputs }) => outputs[0]));
  const sums = nodes.filter(
    ({ operator, inputs }) => operator === "Add" && inputs.some((input) => products.has(input)),
  );
  const biases = sums.map(({ inputs }) => inputs.find((input) => !products.has(input)) ?? "");
  return new Set(biases.flatMap((bias) => roundingsBefore(bias, makers)));
}

function roundingsBefore(name: string, makers: ReadonlyMap<string, GraphNode>): GraphNode[] {
  const maker = makers.get(name);
  if (maker === undefined || !["Reshape", "Cast", "Floor"].includes(maker.operator)) return [];
  const earlier = roundingsBefore(maker.inputs[0], makers);
  return maker.operator === "Reshape" ? earlier : [maker, ...earlier];
}

const asFloats = (name: string): string => `${name} as floats`;

function nodeOf(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Field[],
): Uint8Array {
  const writer = new BinaryWriter();
  for (const input of inputs) writer.tag(NODE.input, WireType.LengthDelimited).string(input);
  for (const output of outputs) writer.tag(NODE.output, WireType.LengthDelimited).string(output);
  writer.tag(NODE.operator, WireType.LengthDelimited).string(operator);
  for (const { whole } of attributes) writer.raw(whole);
  return writer.finish();
}

/** @param zero one zero point for all, or one for each column of a matrix */
function floatsOf(tensor: Uint8Array, zero: Uint8Array | undefined): Pieces {
  const { name, dims, values } = integersOf(tensor);
  const zeros = zero === undefined ? [0] : integersOf(zero).values;
  const floats = new Float32Array(values.length);
  for (let n = 0; n < values.length; n++) floats[n] = values[n] - zeros[n % zeros.length]; // millions of them
  return floatTensor(asFloats(name), dims, floats);
}

function integersOf(tensor: Uint8Array) {
  const reader = new BinaryReader(tensor);
  const dims: number[] = [];
  let [name, type] = ["", 0];
  let bytes: Uint8Array = new Uint8Array();
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (number === TENSOR.dims && wire === WireType.Varint) dims.push(Number(reader.int64()));
    else if (number === TENSOR.type) type = reader.int32();
    else if (number === TENSOR.name) name = reader.string();
    else if (number === TENSOR.raw) bytes = reader.bytes();
    else if (number === TENSOR.int32s) bytes = Uint8Array.from(readPacked(reader, wire));
    else reader.skip(wire, number);
  }
  const values = type === INT8 ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes;
  return { name, dims, values };
}

function readPacked(reader: BinaryReader, wire: WireType): number[] {
  if (wire === WireType.Varint) return [reader.int32()];
  const end = reader.uint32() + reader.pos;
  const values: number[] = [];
  while (reader.pos < end) values.push(reader.int32());
  return values;
}

function floatTensor(name: string, dims: readonly number[], floats: Float32Array<ArrayBuffer>): Pieces {
  const writer = new BinaryWriter();
  for (const size of dims) writer.tag(TENSOR.dims, WireType.Varint).int64(size);
  writer.tag(TENSOR.type, WireType.Varint).int32(FLOAT);
  writer.tag(TENSOR.name, WireType.LengthDelimited).string(name);
  return [writer.finish(), ...fieldOf(TENSOR.raw, [new Uint8Array(floats.buffer)])];
}
