// MP3 bytes to samples, decoded by mpg123 (WASM, on the calling thread, so it also works inside a worker).
// A stream that changes its rate midway is decoded part by part. The encoder's delay is cut off where the file
// states it (LAME header). Knows nothing of tags: see sniff.ts.

import { importPackage } from "../../platform/index.ts";
import { addToBlocks, type ChannelBlock } from "./channel-blocks.ts";
import { findMp3Frames, partsOfOneKind, type Mp3Frame } from "./mp3-frames.ts";
import { checkPartCount, joinParts } from "./parts.ts";
import { quietly } from "./quietly.ts";
import { decodeInBatches, NOTHING_DECODED, type BatchOptions, type SourceAudio } from "./source-audio.ts";

export async function readMp3(bytes: Uint8Array, where: string, channel?: number): Promise<SourceAudio> {
  const frames = findMp3Frames(bytes);
  if (!frames.some((frame) => isWhole(bytes, frame))) return NOTHING_DECODED;
  const kinds = partsOfOneKind(frames);
  checkPartCount(kinds.length, "MP3", where);
  const parts: SourceAudio[] = [];
  for (const part of kinds) parts.push(await readPart(bytes, part, { where, channel }));
  const counted = announcedFrames(bytes, frames[0]);
  const [{ rateHz, samples }] = frames;
  const counts = {
    missingSamples: Math.max(0, counted - frames.length) * samples,
    uncountedSamples: counted > 0 ? framesBeyond(bytes, kinds[0], counted) * samples : 0,
  };
  return joinParts([...parts, { ...NOTHING_DECODED, rateHz, ...counts }], where);
}

const isWhole = (bytes: Uint8Array, { end }: Mp3Frame): boolean => end <= bytes.length;

/** @param frames of one kind, the last of which may be cut */
async function readPart(
  bytes: Uint8Array,
  frames: readonly Mp3Frame[],
  { where, channel }: Pick<BatchOptions, "where" | "channel">,
): Promise<SourceAudio> {
  const whole = frames.filter((frame) => isWhole(bytes, frame));
  const [{ rateHz, samples }] = frames;
  const missingSamples = (frames.length - whole.length) * samples;
  if (whole.length === 0) return { ...NOTHING_DECODED, rateHz, missingSamples };
  const channels = whole.every((frame) => frame.channels === 1) ? 1 : 2;
  const { MPEGDecoder } = await importPackage(() => import("mpg123-decoder"));
  const decoder = new MPEGDecoder();
  await decoder.ready;
  try {
    // mpg123 gives two channels always: a mono stream twice.
    const channelBlocks: ChannelBlock[] = [];
    const decode = (batch: Uint8Array[]) => {
      const { channelData } = quietly(() => decoder.decodeFrames(batch));
      if (channels > 1) addToBlocks(channelBlocks, channelData);
      return channelData.slice(0, channels);
    };
    const [first, ...others] = whole;
    const input = [
      withBelievableGaps(bytes, first),
      ...others.map(({ start, end }) => bytes.subarray(start, end)),
    ];
    const mono = await decodeInBatches(input, decode, { where, channel });
    return { mono, channels, rateHz, missingSamples, channelBlocks };
  } finally {
    decoder.free();
  }
}

/** The Xing or Info header inside the first frame; undefined without one. */
function findXingHeader(
  bytes: Uint8Array,
  { start, end, samples, channels }: Mp3Frame,
): DataView | undefined {
  const isVersion1 = samples === 1152;
  const sideInformation = isVersion1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  const at = start + 4 + sideInformation;
  if (at + 12 > Math.min(end, bytes.length)) return undefined;
  const tag = String.fromCharCode(...bytes.subarray(at, at + 4));
  const isXing = tag === "Xing" || tag === "Info";
  return isXing ? new DataView(bytes.buffer, bytes.byteOffset + at, end - at) : undefined;
}

const HAS_FRAME_COUNT = 1;

/** Some encoders count the frame that holds the header too. 0 when the header does not say. */
export function announcedFrames(bytes: Uint8Array, first: Mp3Frame): number {
  const header = findXingHeader(bytes, first);
  return header && (header.getUint32(4) & HAS_FRAME_COUNT) !== 0 ? header.getUint32(8) : 0;
}

/** Frames of the first file that its count leaves out; another that was joined to it has a header of its own. */
function framesBeyond(bytes: Uint8Array, frames: readonly Mp3Frame[], counted: number): number {
  const next = frames.findIndex((frame, i) => i > 0 && findXingHeader(bytes, frame) !== undefined);
  const audioFrames = (next > 0 ? next : frames.length) - 1;
  return audioFrames - counted > 1 ? audioFrames - counted : 0;
}

const GAPS_AT = 141; // three bytes of two 12-bit numbers: the encoder's delay, and its padding at the end
const DECODER_DELAY = 529; // samples

/**
 * The first frame without the encoder's delay and padding, where they would take away more than the frames that an
 * encoder adds: two in front, and at the end one beside what the decoder itself is late.
 */
export function withBelievableGaps(bytes: Uint8Array, first: Mp3Frame): Uint8Array {
  const frame = bytes.subarray(first.start, first.end);
  const header = findXingHeader(bytes, first);
  if (!header || header.byteLength < GAPS_AT + 3) return frame;
  const [delay, padding] = [header.getUint16(GAPS_AT) >> 4, header.getUint16(GAPS_AT + 1) & 0x0fff];
  if (delay <= 2 * first.samples && padding <= first.samples + DECODER_DELAY) return frame;
  const copy = frame.slice();
  const at = header.byteOffset - bytes.byteOffset - first.start + GAPS_AT;
  copy.fill(0, at, at + 3);
  return copy;
}
