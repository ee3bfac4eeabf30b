// The files beside a program that hold its weights, as PyTorch's exporter writes them (model.onnx.data): their names stand in
// the program's tensors (onnx.proto: ModelProto.graph 7, GraphProto.initializer 5, TensorProto.external_data 13,
// StringStringEntryProto.key 1 and value 2).

import { messages, textOf } from "./protobuf.ts";

const GRAPH = 7;
const INITIALIZER = 5;
const EXTERNAL_DATA = 13;
const KEY = 1;
const VALUE = 2;
const LOCATION = "location";

/** Relative to the folder of the program; empty where all is in the program, or where it is none. */
export function externalFiles(program: Uint8Array): string[] {
  const files = new Set<string>();
  for (const graph of messages(program, GRAPH))
    for (const tensor of messages(graph, INITIALIZER))
      for (const entry of messages(tensor, EXTERNAL_DATA))
        if (textOf(entry, KEY) === LOCATION) files.add(textOf(entry, VALUE));
  return [...files];
}
