// Finds the intact pages of an Ogg file (RFC 3533, section 6) by their checksums, so that a damaged page costs only
// itself and no decoder ever sees damaged bytes. Knows nothing of packets and codecs.

import { checksumTable } from "./checksum.ts";

export interface OggPage {
  /** Tells apart the streams of one file. */
  readonly serial: number;
  /** Counts the pages of a stream. */
  readonly sequence: number;
  /** What the codec counts (for audio: samples) at the end of the last packet that ends here; undefined if none does. */
  readonly granule?: number;
  /** Its first bytes belong to a packet that began on the page before. */
  readonly isContinued: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** A packet is so many bytes of 255 each and ends with fewer. */
  readonly lacing: Uint8Array;
  readonly body: Uint8Array;
}

const HEADER_BYTES = 27;
const CHECKSUM_AT = 22;

/**
 * Damaged pages are checked to their end and then searched for others inside. A crafted file may promise pages in pages in
 * pages: after so many bytes of damage for each of its own, the rest is given up.
 */
const MOST_DAMAGE = 4;

export function findOggPages(bytes: Uint8Array): OggPage[] {
  const pages: OggPage[] = [];
  let damagedBytes = 0;
  for (let at = 0; at + HEADER_BYTES <= bytes.length && damagedBytes <= MOST_DAMAGE * bytes.length;) {
    const page = isCapturePattern(bytes, at) ? cutPage(bytes, at) : undefined;
    const isWhole = page !== undefined && isIntact(page);
    if (isWhole) pages.push(readPage(page));
    else damagedBytes += page?.length ?? 0;
    at += isWhole ? page.length : 1;
  }
  return pages;
}

/** "OggS", version 0. */
function isCapturePattern(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0x4f &&
    bytes[at + 1] === 0x67 &&
    bytes[at + 2] === 0x67 &&
    bytes[at + 3] === 0x53 &&
    bytes[at + 4] === 0
  );
}

/** As many bytes as its header promises; undefined when the file has fewer. */
function cutPage(bytes: Uint8Array, start: number): Uint8Array | undefined {
  const lacingStart = start + HEADER_BYTES;
  const bodyStart = lacingStart + bytes[lacingStart - 1];
  const end = bytes.subarray(lacingStart, bodyStart).reduce((sum, length) => sum + length, bodyStart);
  return end > bytes.length ? undefined : bytes.subarray(start, end);
}

function isIntact(page: Uint8Array): boolean {
  const view = new DataView(page.buffer, page.byteOffset, HEADER_BYTES);
  return view.getUint32(CHECKSUM_AT, true) === pageChecksum(page);
}

function readPage(page: Uint8Array): OggPage {
  const view = new DataView(page.buffer, page.byteOffset, HEADER_BYTES);
  const bodyStart = HEADER_BYTES + page[HEADER_BYTES - 1];
  const flags = view.getUint8(5);
  const granule = Number(view.getBigInt64(6, true));
  return {
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    granule: granule < 0 ? undefined : granule,
    isContinued: (flags & 1) !== 0,
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    lacing: page.subarray(HEADER_BYTES, bodyStart),
    body: page.subarray(bodyStart),
  };
}

const CRC_32 = checksumTable(0x04c1_1db7, 32);

/** Over the whole page, its own four bytes taken as zeros. */
function pageChecksum(page: Uint8Array): number {
  let crc = 0;
  for (let at = 0; at < page.length; at++) {
    const byte = at >= CHECKSUM_AT && at < CHECKSUM_AT + 4 ? 0 : page[at];
    crc = (crc << 8) ^ CRC_32[(crc >>> 24) ^ byte];
  }
  return crc >>> 0;
}
