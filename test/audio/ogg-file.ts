// Ogg pages written bit by bit, and taken apart by hand: the other side of src/audio/formats/ogg-pages.ts.

import { ascii, concatenate } from "./fixture.ts";

export interface PageHeader {
  readonly flags?: number;
  readonly granule?: number;
  readonly serial?: number;
  readonly sequence?: number;
}

/** A page of whole packets, or with `lacing` of pieces. */
export function oggPage(
  packets: readonly Uint8Array[],
  header: PageHeader,
  lacing = lacingOf(packets),
): Uint8Array {
  const head = new Uint8Array(27);
  const view = new DataView(head.buffer);
  head.set(ascii("OggS"));
  view.setUint8(5, header.flags ?? 0);
  view.setBigInt64(6, BigInt(header.granule ?? 0), true);
  view.setUint32(14, header.serial ?? 1, true);
  view.setUint32(18, header.sequence ?? 0, true);
  view.setUint8(26, lacing.length);
  return sealed(concatenate(head, Uint8Array.from(lacing), ...packets));
}

function lacingOf(packets: readonly Uint8Array[]): number[] {
  return packets.flatMap(({ length }) => [
    ...Array.from({ length: Math.floor(length / 255) }, () => 255),
    length % 255,
  ]);
}

/** The page with its checksum made right. */
export function sealed(page: Uint8Array): Uint8Array {
  const copy = page.slice();
  copy.fill(0, 22, 26);
  let crc = 0;
  for (const byte of copy) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c1_1db7 : 0);
  }
  new DataView(copy.buffer).setUint32(22, crc >>> 0, true);
  return copy;
}

/** The pages of an intact file. */
export function pagesOf(file: Uint8Array): Uint8Array[] {
  const pages: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += pages[pages.length - 1].length) {
    const lacing = file.subarray(at + 27, at + 27 + file[at + 26]);
    pages.push(file.subarray(at, at + 27 + lacing.length + lacing.reduce((sum, length) => sum + length, 0)));
  }
  return pages;
}
