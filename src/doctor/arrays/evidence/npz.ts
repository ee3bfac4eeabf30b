// NumPy's .npz: a zip archive of .npy files, stored or deflated (PKWARE APPNOTE 6.3, sections 4.3.7 to 4.3.16). Only what
// numpy.savez and savez_compressed write: no encryption, no archives of several parts or beyond 4 GB.

import { crc32, decompress } from "../../../platform/index.ts";
import { damagedEvidence, MOST_NUMBERS, tooLarge } from "./named-arrays.ts";

const END = 0x06054b50; // of the central directory
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ENTRY = 0x02014b50; // of the central directory
const LOCAL = 0x04034b50; // header before an entry's bytes
const LOCAL_BYTES = 30;
const MOST_BYTES = MOST_NUMBERS * 8;

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** The files of an archive by name, without `.npy`. @throws DAMAGED_EVIDENCE, EVIDENCE_TOO_LARGE */
export async function readNpz(bytes: Uint8Array, where: string): Promise<Map<string, Uint8Array>> {
  try {
    return await readEntries(bytes, where);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause; // an offset beyond the end
    throw damagedEvidence(where, "Its table of contents points beyond its end.", cause);
  }
}

async function readEntries(bytes: Uint8Array, where: string): Promise<Map<string, Uint8Array>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end < 0) throw damagedEvidence(where, "It begins like a zip archive, but has no table of contents.");
  const files = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  let total = 0;
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(at, true) !== ENTRY)
      throw damagedEvidence(where, "Its table of contents is no list of files.");
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const size = view.getUint32(at + 24, true);
    total += size;
    if (total > MOST_BYTES) throw tooLarge(where, `Its contents claim ${total} bytes.`);
    files.set(name.replace(/\.npy$/, ""), await unpack(view, at, size, `${where}: ${name}`));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return -1;
}

/** @param at where the table of contents describes the file */
async function unpack(view: DataView, at: number, size: number, where: string): Promise<Uint8Array> {
  const method = view.getUint16(at + 10, true);
  const checksum = view.getUint32(at + 16, true);
  const packed = view.getUint32(at + 20, true);
  const local = view.getUint32(at + 42, true);
  if (view.getUint32(local, true) !== LOCAL)
    throw damagedEvidence(where, "Its bytes are not where they should be.");
  const start = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const content = new Uint8Array(view.buffer, view.byteOffset + start, packed);
  const plain = method === 8 ? await inflated(content, size, where) : content;
  if ((method !== 0 && method !== 8) || plain.length !== size || crc32(plain) !== checksum)
    throw damagedEvidence(where, "Its bytes are damaged, or packed in a way that NumPy does not use.");
  return plain;
}

async function inflated(content: Uint8Array, size: number, where: string): Promise<Uint8Array> {
  try {
    return await decompress(content, "deflate-raw", size); // a bomb stops at what it claims
  } catch (cause) {
    throw damagedEvidence(where, "Its bytes cannot be unpacked.", cause);
  }
}
