// Where unpacked files go, and what is refused: an archive comes from strangers. Names that lead out of the folder, links
// and devices, and archives that swell beyond reason are refused by name; the formats beside this file only read.

import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { EarshotError } from "../../../errors.ts";
import type { UnpackOptions } from "../../archives.ts";
import { makeFolders } from "../make-folders.ts";
import { dirname, join } from "../path.ts";

/** Recordings pack to a half, text to a tenth; what packs to less than a hundredth is no corpus. */
const MOST_EXPANSION = 100;
const ALWAYS_BYTES = 64 * 2 ** 20;
const MOST_FILES = 20_000_000;

export class UnpackSession {
  readonly archive: string;
  readonly #folder: string;
  readonly #mostBytes: number;
  readonly #options: UnpackOptions;
  #files = 0;
  #bytes = 0;

  constructor(archive: string, folder: string, packedBytes: number, options: UnpackOptions = {}) {
    this.archive = archive;
    this.#folder = folder;
    this.#mostBytes = Math.max(ALWAYS_BYTES, MOST_EXPANSION * packedBytes);
    this.#options = options;
  }

  /** @throws EarshotError UNSAFE_ARCHIVE */
  async write(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = join(this.#folder, this.safeName(name));
    if (++this.#files > MOST_FILES) throw this.refuse(`It holds more than ${MOST_FILES} files.`);
    await makeFolders(dirname(path));
    const counted = Readable.from(this.#count(content), { objectMode: false });
    await pipeline(counted, createWriteStream(path), { signal: this.#options.signal });
    this.#options.onProgress?.({ files: this.#files, bytes: this.#bytes });
  }

  /** A name below the folder, on every system. */
  safeName(name: string): string {
    const parts = name.split("/").filter((part) => part !== "" && part !== ".");
    const leadsOut = name.startsWith("/") || /^[a-z]:/i.test(name) || parts.includes("..");
    if (leadsOut || parts.length === 0 || /[\0\\]/.test(name))
      throw this.refuse(`The name ${JSON.stringify(name)} leads out of the folder.`);
    return parts.join("/");
  }

  refuse(problem: string): EarshotError {
    return new EarshotError({
      code: "UNSAFE_ARCHIVE",
      where: this.archive,
      problem: `${problem} Nothing of it was kept.`,
      remedy: "If you trust where it comes from, unpack it yourself and import the folder.",
    });
  }

  async *#count(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      this.#bytes += piece.length;
      if (this.#bytes > this.#mostBytes)
        throw this.refuse(`It unpacks to more than ${MOST_EXPANSION} times its size.`);
      yield piece;
    }
  }
}
