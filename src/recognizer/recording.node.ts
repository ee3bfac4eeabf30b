// Recordings on disk: a path becomes bytes. Formats are told from the bytes, elsewhere.

import { EarshotError } from "../errors.ts";
import { readWholeFile } from "../platform/index.ts";

/** @throws EarshotError RECORDING_NOT_FOUND, UNREADABLE_RECORDING */
export async function readRecording(path: string): Promise<Uint8Array> {
  try {
    return await readWholeFile(path);
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
