// The door for archives: their first bytes give their format, and the folder appears only once all of an archive is in
// it, so that a folder that is there need not be unpacked again.

import { open, rename, rm, stat } from "node:fs/promises";
import { EarshotError } from "../../../errors.ts";
import type { UnpackOptions } from "../../archives.ts";
import { makeFolders } from "../make-folders.ts";
import { basename, dirname, join } from "../path.ts";
import { importPackage } from "../packages.ts";
import { UnpackSession } from "./session.ts";
import type { Packing } from "./tar.ts";

type Unpacker = (archive: string, session: UnpackSession) => Promise<void>;

interface Format {
  readonly at: number;
  /** One character per byte. */
  readonly magic: string;
  readonly unpack: Unpacker;
}

/** Loaded when they are needed: training needs none. */
const tar =
  (packing: Packing): Unpacker =>
  async (archive, session) =>
    (await importPackage(() => import("./tar.ts"))).unpackTar(archive, packing, session);
const zip: Unpacker = async (archive, session) =>
  (await importPackage(() => import("./zip.ts"))).unpackZip(archive, session);
const parquet: Unpacker = async (archive, session) =>
  (await importPackage(() => import("./parquet.ts"))).unpackParquet(archive, session);

const FORMATS: readonly Format[] = [
  { at: 0, magic: "\x1f\x8b", unpack: tar("gzip") },
  { at: 0, magic: "BZh", unpack: tar("bzip2") },
  { at: 257, magic: "ustar", unpack: tar("none") },
  { at: 0, magic: "PK\x03\x04", unpack: zip },
  { at: 0, magic: "PAR1", unpack: parquet },
];

/**
 * @param folder is not there yet; its parent is made.
 * @throws EarshotError UNKNOWN_ARCHIVE, DAMAGED_ARCHIVE, UNSAFE_ARCHIVE; nothing remains then.
 */
export async function unpackArchive(
  archive: string,
  folder: string,
  options: UnpackOptions = {},
): Promise<void> {
  const first = await firstBytes(archive);
  const format = FORMATS.find(({ at, magic }) => first.startsWith(magic, at));
  if (format === undefined) throw unknownArchive(archive, first);
  const beside = join(dirname(folder), `.${basename(folder)}.unpacking`);
  await rm(beside, { recursive: true, force: true }); // of a process that was killed
  await makeFolders(beside);
  try {
    const session = new UnpackSession(archive, beside, (await stat(archive)).size, options);
    await format.unpack(archive, session);
    options.signal?.throwIfAborted();
    await rename(beside, folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    options.signal?.throwIfAborted();
    throw isOurs(error) ? error : damagedArchive(archive, error);
  }
}

const MAGIC_BYTES = 262;

async function firstBytes(archive: string): Promise<string> {
  const file = await open(archive);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Faults of ours, and of the disk; all else is what a library says of the archive. */
const isOurs = (error: unknown): boolean =>
  error instanceof EarshotError || (error instanceof Error && "syscall" in error);

function damagedArchive(archive: string, cause: unknown): EarshotError {
  const said = cause instanceof Error ? cause.message.replace(/\.+$/, "") : String(cause);
  const reason = cause instanceof TypeError ? "a part of it is missing" : said; // a library stumbled over it
  return new EarshotError(
    {
      code: "DAMAGED_ARCHIVE",
      where: archive,
      problem: `It cannot be unpacked: ${reason}. Nothing of it was kept.`,
      remedy: "It is cut or damaged: remove it and fetch it again.",
    },
    { cause },
  );
}

function unknownArchive(archive: string, first: string): EarshotError {
  const isPage = /^\s*</.test(first);
  return new EarshotError({
    code: "UNKNOWN_ARCHIVE",
    where: archive,
    problem: `It is ${isPage ? "a web page" : "not a tar, tar.gz, tar.bz2, zip or Parquet file"}.`,
    remedy: isPage
      ? "The server sent a page in place of the archive: fetch the archive with a browser and give its path."
      : "Unpack it and import the folder.",
  });
}
