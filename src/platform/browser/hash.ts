// Digests and checksums in a browser, whose own digests cannot be fed in parts.

import { sha256 as startSha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { bytesOf } from "../bytes.ts";
import type { Hash } from "../hash.ts";

export function sha256(): Hash {
  const hash = startSha256.create();
  const wrapped: Hash = {
    update(part) {
      hash.update(bytesOf(part));
      return wrapped;
    },
    digest: () => bytesToHex(hash.digest()),
  };
  return wrapped;
}

/** The digest of a text. */
export const sha256Of = (text: string): string => sha256().update(text).digest();

const POLYNOMIAL = 0xedb88320; // of ISO 3309, its bits from low to high

/** What a byte, shifted out, adds to the remainder. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
  return rest;
});

/** CRC-32 as gzip, zip and PNG use it. @param before the checksum of what came before */
export function crc32(content: Uint8Array | string, before = 0): number {
  let rest = ~before;
  for (const byte of bytesOf(content)) rest = REMAINDERS[(rest ^ byte) & 0xff] ^ (rest >>> 8);
  return ~rest >>> 0;
}
