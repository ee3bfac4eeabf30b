// Ogg pages to the packets of their streams (RFC 3533, sections 4 and 5): streams may run side by side (multiplexed) and
// one after another (chained). Packets with a piece on a lost page are left out. Knows nothing of codecs.

import { joinBytes } from "../../platform/index.ts";
import { findOggPages, type OggPage } from "./ogg-pages.ts";

export interface OggPacket {
  readonly data: Uint8Array;
  /** What the codec has counted up to here; known for the last packet that ends on a page. */
  readonly granule?: number;
}

export class OggStream {
  readonly packets: OggPacket[] = [];
  /** Whether the page that ends the stream was found. */
  isEnded = false;
  hasGaps = false;
  #unfinished: Uint8Array[] | undefined;
  #sequence: number | undefined;

  push(page: OggPage): void {
    this.hasGaps ||= page.sequence !== (this.#sequence ?? 0);
    // Behind a gap, the rest of a packet is worthless.
    if (page.sequence !== this.#sequence || !page.isContinued) this.#unfinished = undefined;
    let isLost = page.isContinued && this.#unfinished === undefined;
    const lastEnd = page.lacing.findLastIndex((length) => length < 255);
    let start = 0;
    let at = 0;
    for (const [index, length] of page.lacing.entries()) {
      at += length;
      const isWhole = length < 255;
      if (!isWhole && index + 1 < page.lacing.length) continue;
      if (!isLost)
        this.#append(page.body.subarray(start, at), isWhole, index === lastEnd ? page.granule : undefined);
      isLost &&= !isWhole;
      start = at;
    }
    this.#sequence = page.sequence + 1;
    this.isEnded ||= page.isLast;
  }

  #append(piece: Uint8Array, isWhole: boolean, granule: number | undefined): void {
    const pieces = this.#unfinished ?? [];
    pieces.push(piece);
    this.#unfinished = isWhole ? undefined : pieces;
    if (isWhole) this.packets.push({ data: pieces.length === 1 ? piece : joinBytes(pieces), granule });
  }
}

/** The links of a chain, each with the streams that run side by side in it. */
export function readOggChain(bytes: Uint8Array): OggStream[][] {
  const links: Map<number, OggStream>[] = [];
  let previous: OggPage | undefined;
  for (const page of findOggPages(bytes)) {
    // All first pages of a link stand in front of all others.
    if (previous === undefined || (page.isFirst && !previous.isFirst)) links.push(new Map());
    const link = links[links.length - 1];
    const stream = link.get(page.serial) ?? new OggStream();
    link.set(page.serial, stream);
    stream.push(page);
    previous = page;
  }
  return links.map((link) => [...link.values()]);
}
