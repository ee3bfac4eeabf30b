// Writes a model to a file, in the format that its ending names; an old file is replaced when the new one is complete.

import { compressPieces, replaceFile } from "../platform/index.ts";
import { writeArpa } from "./arpa-writer.ts";
import { writeCompact } from "./compact.ts";
import type { NgramTrie } from "./trie.ts";

export interface SaveOptions {
  /** In the compact format: a byte for each probability. */
  readonly quantize?: boolean;
  readonly signal?: AbortSignal;
}

/** `.arpa` and `.arpa.gz` are text for every n-gram program; with any other ending the file is the compact one. */
export async function saveTrie(path: string, trie: NgramTrie, options: SaveOptions = {}): Promise<void> {
  const isArpa = /\.arpa(\.gz)?$/i.test(path);
  const pieces = interruptible(isArpa ? writeArpa(trie) : writeCompact(trie, options), options.signal);
  await replaceFile(path, path.endsWith(".gz") ? compressPieces(pieces, "gzip") : pieces);
}

async function* interruptible(
  pieces: Iterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    yield piece;
    signal?.throwIfAborted();
  }
}
