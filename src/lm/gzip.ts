// Models in gzip, which their first bytes say.

import { EarshotError } from "../errors.ts";
import { decompress } from "../platform/index.ts";

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The content of gzip bytes. @throws EarshotError NOT_A_LANGUAGE_MODEL where they are damaged */
export async function inflate(bytes: Uint8Array, where: string): Promise<Uint8Array> {
  return decompress(bytes, "gzip").catch((cause: unknown) => {
    const problem = "It begins like a gzip file, but cannot be unpacked.";
    const remedy = "Copy or download it again; it may be cut.";
    throw new EarshotError({ code: "NOT_A_LANGUAGE_MODEL", where, problem, remedy }, { cause });
  });
}
