// An Ogg file as it is read: page by page, in each link of the chain the first stream that can be decoded.

import { opusCodec } from "../opus.ts";
import { FOREIGN_CODECS, unreadableOgg } from "../ogg.ts";
import { findOggPages, type OggPage } from "../ogg-pages.ts";
import { OggStream } from "../ogg-streams.ts";
import { vorbisCodec } from "../vorbis.ts";
import type { ByteWindow } from "./byte-window.ts";
import { FlacPackets } from "./flac-blocks.ts";
import { CountedPackets } from "./ogg-packets.ts";
import { NOTHING_THERE, type PacketReader, type SourceBlock, type SourceCounts } from "./source-blocks.ts";

const LARGEST_PAGE_BYTES = 65_536;

/** By how a stream's first packet begins. */
const READERS: ReadonlyMap<string, () => PacketReader> = new Map<string, () => PacketReader>([
  ["OpusHead", () => new CountedPackets(opusCodec, 1)],
  ["\x01vorbis", () => new CountedPackets(vorbisCodec, 3)],
  ["\x7fFLAC", () => new FlacPackets()],
]);

export async function* oggBlocks(
  bytes: ByteWindow,
  where: string,
): AsyncGenerator<SourceBlock, SourceCounts> {
  let [isEmpty, missingSamples] = [true, 0];
  let [link, previous]: [OggLink | undefined, OggPage | undefined] = [undefined, undefined];
  const blocksOf = async function* (blocks: AsyncIterable<SourceBlock>) {
    for await (const block of blocks) {
      isEmpty = false;
      yield block;
    }
  };
  try {
    for await (const page of pagesOf(bytes)) {
      // All first pages of a link stand in front of all others.
      if (link === undefined || (page.isFirst && previous?.isFirst === false)) {
        if (link) yield* blocksOf(link.finish());
        if (link?.isWhole === false) missingSamples = Infinity;
        link?.close();
        link = new OggLink(where);
      }
      previous = page;
      yield* blocksOf(link.push(page));
    }
    if (link) yield* blocksOf(link.finish());
    if (link?.isWhole === false) missingSamples = Infinity;
  } finally {
    link?.close();
  }
  return isEmpty ? NOTHING_THERE : { missingSamples, uncountedSamples: 0 };
}

async function* pagesOf(bytes: ByteWindow): AsyncGenerator<OggPage> {
  for (let isLast = false; !isLast;) {
    await bytes.fillNext();
    isLast = bytes.isEnded;
    const { held } = bytes;
    const pages = findOggPages(held);
    yield* pages;
    const last = pages.at(-1)?.body;
    const used = last
      ? last.byteOffset - held.byteOffset + last.byteLength
      : held.length - LARGEST_PAGE_BYTES;
    bytes.drop(Math.max(0, used));
  }
}

class OggLink {
  readonly #where: string;
  readonly #streams = new Map<number, OggStream>();
  #read: { readonly serial: number; readonly reader: PacketReader } | undefined;

  constructor(where: string) {
    this.#where = where;
  }

  get isWhole(): boolean {
    const stream = this.#read && this.#streams.get(this.#read.serial);
    return stream !== undefined && stream.isEnded && !stream.hasGaps;
  }

  async *push(page: OggPage): AsyncGenerator<SourceBlock> {
    const stream = this.#streams.get(page.serial) ?? new OggStream();
    this.#streams.set(page.serial, stream);
    stream.push(page);
    if (!page.isFirst) this.#read ??= this.#choose();
    for (const [serial, { packets }] of this.#streams) {
      if (this.#read === undefined) return;
      const own = packets.splice(0);
      if (serial === this.#read.serial) yield* this.#read.reader.push(own);
    }
  }

  async *finish(): AsyncGenerator<SourceBlock> {
    if (this.#read) yield* this.#read.reader.finish(this.#streams.get(this.#read.serial)!.isEnded);
  }

  close(): void {
    this.#read?.reader.close();
  }

  #choose() {
    for (const [serial, stream] of this.#streams)
      for (const [magic, open] of READERS)
        if (beginningOf(stream).startsWith(magic)) return { serial, reader: open() };
    const foreign = FOREIGN_CODECS.find((name) =>
      [...this.#streams.values()].some((stream) => beginningOf(stream).includes(name)),
    );
    if (foreign === undefined) return undefined;
    throw unreadableOgg(
      this.#where,
      `This Ogg file holds ${foreign}; Earshot reads Opus, Vorbis and FLAC inside Ogg.`,
    );
  }
}

const beginningOf = ({ packets }: OggStream): string =>
  String.fromCharCode(...(packets[0]?.data.subarray(0, 8) ?? []));
