// Vorbis packets inside Ogg (Vorbis I, sections 4.2 and A) to samples, decoded by libvorbis (WASM, on the calling
// thread). The library's own Ogg parser is passed by: it is handed pages of intact packets, made here.

import type { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { importPackage } from "../../platform/index.ts";
import { decodeOggAudio, type OggCodec, type OggDecoder } from "./ogg-audio.ts";
import type { OggStream } from "./ogg-streams.ts";
import { quietly } from "./quietly.ts";
import { NOTHING_DECODED, type SourceAudio } from "./source-audio.ts";

type DecoderPages = Parameters<OggVorbisDecoder["decodeOggPages"]>[0];

/** The decoder's input buffer. */
const LARGEST_PACKET = 128 * 1024;

export async function readVorbis(stream: OggStream, where: string, channel?: number): Promise<SourceAudio> {
  const codec = vorbisCodec(stream.packets.map((packet) => packet.data));
  return codec === undefined ? NOTHING_DECODED : decodeOggAudio(stream, codec, { where, channel });
}

/** @param packets the first of a stream */
export function vorbisCodec([identification, , setup]: readonly Uint8Array[]): OggCodec | undefined {
  if (identification.length < 30 || !isSetup(setup)) return undefined;
  const channels = identification[11];
  const rateHz = new DataView(identification.buffer, identification.byteOffset).getUint32(12, true);
  if (channels === 0 || rateHz === 0) return undefined;
  const isAudio = (packet: Uint8Array) => (packet[0] & 1) === 0 && packet.length <= LARGEST_PACKET;
  const open = () => openDecoder(identification, setup);
  return { headerPackets: 3, preSkip: 0, channels, rateHz, isAudio, open };
}

async function openDecoder(identification: Uint8Array, setup: Uint8Array): Promise<OggDecoder> {
  const { OggVorbisDecoder } = await importPackage(() => import("@wasm-audio-decoders/ogg-vorbis"));
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  const decode = async (packets: Uint8Array[]) => {
    const codecFrames = packets.map((data) => ({ data, header: { vorbisSetup: setup } }));
    const page = { data: identification, codecFrames, isLastPage: false, totalSamples: 0 };
    const pages = [page] as unknown as DecoderPages; // of the parser's classes, only these fields are read
    return (await quietly(() => decoder.decodeOggPages(pages))).channelData;
  };
  return { decode, free: () => decoder.free() };
}

function isSetup(packet: Uint8Array | undefined): packet is Uint8Array {
  return packet?.[0] === 5 && packet.length > 7 && packet.length <= LARGEST_PACKET;
}
