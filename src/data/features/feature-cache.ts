// Computed features in a folder, up to a cap in bytes; the least recently used go first. An entry appears whole or not at
// all and is believed only when its header, its length and its checksum agree.
// It does not know how features are computed, nor what a key means.

import type { Frames } from "../../audio/index.ts";
import { crc32, type Folder } from "../../platform/index.ts";

const MAGIC = 0x46_52_41_45; // "EARF"; another byte order reads another number and recomputes
const HEADER_WORDS = 4; // magic, T, F, CRC-32 of the data
const HEADER_BYTES = HEADER_WORDS * Uint32Array.BYTES_PER_ELEMENT;
const SUFFIX = ".frames";
/** Files that an older release left half-written when its process was killed; they are evicted in their turn. */
const UNFINISHED_SUFFIX = ".tmp";
const LOCK = ".lock";

export class FeatureCache {
  readonly capBytes: number;
  readonly #folder: Folder;
  /** Bytes of each file; the order of the map is the order of use, oldest first. */
  readonly #sizes = new Map<string, number>();
  readonly #touched = new Set<string>();
  #totalBytes = 0;

  private constructor(folder: Folder, capBytes: number) {
    this.#folder = folder;
    this.capBytes = capBytes;
  }

  /** Takes stock of a folder. A cap of 0 keeps nothing. */
  static async open(folder: Folder, capBytes: number): Promise<FeatureCache> {
    const cache = new FeatureCache(folder, capBytes);
    await removeUnfinished(folder);
    await cache.#takeStock();
    return cache;
  }

  /** The stored frames, or undefined when there are none that can be trusted. */
  async read(key: string): Promise<Frames | undefined> {
    const name = key + SUFFIX;
    const bytes = await this.#folder.read(name).catch(() => undefined);
    if (bytes === undefined) return undefined;
    const frames = decodeEntry(bytes);
    if (frames === undefined)
      await this.#remove(name).catch(() => undefined); // it may stay where nothing may be written
    else this.#use(name, bytes.byteLength);
    return frames;
  }

  /** Stores frames. @throws EarshotError FILE_SYSTEM, for example when the disk is full */
  async write(key: string, frames: Frames): Promise<void> {
    if (HEADER_BYTES + frames.data.byteLength > this.capBytes) return;
    const bytes = encodeEntry(frames);
    const name = key + SUFFIX;
    await this.#folder.replace(name, bytes, { durable: false }); // the checksum finds what a loss of power damages
    this.#touched.add(name);
    this.#use(name, bytes.byteLength);
    await this.#evict();
  }

  async #takeStock(): Promise<void> {
    const files = (await this.#folder.list()).filter(
      ({ name }) => name.endsWith(SUFFIX) || name.endsWith(UNFINISHED_SUFFIX),
    );
    const byUse = files.toSorted((a, b) => a.modifiedMs - b.modifiedMs);
    for (const { name, bytes } of byUse) this.#record(name, bytes);
    await this.#evict();
  }

  #record(name: string, bytes: number): void {
    this.#totalBytes += bytes - (this.#sizes.get(name) ?? 0);
    this.#sizes.delete(name);
    this.#sizes.set(name, bytes);
  }

  /** Later processes read the use from the file's time; setting it once in each process is exact enough. */
  #use(name: string, bytes: number): void {
    this.#record(name, bytes);
    if (this.#touched.has(name)) return;
    this.#touched.add(name);
    this.#folder.touch(name).catch(() => undefined); // a folder that may only be read keeps its times
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
    await this.#folder.remove(name);
  }
}

/** Taking a lock removes what killed processes left; where it cannot be taken, the next process to open the cache does so. */
async function removeUnfinished(folder: Folder): Promise<void> {
  const lock = await folder.lock(LOCK).catch(() => undefined);
  if (lock && "release" in lock) await lock.release();
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
