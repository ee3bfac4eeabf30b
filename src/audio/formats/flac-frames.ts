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

const STREAM_INFO_AT = 8; // after "fLaC" and the block's own header
const STREAM_INFO_BYTES = 34;

export function findFlacFrames(bytes: Uint8Array): FlacStream {
  const audioStart = skipMetadata(bytes) ?? 4; // damaged metadata: frames describe themselves
  const { rateHz, totalSamples } = readStreamInfo(bytes);
  const frames = trimFrames(bytes, audioStart);
  const header = frames.some(refersToStreamInfo) ? streamInfoAlone(bytes) : undefined;
  return { rateHz, totalSamples, header, frames };
}

/** Sample size or rate 0 (section 9.1.2 and 9.1.4). */
const refersToStreamInfo = (frame: Uint8Array): boolean =>
  (frame[2] & 0x0f) === 0 || ((frame[3] >> 1) & 0x07) === 0;

/** The beginning of the file up to STREAMINFO, marked as the last block; undefined where that is not the first. */
function streamInfoAlone(bytes: Uint8Array): Uint8Array | undefined {
  const end = STREAM_INFO_AT + STREAM_INFO_BYTES;
  const isStreamInfo = (bytes[4] & 0x7f) === 0 && bytes[7] === STREAM_INFO_BYTES;
  if (bytes.length < end || !isStreamInfo) return undefined;
  const header = bytes.slice(0, end);
  header[4] = 0x80;
  return header;
}

function readStreamInfo(bytes: Uint8Array): { rateHz: number; totalSamples: number } {
  if (bytes.length < STREAM_INFO_AT + STREAM_INFO_BYTES) return { rateHz: 0, totalSamples: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset + STREAM_INFO_AT);
  const rateHz = view.getUint32(10) >>> 12;
  const totalSamples = (view.getUint8(13) & 0x0f) * 2 ** 32 + view.getUint32(14);
  return { rateHz, totalSamples };
}

/** Where the audio begins, or undefined when a block's length points beyond the file. */
function skipMetadata(bytes: Uint8Array): number | undefined {
  for (let at = 4; at + 4 <= bytes.length;) {
    const isLast = (bytes[at] & 0x80) !== 0;
    at += 4 + ((bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]);
    if (isLast) return at <= bytes.length ? at : undefined;
  }
  return undefined;
}

/** A header-like pattern inside a frame passes its own 8-bit checksum now and then: so many are stepped over. */
const FALSE_HEADERS = 4;

function trimFrames(bytes: Uint8Array, audioStart: number): Uint8Array[] {
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

/** The frame number is written like UTF-8: as many bytes as its first byte has leading ones. */
function codedNumberBytes(first: number): number {
  return Math.max(1, Math.clz32(~(first << 24)));
}

const CRC_8 = checksumTable(0x07, 8);
const CRC_16 = checksumTable(0x8005, 16);
