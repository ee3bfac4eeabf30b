// Packets to samples for codecs that count samples in Ogg's granule positions (Opus: RFC 7845, section 4; Vorbis I,
// appendix A): the counts say where the recording ends inside the last packet and how much damage has cost.
// A count that would take away more than a part of the last packet is wrong: the audio that is there stays.
// Knows nothing of the codecs themselves.

import { addToBlocks, type ChannelBlock } from "./channel-blocks.ts";
import type { OggPacket, OggStream } from "./ogg-streams.ts";
import { decodeInBatches, type BatchOptions, type SourceAudio } from "./source-audio.ts";

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

type Wanted = Pick<BatchOptions, "where" | "channel">;

export async function decodeOggAudio(
  stream: OggStream,
  codec: OggCodec,
  wanted: Wanted,
): Promise<SourceAudio> {
  const { headerPackets, preSkip, channels, rateHz, isAudio } = codec;
  const packets = stream.packets.slice(headerPackets).filter(({ data }) => isAudio(data));
  const firstPage = packets.findIndex(({ granule }) => granule !== undefined) + 1;
  const { decoded, samplesUpTo, channelBlocks } = await decodePackets(packets, codec, firstPage, wanted);
  // A stream that was recorded from the middle of a broadcast does not begin to count at 0.
  const start = Math.max(0, (packets[firstPage - 1]?.granule ?? 0) - (samplesUpTo.get(firstPage) ?? 0));
  const end = packets.findLast(({ granule }) => granule !== undefined)?.granule ?? 0;
  const counted = end - start;
  const beforeLast = samplesUpTo.get(Math.max(0, packets.length - 1)) ?? Infinity;
  const isBelievable = counted >= Math.max(preSkip, beforeLast);
  const isCut = stream.isEnded && isBelievable;
  const mono = decoded.subarray(preSkip, isCut ? Math.max(preSkip, counted) : undefined);
  const missing = Math.max(0, counted - preSkip - mono.length);
  // When the first pages are lost, the count begins behind them and says nothing.
  const isCounted = stream.isEnded && (missing > 0 || !stream.hasGaps);
  const uncounted = stream.isEnded && !isBelievable ? decoded.length - Math.max(preSkip, counted) : 0;
  const missingSamples = isCounted ? missing : Infinity;
  const uncountedSamples = Math.max(0, uncounted);
  return { mono, channels, rateHz, missingSamples, uncountedSamples, channelBlocks };
}

/** The whole stream; how many samples its first page holds, and how many there are before its last packet. */
async function decodePackets(
  packets: readonly OggPacket[],
  { open, channels }: OggCodec,
  firstPage: number,
  wanted: Wanted,
) {
  const samplesUpTo = new Map([[0, 0]]);
  const channelBlocks: ChannelBlock[] = [];
  if (packets.length === 0) return { decoded: new Float32Array(0), samplesUpTo, channelBlocks };
  const { decode, free } = await open();
  let [done, samples] = [0, 0];
  const count = async (batch: Uint8Array[]) => {
    const decoded = await decode(batch);
    done += batch.length;
    samples += decoded[0]?.length ?? 0;
    samplesUpTo.set(done, samples);
    if (channels > 1) addToBlocks(channelBlocks, decoded);
    return decoded;
  };
  try {
    const data = packets.map((packet) => packet.data);
    const boundaries = [firstPage, packets.length - 1].toSorted((a, b) => a - b);
    const decoded = await decodeInBatches(data, count, { ...wanted, boundaries });
    return { decoded, samplesUpTo, channelBlocks };
  } finally {
    free();
  }
}
