// Recordings on disk: a path becomes bytes. Formats are told from the bytes, elsewhere.

import { readFile, stat } from "node:fs/promises";
import { EarshotError } from "../errors.ts";

/** @throws EarshotError RECORDING_NOT_FOUND, UNREADABLE_RECORDING */
export async function readRecording(path: string): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    const piped = found.isFIFO() && path.startsWith("/dev/"); // /dev/stdin; a named pipe may never be written to
    if (!found.isFile() && !piped) throw new Error("it is not a regular file");
    return await readFile(path);
  } catch (cause) {
    const { code: reason, message } = cause as NodeJS.ErrnoException;
    const missing = reason === "ENOENT";
    throw new EarshotError(
      {
        code: missing ? "RECORDING_NOT_FOUND" : "UNREADABLE_RECORDING",
        where: path,
        problem: missing ? "There is no such file." : `The file cannot be read: ${message}.`,
        remedy: "Give the path of a recording, such as a WAV, FLAC, MP3 or Ogg file.",
      },
      { cause },
    );
  }
}
