// Digests and checksums by Node's own native code.

import { createHash } from "node:crypto";
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

/** CRC-32 as gzip, zip and PNG use it. @param before the checksum of what came before */
export const crc32 = (content: Uint8Array | string, before = 0): number => crc32Of(content, before);
