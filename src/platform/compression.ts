// Packing and unpacking by what every platform has, the streams of the Compression standard (WHATWG). In Node they take as
// long as its own zlib: 180 and 175 ms to pack, 37 and 35 ms to unpack 5 MB of text. Some browsers read only the first
// member of a gzip file that has several.

import { collectBytes, streamPieces } from "./bytes.ts";
import { piecesOf, type FileContent } from "./folder.ts";

/** "deflate" is the zlib format (RFC 1950), "deflate-raw" what zip archives hold (RFC 1951). */
export type PackingFormat = "gzip" | "deflate" | "deflate-raw";

/** Packed bytes that cannot be unpacked: cut, altered, or something else altogether. */
export class DamagedPackingError extends Error {}

/** With the level that the platform chooses. A fault of the content itself passes through. */
export function compressPieces(content: FileContent, format: PackingFormat): AsyncGenerator<Uint8Array> {
  return through(content, new CompressionStream(format));
}

/** @throws DamagedPackingError; a fault of the content itself passes through */
export function decompressPieces(content: FileContent, format: PackingFormat): AsyncGenerator<Uint8Array> {
  return through(content, new DecompressionStream(format));
}

/**
 * @param most bytes that it may unpack to; more than that is never held
 * @throws DamagedPackingError, RangeError for more than `most`
 */
export function decompress(bytes: Uint8Array, format: PackingFormat, most = Infinity): Promise<Uint8Array> {
  return collectBytes(decompressPieces(bytes, format), most);
}

type Transform = CompressionStream | DecompressionStream;

interface ByteTransform {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

async function* through(content: FileContent, transform: Transform): AsyncGenerator<Uint8Array> {
  const source = new Source(content);
  const stream: ReadableStream<Uint8Array> = source.stream.pipeThrough(transform as ByteTransform);
  try {
    yield* streamPieces(stream);
  } catch (cause) {
    if (source.fault) throw source.fault.error;
    throw new DamagedPackingError("it cannot be unpacked", { cause });
  } finally {
    await source.end();
  }
}

/** Content as a stream that remembers its own error, since the transform behind it replaces that by one of its own. */
class Source {
  readonly stream: ReadableStream<Uint8Array>;
  fault: { readonly error: unknown } | undefined;
  /** Lets the maker of the content clean up, where it was not read to its end. */
  readonly end: () => Promise<unknown>;

  constructor(content: FileContent) {
    const pieces = iterate(content);
    this.end = () => pieces.return(undefined);
    this.stream = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          this.fault = { error };
          throw error;
        }
      },
    });
  }
}

async function* iterate(content: FileContent): AsyncGenerator<Uint8Array> {
  yield* piecesOf(content);
}
