// Makes checksums and lengths of a damaged file right again, so that the damage gets past the first gate: Ogg pages
// (RFC 3533, section 6), FLAC frames (RFC 9639, sections 9.1 and 9.3), the header of safetensors, cached features.

import { crc32 } from "node:zlib";
import { join } from "./mutations.mjs";

/** Bit by bit, highest first. */
function crc(bytes, polynomial, width) {
  const top = 2 ** (width - 1);
  let value = 0;
  for (const byte of bytes) {
    value = (value ^ (byte * 2 ** (width - 8))) >>> 0;
    for (let bit = 0; bit < 8; bit++)
      value = ((value & top ? (value << 1) ^ polynomial : value << 1) >>> 0) % 2 ** width;
  }
  return value;
}

export function sealOgg(input) {
  const bytes = Buffer.from(input);
  for (let at = bytes.indexOf("OggS"); at >= 0; at = bytes.indexOf("OggS", at + 1)) {
    const lacing = bytes.subarray(at + 27, at + 27 + bytes[at + 26]);
    const page = bytes.subarray(
      at,
      at + 27 + lacing.length + lacing.reduce((sum, length) => sum + length, 0),
    );
    if (page.length < 27) break;
    page.fill(0, 22, 26);
    page.writeUInt32LE(crc(page, 0x04c1_1db7, 32), 22);
  }
  return new Uint8Array(bytes);
}

export function sealFlac(input) {
  const bytes = Buffer.from(input);
  const starts = [];
  for (let at = 4; at + 8 < bytes.length; at++) {
    if (bytes[at] !== 0xff || (bytes[at + 1] & 0xfe) !== 0xf8) continue;
    const end = at + flacHeaderBytes(bytes, at);
    if (end + 2 > bytes.length) break;
    bytes[end] = crc(bytes.subarray(at, end), 0x07, 8);
    starts.push(at);
    at = end;
  }
  starts.forEach((start, i) => {
    const end = (starts[i + 1] ?? bytes.length) - 2;
    if (end > start) bytes.writeUInt16BE(crc(bytes.subarray(start, end), 0x8005, 16), end);
  });
  return new Uint8Array(bytes);
}

/** Without its checksum. */
function flacHeaderBytes(bytes, at) {
  const [size, rate] = [bytes[at + 2] >> 4, bytes[at + 2] & 15];
  const numberBytes = Math.max(1, Math.clz32(~(bytes[at + 4] << 24)));
  return 4 + numberBytes + (size === 6 ? 1 : size === 7 ? 2 : 0) + (rate === 12 ? 1 : rate > 12 ? 2 : 0);
}

/** The header ends with the last brace: nothing behind it is text. */
export function sealSafetensors(input) {
  const end = Buffer.from(input).lastIndexOf("}") + 1;
  if (end <= 8) return input;
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(end - 8));
  return join(length, input.subarray(8));
}

/** The feature cache's entries: three words, CRC-32 of the rest, the rest. */
export function sealCacheEntry(input) {
  const bytes = Buffer.from(input);
  if (bytes.length >= 16) bytes.writeUInt32LE(crc32(bytes.subarray(16)), 12);
  return new Uint8Array(bytes);
}
