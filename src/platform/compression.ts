// Unpacking by what every platform has, the streams of the Compression standard (wicg.github.io/compression).

/**
 * @param most bytes that it may unpack to; more than that is never held
 * @throws TypeError for damaged bytes, RangeError for more than `most`
 */
export async function decompress(
  bytes: Uint8Array,
  format: "gzip" | "deflate" | "deflate-raw",
  most = Infinity,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  for await (const part of source.pipeThrough(new DecompressionStream(format))) {
    length += part.length;
    if (length > most) throw new RangeError(`it unpacks to more than ${most} bytes`);
    parts.push(part);
  }
  return joined(parts, length);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
