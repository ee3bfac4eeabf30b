// Archives for the tests of importing, made by the test itself.

import { gzipSync, crc32 } from "node:zlib";
import { packTar } from "modern-tar";
import type { TarHeader } from "modern-tar";

export type Files = Readonly<Record<string, string | Uint8Array>>;

const encoder = new TextEncoder();
const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === "string" ? encoder.encode(content) : content;

/** A tar of files, and of entries of other kinds. */
export function tar(files: Files, others: readonly Partial<TarHeader>[] = []): Promise<Uint8Array> {
  const mtime = new Date(0);
  return packTar([
    ...Object.entries(files).map(([name, content]) => {
      const body = bytesOf(content);
      return { header: { name, size: body.length, type: "file" as const, mtime }, body };
    }),
    ...others.map((header) => ({ header: { name: "other", size: 0, mtime, ...header } })),
  ]);
}

export const tarGz = async (...given: Parameters<typeof tar>): Promise<Uint8Array> =>
  gzipSync(await tar(...given));

interface ZipOptions {
  /** Mode bits of Unix, such as 0o120777 for a symlink. */
  readonly mode?: number;
  /** In place of the right checksum. */
  readonly checksum?: number;
}

/** A zip whose files are stored as they are (PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16). */
export function zip(files: Files, { mode = 0o100644, checksum }: ZipOptions = {}): Uint8Array {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const [title, body] = [Buffer.from(name), Buffer.from(bytesOf(content))];
    const facts = Buffer.alloc(26); // from "version needed" to "extra length"
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(checksum ?? crc32(body), 10);
    facts.writeUInt32LE(body.length, 14);
    facts.writeUInt32LE(body.length, 18);
    facts.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), facts, title, body]);
    const rest = Buffer.alloc(14); // from "comment length" to "offset"
    rest.writeUInt32LE(mode * 65_536, 6);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), facts, rest, title]));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...central, end]);
}
