// Walks the chunks of a WAV file to its format and its data: RIFF, RF64 and BW64 (EBU Tech 3306: sizes beyond 4 GB stand
// in a `ds64` chunk) and Sony's Wave64. A recorder that writes into a pipe cannot know sizes and leaves 0 or 0xffffffff.
// Knows nothing of samples.

export interface WavChunks {
  readonly format?: DataView;
  readonly data?: DataView;
  /** What the data chunk's header announces; undefined when its recorder did not know: until the end of the file. */
  readonly announcedBytes?: number;
  /** Bytes of the data beyond those announced. */
  readonly uncountedBytes?: number;
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
      const uncountedBytes =
        announcedBytes === undefined ? 0 : audioBehind(view, chunk, announcedBytes, read);
      const size = announcedBytes ?? dataUntilEnd(view, chunk.start, read);
      return {
        format,
        data: body(view, chunk.start, size + uncountedBytes),
        announcedBytes,
        uncountedBytes,
      };
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

/** Name, size of the body, body, one byte more when that is odd; some writers forget that byte. */
function riffChunk(view: DataView, at: number): Chunk {
  const size = view.getUint32(at + 4, true);
  const end = at + 8 + size;
  const isPadded = size % 2 === 1 && !(isName(view, end) && !isName(view, end + 1));
  return { name: nameAt(view, at), start: at + 8, size, next: isPadded ? end + 1 : end };
}

/** Four printable characters, as all names of chunks are. */
function isName(view: DataView, at: number): boolean {
  return at + 8 <= view.byteLength && /^[ -~]{4}$/.test(nameAt(view, at));
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

/** Tells an empty data chunk from one whose recorder did not get to write its size: samples do not look like chunks. */
function isChunksUntilEnd(view: DataView, start: number, read: ChunkReader): boolean {
  let end = start;
  for (const { name, next } of chunksFrom(view, start, read)) {
    if (!/^[ -~]{4}$/.test(name)) return false;
    end = next;
  }
  return end === view.byteLength || end === view.byteLength + 1; // the last padding byte is often left out
}

/** Chunks that recorders write behind the data. */
const TRAILERS = new Set([
  "LIST",
  "id3 ",
  "ID3 ",
  "bext",
  "cue ",
  "fact",
  "iXML",
  "JUNK",
  "smpl",
  "PEAK",
  "afsp",
]);
/** They lie within this many bytes of the end. */
const TRAILER_BYTES = 65_536;

/** Of data whose size was not written: all bytes up to the chunks that end the file, if some do. */
function dataUntilEnd(view: DataView, start: number, read: ChunkReader): number {
  const first = Math.max(start, view.byteLength - TRAILER_BYTES);
  for (let at = first; at + 8 <= view.byteLength; at++) {
    if (TRAILERS.has(nameAt(view, at)) && isChunksUntilEnd(view, at, read)) return at - start;
  }
  return view.byteLength - start;
}

/** Less than this behind the data is a tag or padding, not a recording that went on. */
const LEAST_AUDIO_BYTES = 4096;

/** Bytes of audio behind the data, where a recorder did not get to correct the size that it had written. */
function audioBehind(view: DataView, { start }: Chunk, announced: number, read: ChunkReader): number {
  const end = start + announced;
  const rest = view.byteLength - end;
  if (announced === 0 || rest < LEAST_AUDIO_BYTES) return 0;
  const isChunk = (at: number) => TRAILERS.has(nameAt(view, at)) || isChunksUntilEnd(view, at, read);
  if (isChunk(end) || isChunk(end + 1)) return 0;
  return dataUntilEnd(view, end, read);
}

/** Whether what lies behind the data of a file that is read as it comes is more of it, wrongly counted. */
export function isUncountedAudio(rest: Uint8Array): boolean {
  if (rest.length < LEAST_AUDIO_BYTES) return false;
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
  return ![0, 1].some((at) => TRAILERS.has(nameAt(view, at)) || /^[ -~]{4}$/.test(nameAt(view, at)));
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
