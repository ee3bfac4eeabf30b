// Writes a graph as an ONNX model: protocol-buffer bytes that any ONNX reader loads. Field numbers follow onnx.proto
// (ONNX 1.15, IR version 8, operator set 18). Nodes that no output needs are left out.

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { DATA_TYPES, Graph, type Attribute, type Initializer, type Node, type Tensor } from "./graph.ts";

const IR_VERSION = 8;
const OPERATOR_SET = 18;

/** The codes of ONNX's AttributeProto.AttributeType. */
const ATTRIBUTE_TYPES = { int: 2, string: 3, graph: 5, ints: 7 } as const;

/**
 * The bytes of a model whose inputs and outputs are those of the graph.
 * @param metadata of the model, by keys of one's own
 */
export function writeOnnx(
  graph: Graph,
  name = "earshot",
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(IR_VERSION);
  writer.tag(2, WireType.LengthDelimited).string("earshot");
  message(writer, 7, (w) => writeGraph(w, graph, name));
  message(writer, 8, (w) => w.tag(2, WireType.Varint).int64(OPERATOR_SET));
  for (const [key, value] of Object.entries(metadata)) message(writer, 14, (w) => writeEntry(w, key, value));
  return writer.finish();
}

function message(writer: BinaryWriter, field: number, write: (writer: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function writeEntry(writer: BinaryWriter, key: string, value: string): void {
  text(writer, 1, key);
  text(writer, 2, value);
}

function writeGraph(writer: BinaryWriter, graph: Graph, name: string): void {
  const { nodes, used } = liveNodes(graph);
  for (const node of nodes) message(writer, 1, (w) => writeNode(w, node));
  text(writer, 2, name);
  for (const initializer of graph.initializers) {
    if (used.has(initializer.tensor)) message(writer, 5, (w) => writeInitializer(w, initializer));
  }
  for (const tensor of graph.inputs) message(writer, 11, (w) => writeValue(w, tensor));
  for (const tensor of graph.outputs) message(writer, 12, (w) => writeValue(w, tensor));
}

/** The nodes that the outputs need, in order, and every tensor they touch, those captured by bodies included. */
export function liveNodes(graph: Graph): { nodes: Node[]; used: Set<Tensor> } {
  const used = new Set<Tensor>(graph.outputs);
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => used.has(output))) continue;
    nodes.push(node);
    for (const input of [...node.inputs, ...node.captures]) used.add(input);
  }
  return { nodes: nodes.toReversed(), used };
}

function writeNode(writer: BinaryWriter, node: Node): void {
  for (const input of node.inputs) text(writer, 1, input.name);
  for (const output of node.outputs) text(writer, 2, output.name);
  text(writer, 3, `${node.operator.name}/${node.outputs[0].name}`);
  text(writer, 4, node.operator.name);
  for (const [name, value] of Object.entries(node.attributes)) {
    message(writer, 5, (w) => writeAttribute(w, name, value));
  }
}

function writeAttribute(writer: BinaryWriter, name: string, value: Attribute): void {
  text(writer, 1, name);
  const type = writeAttributeValue(writer, value);
  writer.tag(20, WireType.Varint).int32(ATTRIBUTE_TYPES[type]);
}

function writeAttributeValue(writer: BinaryWriter, value: Attribute): keyof typeof ATTRIBUTE_TYPES {
  if (typeof value === "number") {
    writer.tag(3, WireType.Varint).int64(value);
    return "int";
  }
  if (typeof value === "string") {
    text(writer, 4, value);
    return "string";
  }
  if (value instanceof Graph) {
    message(writer, 6, (w) => writeGraph(w, value, "body"));
    return "graph";
  }
  for (const item of value) writer.tag(8, WireType.Varint).int64(item);
  return "ints";
}

function writeInitializer(writer: BinaryWriter, { tensor, data }: Initializer): void {
  for (const size of tensor.shape) writer.tag(1, WireType.Varint).int64(size as number);
  writer.tag(2, WireType.Varint).int32(DATA_TYPES[tensor.type]);
  text(writer, 8, tensor.name);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  writer.tag(9, WireType.LengthDelimited).bytes(bytes);
}

function writeValue(writer: BinaryWriter, tensor: Tensor): void {
  text(writer, 1, tensor.name);
  message(writer, 2, (type) =>
    message(type, 1, (tensorType) => {
      tensorType.tag(1, WireType.Varint).int32(DATA_TYPES[tensor.type]);
      message(tensorType, 2, (shape) => {
        for (const size of tensor.shape) message(shape, 1, (w) => writeDimension(w, size));
      });
    }),
  );
}

function writeDimension(writer: BinaryWriter, size: number | string): void {
  if (typeof size === "number") writer.tag(1, WireType.Varint).int64(size);
  else text(writer, 2, size);
}
