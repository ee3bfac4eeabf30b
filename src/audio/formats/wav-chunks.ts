// Walks the chunks of a WAV file to its format and its data: RIFF, RF64 and BW64 (EBU Tech 3306: sizes beyond 4 GB stand
// in a `ds64` chunk) and Sony's Wave64. A recorder that writes into a pipe cannot know sizes and leaves 0 or 0xffffffff.
// Knows nothing of samples.

export interface WavChunks {
  readonly format?: DataView;
  readonly data?: DataView;
  /** What the data chunk's header announces; undefined when its recorder did not know: until the end of the file. */
  readonly announcedBytes?: number;
}

interface Chunk {
  readonly name: string;
  /** Where its body begins. */
  readonly start: number;
  /** Of its body. */
  readonly size: number;
  /** Where the next chunk begins. */
  readonly next: number;
}

type ChunkReader = (view: DataView, at: number) => Chunk;

export function findWavChunks(bytes: Uint8Array): WavChunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isWave64 = bytes[0] === 0x72; // "riff"; the others write "RIFF", "RF64", "BW64"
  const read = isWave64 ? wave64Chunk : riffChunk;
  let format: DataView | undefined;
  let longSize: number | undefined;
  for (const chunk of chunksFrom(view, isWave64 ? 40 : 12, read)) {
    if (chunk.name === "ds64" && chunk.size >= 16) longSize = readSize(view, chunk.start + 8);
    if (chunk.name === "fmt ") format = body(view, chunk.start, chunk.size);
    if (chunk.name === "data") {
      const announcedBytes = announcedSize(view, chunk, read, longSize);
      return { format, data: body(view, chunk.start, announcedBytes ?? Infinity), announcedBytes };
    }
  }
  return { format };
}

function* chunksFrom(view: DataView, start: number, read: ChunkReader): Generator<Chunk> {
  const headerBytes = read === riffChunk ? 8 : 24;
  for (let at = start; at + headerBytes <= view.byteLength;) {
    const chunk = read(view, at);
    yield chunk;
    at = chunk.next;
  }
}

/** Name, size of the body, body, one byte more when that is odd. */
function riffChunk(view: DataView, at: number): Chunk {
  const size = view.getUint32(at + 4, true);
  return { name: nameAt(view, at), start: at + 8, size, next: at + 8 + size + (size % 2) };
}

/** A GUID that begins with the name, 64-bit size of everything, body, up to a multiple of 8 bytes. */
function wave64Chunk(view: DataView, at: number): Chunk {
  const size = Math.max(0, readSize(view, at + 16) - 24);
  return { name: nameAt(view, at), start: at + 24, size, next: at + 24 + Math.ceil(size / 8) * 8 };
}

/** Sizes from here on are what a recorder wrote that did not know (0xffffffff, or 0x7fffffff less its header). */
const UNKNOWN_SIZE = 0x7fff_0000;

function announcedSize(
  view: DataView,
  { start, size }: Chunk,
  read: ChunkReader,
  longSize: number | undefined,
): number | undefined {
  if (size === 0) return isChunksUntilEnd(view, start, read) ? 0 : undefined;
  if (size === 0xffff_ffff && longSize) return longSize;
  return size >= UNKNOWN_SIZE && start + size > view.byteLength ? undefined : size;
}

/** Tells an empty data chunk from one whose recorder never came to write its size: samples do not look like chunks. */
function isChunksUntilEnd(view: DataView, start: number, read: ChunkReader): boolean {
  let end = start;
  for (const { name, next } of chunksFrom(view, start, read)) {
    if (!/^[ -~]{4}$/.test(name)) return false;
    end = next;
  }
  return end === view.byteLength || end === view.byteLength + 1; // the last padding byte is often left out
}

function body(view: DataView, start: number, size: number): DataView {
  const end = Math.min(start + size, view.byteLength);
  return new DataView(view.buffer, view.byteOffset + start, end - start);
}

function nameAt(view: DataView, at: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));
}

function readSize(view: DataView, at: number): number {
  return at + 8 <= view.byteLength ? Number(view.getBigUint64(at, true)) : 0;
}
