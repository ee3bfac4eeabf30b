// gzip by what every platform has, the streams of the Compression standard.

import { EarshotError } from "../errors.ts";

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The content of gzip bytes. @throws EarshotError NOT_A_LANGUAGE_MODEL where they are damaged */
export async function inflate(bytes: Uint8Array, where: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    for await (const part of source.pipeThrough(new DecompressionStream("gzip"))) parts.push(part);
  } catch (cause) {
    const problem = "It begins like a gzip file, but cannot be unpacked.";
    const remedy = "Copy or download it again; it may be cut.";
    throw new EarshotError({ code: "NOT_A_LANGUAGE_MODEL", where, problem, remedy }, { cause });
  }
  return joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
