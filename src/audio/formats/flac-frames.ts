// Finds the intact frames of a FLAC stream (RFC 9639, sections 8 and 9) by their two checksums, so that one damaged
// frame costs only itself and the decoder never sees damaged bytes. Knows nothing of prediction and residuals.

import { checksumTable } from "./checksum.ts";

export interface FlacStream {
  /** From STREAMINFO; 0 when unknown. */
  readonly rateHz: number;
  readonly totalSamples: number;
  /** Decoded first, where a frame refers to STREAMINFO for its sample size or its rate. */
  readonly header?: Uint8Array;
  readonly frames: Uint8Array[];
}

/** What a frame says of itself. */
export interface FlacFrameHeader {
  /** 0 where STREAMINFO is to say it. */
  readonly rateHz: number;
  readonly channels: number;
  /** Of each channel. */
  readonly samples: number;
}

const STREAM_INFO_AT = 8; // after "fLaC" and the block's own header
const STREAM_INFO_BYTES = 34;

/** The streams of a file that was joined of several ("cat a.flac b.flac"), each from its own signature on. */
export function splitFlacStreams(bytes: Uint8Array): Uint8Array[] {
  const starts = [0];
  for (let at = bytes.indexOf(SIGNATURE[0], 1); at > 0; at = bytes.indexOf(SIGNATURE[0], at + 1))
    if (isStreamStart(bytes, at)) starts.push(at);
  return starts.map((start, i) => bytes.subarray(start, starts[i + 1]));
}

/** "fLaC", and the header of STREAMINFO, whose first bit says whether it is the only block. */
const SIGNATURE = [0x66, 0x4c, 0x61, 0x43, 0, 0, 0, STREAM_INFO_BYTES];

const isStreamStart = (bytes: Uint8Array, at: number): boolean =>
  SIGNATURE.every((byte, i) => (i === 4 ? bytes[at + i] & 0x7f : bytes[at + i]) === byte);

export function findFlacFrames(bytes: Uint8Array): FlacStream {
  const audioStart = skipMetadata(bytes) ?? 4; // damaged metadata: frames describe themselves
  const { rateHz, totalSamples } = readStreamInfo(bytes);
  const frames = intactFrames(bytes, audioStart);
  const header = frames.some(refersToStreamInfo) ? streamInfoAlone(bytes) : undefined;
  return { rateHz, totalSamples, header, frames };
}

/** Sample size or rate 0 (section 9.1.2 and 9.1.4). */
export const refersToStreamInfo = (frame: Uint8Array): boolean =>
  (frame[2] & 0x0f) === 0 || ((frame[3] >> 1) & 0x07) === 0;

/** The beginning of the file up to STREAMINFO, marked as the last block; undefined where that is not the first. */
export function streamInfoAlone(bytes: Uint8Array): Uint8Array | undefined {
  const end = STREAM_INFO_AT + STREAM_INFO_BYTES;
  const isStreamInfo = (bytes[4] & 0x7f) === 0 && bytes[7] === STREAM_INFO_BYTES;
  if (bytes.length < end || !isStreamInfo) return undefined;
  const header = bytes.slice(0, end);
  header[4] = 0x80;
  return header;
}

export function readStreamInfo(bytes: Uint8Array): { rateHz: number; totalSamples: number } {
  if (bytes.length < STREAM_INFO_AT + STREAM_INFO_BYTES) return { rateHz: 0, totalSamples: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset + STREAM_INFO_AT);
  const rateHz = view.getUint32(10) >>> 12;
  const totalSamples = (view.getUint8(13) & 0x0f) * 2 ** 32 + view.getUint32(14);
  return { rateHz, totalSamples };
}

/** Where the audio begins, or undefined when a block's length points beyond the file. */
export function skipMetadata(bytes: Uint8Array): number | undefined {
  for (let at = 4; at + 4 <= bytes.length;) {
    const isLast = (bytes[at] & 0x80) !== 0;
    at += 4 + ((bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]);
    if (isLast) return at <= bytes.length ? at : undefined;
  }
  return undefined;
}

/** A header-like pattern inside a frame passes its own 8-bit checksum now and then: so many are stepped over. */
const FALSE_HEADERS = 4;

/** The intact frames among these bytes. */
export function intactFrames(bytes: Uint8Array, audioStart: number): Uint8Array[] {
  const starts: number[] = [];
  for (let at = audioStart; at < bytes.length; at++) if (isFrameHeader(bytes, at)) starts.push(at);
  starts.push(bytes.length);
  const frames: Uint8Array[] = [];
  for (let i = 0; i + 1 < starts.length;) {
    const ends = starts.slice(i + 1, i + 2 + FALSE_HEADERS);
    const last = intactUntil(bytes, starts[i], ends);
    if (last >= 0) frames.push(bytes.subarray(starts[i], ends[last]));
    i += Math.max(0, last) + 1;
  }
  return frames;
}

/** Which of `ends` closes an intact frame: the checksum over a whole frame, its own two bytes included, is 0. */
function intactUntil(bytes: Uint8Array, start: number, ends: readonly number[]): number {
  let crc = 0;
  let at = start;
  for (const [index, end] of ends.entries()) {
    for (; at < end; at++) crc = ((crc << 8) & 0xffff) ^ CRC_16[(crc >> 8) ^ bytes[at]];
    if (crc === 0) return index;
  }
  return -1;
}

function isFrameHeader(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xfe) !== 0xf8 || at + 6 > bytes.length) return false;
  const blockSizeCode = bytes[at + 2] >> 4;
  const rateCode = bytes[at + 2] & 0x0f;
  if (blockSizeCode === 0 || rateCode === 15) return false;
  let end = at + 4 + codedNumberBytes(bytes[at + 4]);
  end += blockSizeCode === 6 ? 1 : blockSizeCode === 7 ? 2 : 0;
  end += rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0;
  let crc = 0;
  for (let i = at; i < end; i++) crc = CRC_8[crc ^ bytes[i]];
  return crc === bytes[end];
}

const RATES_HZ = [0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];

/** Section 9.1. @param frame one of those that `findFlacFrames` found */
export function readFlacFrameHeader(frame: Uint8Array): FlacFrameHeader {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const [sizeCode, rateCode, channelCode] = [frame[2] >> 4, frame[2] & 0x0f, frame[3] >> 4];
  const sizeAt = 4 + codedNumberBytes(frame[4]);
  const sizeBytes = sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
  const ownSize =
    sizeBytes === 1 ? view.getUint8(sizeAt) + 1 : sizeBytes === 2 ? view.getUint16(sizeAt) + 1 : 0;
  const codedSize = sizeCode === 1 ? 192 : sizeCode < 6 ? 576 * 2 ** (sizeCode - 2) : 2 ** sizeCode;
  const rateAt = sizeAt + sizeBytes;
  const ownRate =
    rateCode < 12
      ? 0
      : rateCode === 12
        ? 1000 * view.getUint8(rateAt)
        : view.getUint16(rateAt) * (rateCode === 14 ? 10 : 1);
  return {
    rateHz: RATES_HZ[rateCode] ?? ownRate,
    channels: channelCode < 8 ? channelCode + 1 : 2,
    samples: ownSize || codedSize,
  };
}

/** The frame number is written like UTF-8: as many bytes as its first byte has leading ones. */
function codedNumberBytes(first: number): number {
  return Math.max(1, Math.clz32(~(first << 24)));
}

const CRC_8 = checksumTable(0x07, 8);
const CRC_16 = checksumTable(0x8005, 16);
