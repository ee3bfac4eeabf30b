// Opus packets inside Ogg (RFC 7845) to samples at 48 kHz, decoded by libopus (WASM, on the calling thread): the header's
// channel mapping and output gain. What comes before and after the recording is cut off in ogg-audio.ts.

import { importPackage } from "../../platform/index.ts";
import { decodeOggAudio, type OggCodec, type OggDecoder } from "./ogg-audio.ts";
import type { OggStream } from "./ogg-streams.ts";
import { quietly } from "./quietly.ts";
import { NOTHING_DECODED, type SourceAudio } from "./source-audio.ts";

interface OpusHead {
  readonly channels: number;
  /** Samples at 48 kHz in front of the recording. */
  readonly preSkip: number;
  /** A factor. */
  readonly gain: number;
  readonly streamCount: number;
  readonly coupledStreamCount: number;
  /** The decoded channel for each channel of the recording; 255 is silence. */
  readonly channelMappingTable: number[];
}

export async function readOpus(stream: OggStream, where: string, channel?: number): Promise<SourceAudio> {
  const codec = opusCodec(stream.packets.map((packet) => packet.data));
  return codec === undefined ? NOTHING_DECODED : decodeOggAudio(stream, codec, { where, channel });
}

/** @param packets the first of a stream */
export function opusCodec([first]: readonly Uint8Array[]): OggCodec | undefined {
  const head = readOpusHead(first);
  if (head === undefined) return undefined;
  const { channels, preSkip } = head;
  // The decoder's own input buffer: 120 ms at 256 kbit/s for each channel. An empty packet would be decoded as a loss.
  const isAudio = ({ length }: Uint8Array) => length > 0 && length <= 3840 * channels;
  const open = () => openDecoder(head);
  return { headerPackets: 2, preSkip, channels, rateHz: 48_000, isAudio, open };
}

async function openDecoder({ gain, ...head }: OpusHead): Promise<OggDecoder> {
  const { OpusDecoder } = await importPackage(() => import("opus-decoder"));
  const decoder = new OpusDecoder({ sampleRate: 48_000, ...head, preSkip: 0 });
  await decoder.ready;
  const decode = (packets: Uint8Array[]) => {
    const { channelData } = quietly(() => decoder.decodeFrames(packets));
    if (gain !== 1)
      for (const samples of channelData) samples.forEach((sample, n) => (samples[n] = sample * gain));
    return channelData;
  };
  return { decode, free: () => decoder.free() };
}

/** Section 5.1. Undefined when it is damaged, or of a channel mapping that is not loudspeakers (ambisonics). */
function readOpusHead(packet: Uint8Array): OpusHead | undefined {
  if (packet.length < 19 || packet[8] >= 16) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const channels = packet[9];
  const family = packet[18];
  const gain = 10 ** (view.getInt16(16, true) / 256 / 20);
  const head = { channels, preSkip: view.getUint16(10, true), gain };
  if (family === 0 && (channels === 1 || channels === 2)) {
    return {
      ...head,
      streamCount: 1,
      coupledStreamCount: channels - 1,
      channelMappingTable: [0, 1].slice(0, channels),
    };
  }
  if ((family !== 1 && family !== 255) || channels === 0 || packet.length < 21 + channels) return undefined;
  const [streamCount, coupledStreamCount, ...table] = packet.subarray(19, 21 + channels);
  const decoded = streamCount + coupledStreamCount;
  const isValid = streamCount > 0 && coupledStreamCount <= streamCount && decoded <= 255;
  if (!isValid || table.some((channel) => channel !== 255 && channel >= decoded)) return undefined;
  return { ...head, streamCount, coupledStreamCount, channelMappingTable: table };
}
