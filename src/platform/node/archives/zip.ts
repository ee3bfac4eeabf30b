// Zip archives, each file checked against the checksum that the archive gives for it.

import { crc32 } from "node:zlib";
import { openPromise, type Entry } from "yauzl";
import type { UnpackSession } from "./session.ts";

export async function unpackZip(archive: string, session: UnpackSession): Promise<void> {
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false, decodeStrings: true });
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName;
      if (isLink(entry)) throw session.refuse(`It holds a symlink, ${JSON.stringify(name)}.`);
      if (name.endsWith("/")) continue;
      if (entry.isEncrypted()) throw new Error(`${name} is encrypted`);
      await session.write(name, checked(await zip.openReadStreamPromise(entry), entry));
    }
  } catch (error) {
    // The names that yauzl itself refuses.
    if (error instanceof Error && /^(?:invalid relative|absolute) path/.test(error.message))
      throw session.refuse(`A name leads out of the folder: ${error.message}.`);
    throw error;
  } finally {
    zip.close();
  }
}

async function* checked(content: AsyncIterable<Uint8Array>, entry: Entry): AsyncGenerator<Uint8Array> {
  let sum = 0;
  for await (const piece of content) {
    sum = crc32(piece, sum);
    yield piece;
  }
  if (sum !== entry.crc32) throw new Error(`${entry.fileName} does not fit its checksum`);
}

/** The upper half holds the mode of Unix, where the archive was made there. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}
