// FLAC bytes to samples, decoded by libFLAC (WASM, on the calling thread, so it also works inside a worker).
// The library's own parser is passed by: after a damaged frame it skips up to 512 kB, and a damaged end takes it
// seconds. What changes its rate or its channels midway is decoded part by part. Knows nothing of tags: see sniff.ts.

import type { FLACDecoder } from "@wasm-audio-decoders/flac";
import { importPackage } from "../../platform/index.ts";
import {
  findFlacFrames,
  readFlacFrameHeader,
  splitFlacStreams,
  type FlacFrameHeader,
  type FlacStream,
} from "./flac-frames.ts";
import { addToBlocks, type ChannelBlock } from "./channel-blocks.ts";
import { checkPartCount, joinParts } from "./parts.ts";
import { quietly } from "./quietly.ts";
import { decodeInBatches, NOTHING_DECODED, type BatchOptions, type SourceAudio } from "./source-audio.ts";

type Wanted = Pick<BatchOptions, "where" | "channel">;

export async function readFlac(bytes: Uint8Array, where: string, channel?: number): Promise<SourceAudio> {
  const streams = splitFlacStreams(bytes).map((stream) => findFlacFrames(stream));
  const pieces = streams.map((stream) => ({ stream, parts: partsOfOneKind(stream) }));
  checkPartCount(pieces.flatMap(({ parts }) => parts).length, "FLAC", where);
  const decoded: SourceAudio[] = [];
  for (const { stream, parts } of pieces)
    decoded.push(...(await readStream(stream, parts, { where, channel })));
  return joinParts(decoded, where);
}

interface FlacPart extends FlacFrameHeader {
  readonly frames: Uint8Array[];
}

/** Consecutive frames of one rate and as many channels. */
function partsOfOneKind(stream: FlacStream): FlacPart[] {
  const parts: FlacPart[] = [];
  for (const frame of stream.frames) {
    const header = readFlacFrameHeader(frame);
    const rateHz = header.rateHz || stream.rateHz;
    const part = parts.at(-1);
    if (part?.rateHz === rateHz && part.channels === header.channels) part.frames.push(frame);
    else parts.push({ ...header, rateHz, frames: [frame] });
  }
  return parts;
}

async function readStream(
  { header, rateHz, totalSamples }: FlacStream,
  parts: readonly FlacPart[],
  wanted: Wanted,
): Promise<SourceAudio[]> {
  if (parts.length === 0) return [{ ...NOTHING_DECODED, rateHz, missingSamples: totalSamples }];
  const { FLACDecoder } = await importPackage(() => import("@wasm-audio-decoders/flac"));
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    if (header) await quietly(() => decoder.decodeFrames([header]));
    const decoded: SourceAudio[] = [];
    for (const part of parts) decoded.push(await readPart(decoder, part, wanted));
    const there = decoded.reduce((sum, { mono }) => sum + (mono?.length ?? 0), 0);
    const counts = {
      missingSamples: Math.max(0, totalSamples - there),
      uncountedSamples: totalSamples > 0 ? uncountedBeyond(totalSamples, there, parts.at(-1)!.samples) : 0,
    };
    return [...decoded, { ...NOTHING_DECODED, rateHz, ...counts }];
  } finally {
    decoder.free();
  }
}

/** Samples beyond a count that leaves out a whole frame and more. */
export function uncountedBeyond(counted: number, there: number, frameSamples: number): number {
  return there - counted >= frameSamples ? there - counted : 0;
}

async function readPart(
  decoder: FLACDecoder,
  { frames, rateHz, channels }: FlacPart,
  wanted: Wanted,
): Promise<SourceAudio> {
  const channelBlocks: ChannelBlock[] = [];
  const decode = async (batch: Uint8Array[]) => {
    const { channelData } = await quietly(() => decoder.decodeFrames(batch));
    if (channels > 1) addToBlocks(channelBlocks, channelData);
    return channelData;
  };
  const mono = await decodeInBatches(frames, decode, wanted);
  return { mono, channels, rateHz, missingSamples: 0, channelBlocks };
}
