// Recordings on disk: a path becomes bytes. Formats are told from the bytes, elsewhere.

import { readFile } from "node:fs/promises";
import { EarshotError } from "../errors.ts";

/** Throws UNREADABLE_AUDIO. */
export async function readRecording(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new EarshotError(
      {
        code: "UNREADABLE_AUDIO",
        where: path,
        problem: code === "ENOENT" ? "There is no such file." : `The file cannot be read: ${message}.`,
        remedy: "Give the path of a WAV, FLAC or MP3 file.",
      },
      { cause },
    );
  }
}
