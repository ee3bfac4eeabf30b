// The texts that a model is built from, piece by piece as UTF-8: files, unpacked where they are gzip, or what a program has
// at hand, such as its standard input. Knows nothing of words.

import { EarshotError } from "../errors.ts";
import {
  DamagedPackingError,
  decodeTextPieces,
  decompressPieces,
  readChunks,
  statFile,
} from "../platform/index.ts";
import { isGzip } from "./gzip.ts";

/** Bytes that come from elsewhere than a file. */
export interface TextSource {
  /** What errors call it, such as "stdin". */
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface TextPiece {
  readonly bytes: Uint8Array;
  /** Whether its text ends here. */
  readonly isLast: boolean;
  /** A fraction of all texts; of sources of unknown length it stays behind. */
  readonly done: number;
}

/** @param encoding what texts are in that are not UTF-8 @throws UNREADABLE_TEXT, FILE_SYSTEM, the error of the file system */
export async function* readTexts(
  texts: readonly (string | TextSource)[],
  encoding?: string,
): AsyncGenerator<TextPiece> {
  const sizes = await Promise.all(texts.map((text) => (typeof text === "string" ? sizeOf(text) : 0)));
  const total = Math.max(
    1,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const encoder = new TextEncoder();
  let read = 0;
  for (const text of texts) {
    const { name, content } = typeof text === "string" ? { name: text, content: readChunks(text) } : text;
    const counted = counting(content, (bytes) => (read += typeof text === "string" ? bytes : 0));
    const options = { encoding, encodingOption: "--encoding" };
    for await (const piece of decodeTextPieces(unpacked(counted, name), name, options))
      yield { bytes: encoder.encode(piece), isLast: false, done: read / total };
    yield { bytes: new Uint8Array(), isLast: true, done: read / total };
  }
}

async function sizeOf(path: string): Promise<number> {
  const { kind, bytes } = await statFile(path);
  if (kind !== "folder") return bytes;
  const [problem, remedy] = [
    "It is a folder, and a text is to be read.",
    "Give the files in it: folder/*.txt",
  ];
  throw new EarshotError({ code: "FILE_SYSTEM", where: path, problem, remedy });
}

async function* counting(
  pieces: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    count(piece.length);
    yield piece;
  }
}

/** Gzip is known by its first bytes, which begin no text, or by the name. */
async function* unpacked(pieces: AsyncGenerator<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const first = await pieces.next();
  if (first.done) return;
  const all = withFirst(first.value, pieces);
  if (!isGzip(first.value) && !name.endsWith(".gz")) return yield* all;
  try {
    yield* decompressPieces(all, "gzip");
  } catch (cause) {
    if (!(cause instanceof DamagedPackingError)) throw cause;
    const [problem, remedy] = ["It cannot be unpacked as gzip.", "Copy or download it again; it may be cut."];
    throw new EarshotError({ code: "UNREADABLE_TEXT", where: name, problem, remedy }, { cause });
  }
}

async function* withFirst(first: Uint8Array, others: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* others;
}
