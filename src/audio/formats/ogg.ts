// Ogg bytes to samples: picks the audio stream of each link of the chain, has it decoded by its codec (Opus, Vorbis,
// FLAC), and joins the links. Video and text streams beside it are passed over.

import { EarshotError } from "../../errors.ts";
import { joinBytes } from "../../platform/index.ts";
import { readFlac, uncountedBeyond } from "./flac.ts";
import { readFlacFrameHeader } from "./flac-frames.ts";
import { readOggChain, type OggStream } from "./ogg-streams.ts";
import { readOpus } from "./opus.ts";
import { checkPartCount, joinParts } from "./parts.ts";
import { NOTHING_DECODED, type SourceAudio } from "./source-audio.ts";
import { readVorbis } from "./vorbis.ts";

type StreamReader = (stream: OggStream, where: string, channel?: number) => Promise<SourceAudio>;

/** How a stream's first packet begins. */
const CODECS: ReadonlyMap<string, StreamReader> = new Map([
  ["OpusHead", readOpus],
  ["\x01vorbis", readVorbis],
  ["\x7fFLAC", readOggFlac],
]);

export const FOREIGN_CODECS = ["Speex", "theora", "CELT", "kate"];

export async function readOgg(bytes: Uint8Array, where: string, channel?: number): Promise<SourceAudio> {
  const chain = readOggChain(bytes);
  checkPartCount(chain.length, "Ogg", where);
  const links: SourceAudio[] = [];
  for (const streams of chain) links.push(await readLink(streams, where, channel));
  return joinParts(links, where);
}

async function readLink(
  streams: readonly OggStream[],
  where: string,
  channel?: number,
): Promise<SourceAudio> {
  for (const stream of streams) {
    const read = readerOf(stream);
    if (read !== undefined) return read(stream, where, channel);
  }
  const foreign = FOREIGN_CODECS.find((name) => streams.some((stream) => beginning(stream).includes(name)));
  if (foreign === undefined) return { ...NOTHING_DECODED, missingSamples: Infinity };
  throw unreadableOgg(
    where,
    `This Ogg file holds ${foreign}; Earshot reads Opus, Vorbis and FLAC inside Ogg.`,
  );
}

export function unreadableOgg(where: string, problem: string): EarshotError {
  const remedy = "Convert it, for example: ffmpeg -i in.ogg -ac 1 -ar 16000 out.wav";
  return new EarshotError({ code: "UNKNOWN_AUDIO_FORMAT", where, problem, remedy });
}

function readerOf(stream: OggStream): StreamReader | undefined {
  const begins = beginning(stream);
  for (const [magic, read] of CODECS) if (begins.startsWith(magic)) return read;
  return undefined;
}

function beginning({ packets }: OggStream): string {
  return String.fromCharCode(...(packets[0]?.data.subarray(0, 8) ?? []));
}

/** A FLAC file whose frames are packets; its first packet has 9 bytes in front ("FLAC to Ogg mapping" of xiph.org). */
async function readOggFlac(stream: OggStream, where: string, channel?: number): Promise<SourceAudio> {
  const [first, ...others] = stream.packets.map((packet) => packet.data);
  const source = await readFlac(joinBytes([first.subarray(9), ...others]), where, channel);
  const { granule } = stream.packets.findLast((packet) => packet.granule !== undefined) ?? {};
  const last = others.at(-1);
  if (!stream.isEnded || granule === undefined || last === undefined || source.mono === undefined)
    return source;
  const uncounted = uncountedBeyond(granule, source.mono.length, readFlacFrameHeader(last).samples);
  return { ...source, uncountedSamples: Math.max(source.uncountedSamples ?? 0, uncounted) };
}
