// Digests and checksums by Node's own native code.

import { createHash } from "node:crypto";
import type { Hash } from "../hash.ts";

export function sha256(): Hash {
  const hash = createHash("sha256");
  const wrapped: Hash = {
    update: (part) => (hash.update(part), wrapped),
    digest: () => hash.digest("hex"),
  };
  return wrapped;
}

/** CRC-32 as gzip, zip and PNG use it. */
export { crc32 } from "node:zlib";
