// Packing by the stream of the Compression standard, which chooses its own level.

/** The zlib format (RFC 1950). */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const packed = new Response(source.pipeThrough(new CompressionStream("deflate")));
  return new Uint8Array(await packed.arrayBuffer());
}
