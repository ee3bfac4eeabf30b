// The driver behind `#audio-converter` on Node: ffmpeg, when it is on the PATH, decodes formats that Earshot has no
// decoder for (AAC, WMA, …). Resampling and mixing stay ours, so that every format is treated alike.
// The recording may be hostile: no shell, no probing for other formats, no file or address but its own, bounded output.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkLength, type SourceAudio } from "./source-audio.ts";
import { readWav } from "./wav.ts";

const run = promisify(execFile);

const LIMITS = {
  timeout: 300_000, // ms; ffmpeg decodes an hour of AAC in about ten seconds
  killSignal: "SIGKILL",
  maxBuffer: 2 ** 30, // bytes: 1.5 h of 48 kHz stereo
} as const;

/** What makes foreign formats readable here, as the beginning of a sentence. */
export const CONVERTER_ADVICE = "Install ffmpeg (on the PATH) and Earshot reads it";

/**
 * The first audio track of a recording, to 16 bits, at its own rate; undefined without ffmpeg.
 * @param demuxer ffmpeg's name of the container, for example "mov".
 * @throws LONG_AUDIO; ffmpeg's own complaint when it cannot decode the recording.
 */
export async function convertAudio(
  bytes: Uint8Array,
  demuxer: string,
  where: string,
): Promise<SourceAudio | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-"));
  try {
    const path = join(folder, "recording"); // a file, not a pipe: M4A often has its index at the end
    await writeFile(path, bytes);
    const input = ["-protocol_whitelist", "file", "-f", demuxer, "-i", `file:${path}`];
    const output = ["-map", "0:a:0", "-c:a", "pcm_s16le", "-f", "wav", "pipe:1"];
    const command = ["-nostdin", "-v", "error", ...input, ...output];
    return readWav((await run("ffmpeg", command, { ...LIMITS, encoding: "buffer" })).stdout, where);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "ENOENT") return undefined;
    if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") checkLength(Infinity, where);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
