// Digests and checksums by Node's own native code.

import { createHash, hash as hashOf } from "node:crypto";
import { crc32 as crc32Of } from "node:zlib";
import type { Hash } from "../hash.ts";

export function sha256(): Hash {
  const hash = createHash("sha256");
  const wrapped: Hash = {
    update: (part) => (hash.update(part), wrapped),
    digest: () => hash.digest("hex"),
  };
  return wrapped;
}

/** The digest of a text, at a fraction of the price for a short one. */
export const sha256Of = (text: string): string => hashOf("sha256", text, "hex");

/** CRC-32 as gzip, zip and PNG use it. @param before the checksum of what came before */
export const crc32 = (content: Uint8Array | string, before = 0): number => crc32Of(content, before);
