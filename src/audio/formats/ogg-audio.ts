// Packets to samples for codecs that count samples in Ogg's granule positions (Opus: RFC 7845, section 4; Vorbis I,
// appendix A): the counts say where the recording ends inside the last packet and how much damage has cost.
// Knows nothing of the codecs themselves.

import type { OggPacket, OggStream } from "./ogg-streams.ts";
import { decodeInBatches, type SourceAudio } from "./source-audio.ts";

export interface OggCodec {
  /** Packets in front of the audio. */
  readonly headerPackets: number;
  /** Samples that the decoder gives before the recording begins. */
  readonly preSkip: number;
  readonly channels: number;
  readonly rateHz: number;
  readonly isAudio: (packet: Uint8Array) => boolean;
  /** Asked for only when there is audio: a chain may hold thousands of streams without any. */
  readonly open: () => Promise<OggDecoder>;
}

export interface OggDecoder {
  readonly decode: (packets: Uint8Array[]) => Float32Array[] | Promise<Float32Array[]>;
  readonly free: () => void;
}

export async function decodeOggAudio(
  stream: OggStream,
  codec: OggCodec,
  where: string,
): Promise<SourceAudio> {
  const { headerPackets, preSkip, channels, rateHz, isAudio } = codec;
  const packets = stream.packets.slice(headerPackets).filter(({ data }) => isAudio(data));
  const firstPage = packets.findIndex(({ granule }) => granule !== undefined) + 1;
  const { decoded, firstPageSamples } = await decodePackets(packets, codec, firstPage, where);
  // A stream that was recorded from the middle of a broadcast does not begin to count at 0.
  const start = Math.max(0, (packets[firstPage - 1]?.granule ?? 0) - firstPageSamples);
  const end = packets.findLast(({ granule }) => granule !== undefined)?.granule ?? 0;
  const mono = decoded.subarray(preSkip, stream.isEnded ? Math.max(preSkip, end - start) : undefined);
  const counted = Math.max(0, end - start - preSkip - mono.length);
  // When the first pages are lost, the count begins behind them and cannot tell.
  const isCounted = stream.isEnded && (counted > 0 || !stream.hasGaps);
  const missingSamples = isCounted ? counted : Infinity;
  return { mono, channels, rateHz, missingSamples };
}

/** The whole stream, and how much of it its first page holds. */
async function decodePackets(
  packets: readonly OggPacket[],
  { open }: OggCodec,
  firstPage: number,
  where: string,
): Promise<{ decoded: Float32Array; firstPageSamples: number }> {
  if (packets.length === 0) return { decoded: new Float32Array(0), firstPageSamples: 0 };
  const { decode, free } = await open();
  let firstPageSamples = 0;
  let done = 0;
  const countFirst = async (batch: Uint8Array[]) => {
    const decoded = await decode(batch);
    if (done < firstPage) firstPageSamples += decoded[0]?.length ?? 0;
    done += batch.length;
    return decoded;
  };
  try {
    const data = packets.map((packet) => packet.data);
    const decoded = await decodeInBatches(data, countFirst, where, firstPage);
    return { decoded, firstPageSamples };
  } finally {
    free();
  }
}
