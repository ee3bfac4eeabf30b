// Recordings on disk: a path becomes bytes. Which format they are of is found elsewhere, from the bytes.

import { EarshotError } from "../errors.ts";
import { isMissing, readWholeFile } from "../platform/index.ts";

/** @throws EarshotError RECORDING_NOT_FOUND, UNREADABLE_RECORDING */
export async function readRecording(path: string): Promise<Uint8Array> {
  try {
    return await readWholeFile(path);
  } catch (cause) {
    throw unreadableRecording(path, cause as Error);
  }
}

export function unreadableRecording(path: string, cause: Error): EarshotError {
  const missing = isMissing(cause);
  return new EarshotError(
    {
      code: missing ? "RECORDING_NOT_FOUND" : "UNREADABLE_RECORDING",
      where: path,
      problem: missing ? "There is no such file." : `The file cannot be read: ${cause.message}.`,
      remedy: "Give the path of a recording, such as a WAV, FLAC, MP3 or Ogg file.",
    },
    { cause },
  );
}
