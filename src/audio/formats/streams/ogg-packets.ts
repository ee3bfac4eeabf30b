// Packets of a codec that counts samples (Opus, Vorbis), decoded as they come. Where the count of the last page ends inside
// the last packet, the rest of it is left out, as ogg-audio.ts does of a whole file.

import type { OggCodec, OggDecoder } from "../ogg-audio.ts";
import type { OggPacket } from "../ogg-streams.ts";
import { batchesOfOneKind } from "./frame-batches.ts";
import type { PacketReader, SourceBlock } from "./source-blocks.ts";

export class CountedPackets implements PacketReader {
  readonly #codecOf: (packets: readonly Uint8Array[]) => OggCodec | undefined;
  /** Packets that the codec is known by. */
  readonly #leastHeaders: number;
  #codec: OggCodec | undefined;
  #decoder: OggDecoder | undefined;
  readonly #headers: Uint8Array[] = [];
  /** Packets not decoded yet: the last one waits, since it may be the last of all. */
  #waiting: OggPacket[] = [];
  /** Samples decoded, those in front of the recording among them. */
  #decoded = 0;
  /** What the codec had counted where decoding began. */
  #startCount: number | undefined;
  #lastCount = 0;

  constructor(codecOf: (packets: readonly Uint8Array[]) => OggCodec | undefined, leastHeaders: number) {
    this.#codecOf = codecOf;
    this.#leastHeaders = leastHeaders;
  }

  async *push(packets: readonly OggPacket[]): AsyncGenerator<SourceBlock> {
    for (const packet of packets) {
      if (this.#headers.length < (this.#codec?.headerPackets ?? this.#leastHeaders))
        this.#takeHeader(packet.data);
      else if (this.#codec?.isAudio(packet.data)) this.#waiting.push(packet);
    }
    const { granule } = this.#waiting.at(-1) ?? {};
    if (granule === undefined) return;
    this.#lastCount = granule;
    const isFirst = this.#startCount === undefined;
    yield* this.#decode(this.#waiting.splice(0, this.#waiting.length - (isFirst ? 0 : 1)));
    this.#startCount ??= Math.max(0, granule - this.#decoded);
  }

  async *finish(isEnded: boolean): AsyncGenerator<SourceBlock> {
    yield* this.#decode(this.#waiting.splice(0, this.#waiting.length - 1));
    const counted = this.#lastCount - (this.#startCount ?? 0);
    const isBelievable = counted >= Math.max(this.#codec?.preSkip ?? 0, this.#decoded);
    yield* this.#decode(this.#waiting.splice(0), isEnded && isBelievable ? counted : Infinity);
  }

  close(): void {
    this.#decoder?.free();
  }

  #takeHeader(packet: Uint8Array): void {
    this.#headers.push(packet);
    if (this.#headers.length === this.#leastHeaders) this.#codec = this.#codecOf(this.#headers);
  }

  /** @param end of the recording, in samples decoded */
  async *#decode(packets: readonly OggPacket[], end = Infinity): AsyncGenerator<SourceBlock> {
    if (packets.length === 0) return;
    const { preSkip, rateHz, open } = this.#codec!;
    this.#decoder ??= await open();
    for (const batch of batchesOfOneKind(packets, () => 0)) {
      const decoded = await this.#decoder.decode(batch.map(({ data }) => data));
      const from = Math.max(0, preSkip - this.#decoded);
      const to = end - this.#decoded;
      this.#decoded += decoded[0]?.length ?? 0;
      const channels = decoded.map((channel) => channel.subarray(from, to));
      if ((channels[0]?.length ?? 0) > 0) yield { channels, rateHz };
    }
  }
}
