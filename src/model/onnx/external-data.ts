// The files beside a program that hold its weights, as PyTorch's exporter writes them (model.onnx.data): their names stand in
// the program's tensors. Walks the few fields of the protobuf that lead there (onnx.proto: ModelProto.graph 7,
// GraphProto.initializer 5, TensorProto.external_data 13, StringStringEntryProto.key 1 and value 2) and reads nothing else.

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

const textOf = (message: Uint8Array, field: number): string =>
  [...messages(message, field)].map((bytes) => new TextDecoder().decode(bytes)).join("");

/** The bytes of each occurrence of a field of variable length; what is damaged ends them. */
function* messages(bytes: Uint8Array, wanted: number): Generator<Uint8Array> {
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = readNumber(reader);
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) readNumber(reader);
    else if (wire === 1) reader.at += 8;
    else if (wire === 5) reader.at += 4;
    else if (wire === 2) {
      const length = readNumber(reader);
      const end = reader.at + length;
      if (!(end <= bytes.length)) return;
      if (field === wanted) yield bytes.subarray(reader.at, end);
      reader.at = end;
    } else return;
  }
}

/** Of seven bits a byte, the lowest first; beyond 2^53 it need not be exact. */
function readNumber(reader: { readonly bytes: Uint8Array; at: number }): number {
  let [value, scale] = [0, 1];
  while (reader.at < reader.bytes.length) {
    const byte = reader.bytes[reader.at++];
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    scale *= 128;
  }
  return value;
}
