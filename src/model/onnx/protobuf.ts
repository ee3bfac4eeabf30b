// Walks the few fields of a program's protobuf that are asked for, and reads nothing else: a program may be of gigabytes.

/** Of a field that is text; empty where there is none. */
export const textOf = (message: Uint8Array, field: number): string =>
  [...messages(message, field)].map((bytes) => new TextDecoder().decode(bytes)).join("");

/** The bytes of each occurrence of a field of variable length; what is damaged ends them. */
export function* messages(bytes: Uint8Array, wanted: number): Generator<Uint8Array> {
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
