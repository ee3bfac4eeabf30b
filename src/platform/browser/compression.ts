// Packing by the stream of the Compression standard, which chooses its own level.

import { collectBytes } from "../bytes.ts";
import { compressPieces } from "../compression.ts";

/** The zlib format (RFC 1950). */
export const deflate = (bytes: Uint8Array): Promise<Uint8Array> =>
  collectBytes(compressPieces(bytes, "deflate"));
