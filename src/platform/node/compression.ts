// Packing by Node's own zlib, as tightly as it can.

import { promisify } from "node:util";
import { deflate as deflateWith } from "node:zlib";

const packed = promisify<Uint8Array, { level: number }, Uint8Array>(deflateWith);

/** The zlib format (RFC 1950). */
export const deflate = (bytes: Uint8Array): Promise<Uint8Array> => packed(bytes, { level: 9 });
