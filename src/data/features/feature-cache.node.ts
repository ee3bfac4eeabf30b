// Computed features on disk, up to a cap in bytes; the least recently used go first. An entry appears whole or not at
// all (written beside, then renamed) and is believed only when its header, its length and its checksum agree.
// It does not know how features are computed, nor what a key means.

import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Frames } from "../../audio/index.ts";
import { mapConcurrently } from "./concurrency.ts";

const MAGIC = 0x46_52_41_45; // "EARF"; another byte order reads another number and recomputes
const HEADER_WORDS = 4; // magic, T, F, CRC-32 of the data
const HEADER_BYTES = HEADER_WORDS * Uint32Array.BYTES_PER_ELEMENT;
const SUFFIX = ".frames";
const OPEN_FILES = 64;

export class FeatureCache {
  readonly capBytes: number;
  readonly #directory: string;
  /** Bytes of each file; the order of the map is the order of use, oldest first. */
  readonly #sizes = new Map<string, number>();
  readonly #touched = new Set<string>();
  #totalBytes = 0;

  private constructor(directory: string, capBytes: number) {
    this.#directory = directory;
    this.capBytes = capBytes;
  }

  /** Creates the directory when it is missing and takes stock of it. A cap of 0 keeps nothing. */
  static async open(directory: string, capBytes: number): Promise<FeatureCache> {
    const cache = new FeatureCache(directory, capBytes);
    await mkdir(directory, { recursive: true });
    await cache.#takeStock();
    return cache;
  }

  /** The stored frames, or undefined when there are none that can be trusted. */
  async read(key: string): Promise<Frames | undefined> {
    const name = key + SUFFIX;
    const bytes = await readFile(join(this.#directory, name)).catch(() => undefined);
    if (bytes === undefined) return undefined;
    const frames = decodeEntry(bytes);
    if (frames === undefined) await this.#remove(name);
    else this.#use(name, bytes.byteLength);
    return frames;
  }

  /** Stores frames. @throws the error of the file system, for example when the disk is full. */
  async write(key: string, frames: Frames): Promise<void> {
    const bytes = encodeEntry(frames);
    if (bytes.byteLength > this.capBytes) return;
    const name = key + SUFFIX;
    const unfinished = join(this.#directory, `${key}.${randomUUID()}.tmp`);
    try {
      await writeFile(unfinished, bytes); // not forced to the disk: the checksum finds what a power cut damages
      await rename(unfinished, join(this.#directory, name));
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    this.#touched.add(name);
    this.#use(name, bytes.byteLength);
    await this.#evict();
  }

  /** Files left half-written by a killed process are counted too, and so are evicted in their turn. */
  async #takeStock(): Promise<void> {
    const names = (await readdir(this.#directory)).filter(
      (name) => name.endsWith(SUFFIX) || name.endsWith(".tmp"),
    );
    const found = await mapConcurrently(names, OPEN_FILES, async (name) => ({
      name,
      entry: await stat(join(this.#directory, name)).catch(() => undefined),
    }));
    found.sort((a, b) => (a.entry?.mtimeMs ?? 0) - (b.entry?.mtimeMs ?? 0));
    for (const { name, entry } of found) if (entry !== undefined) this.#record(name, entry.size);
    await this.#evict();
  }

  #record(name: string, bytes: number): void {
    this.#totalBytes += bytes - (this.#sizes.get(name) ?? 0);
    this.#sizes.delete(name);
    this.#sizes.set(name, bytes);
  }

  /** Later processes see the use in the file's time: once in each process is exact enough. */
  #use(name: string, bytes: number): void {
    this.#record(name, bytes);
    if (this.#touched.has(name)) return;
    this.#touched.add(name);
    const now = new Date();
    utimes(join(this.#directory, name), now, now).catch(() => undefined); // a file evicted meanwhile needs no time
  }

  async #evict(): Promise<void> {
    for (const name of this.#sizes.keys()) {
      if (this.#totalBytes <= this.capBytes) return;
      await this.#remove(name);
    }
  }

  async #remove(name: string): Promise<void> {
    this.#totalBytes -= this.#sizes.get(name) ?? 0;
    this.#sizes.delete(name);
    await rm(join(this.#directory, name), { force: true });
  }
}

function encodeEntry({ data, frames, size }: Frames): Uint8Array {
  const words = new Uint32Array(HEADER_WORDS + data.length);
  new Float32Array(words.buffer, HEADER_BYTES).set(data);
  const bytes = new Uint8Array(words.buffer);
  words.set([MAGIC, frames, size, crc32(bytes.subarray(HEADER_BYTES))]);
  return bytes;
}

function decodeEntry(bytes: Uint8Array): Frames | undefined {
  if (bytes.byteLength < HEADER_BYTES) return undefined;
  const aligned = new Uint8Array(bytes).buffer; // a copy that starts at a multiple of four, as Float32Array wants
  const [magic, frames, size, checksum] = new Uint32Array(aligned, 0, HEADER_WORDS);
  const expectedBytes = HEADER_BYTES + frames * size * Float32Array.BYTES_PER_ELEMENT;
  if (magic !== MAGIC || bytes.byteLength !== expectedBytes) return undefined;
  if (crc32(bytes.subarray(HEADER_BYTES)) !== checksum) return undefined;
  return { data: new Float32Array(aligned, HEADER_BYTES, frames * size), frames, size };
}
