// ffmpeg, when it is on the PATH, decodes what Earshot has no decoder for. The recording may be hostile: no shell, no
// probing for other formats, no file or address but its own, bounded output.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import type { AudioConverter } from "../converter.ts";
import { join } from "./path.ts";

const run = promisify(execFile);

/** Of a file that is decoded while it is read: it waits for the network, which takes as long as it takes. */
const LONGEST_MS = 24 * 3_600_000;

const LIMITS = {
  timeout: 300_000, // ms; ffmpeg decodes an hour of AAC in about ten seconds
  killSignal: "SIGKILL",
  maxBuffer: 2 ** 30, // bytes: 1.5 h of 48 kHz stereo
} as const;

/** What ffmpeg may allocate at once, in bytes: frames of audio need a thousandth of it. */
const LARGEST_BLOCK = 2 ** 28;

function toWav(path: string, demuxer: string): string[] {
  const input = ["-protocol_whitelist", "file", "-f", demuxer, "-i", `file:${path}`];
  const limits = ["-max_alloc", String(LARGEST_BLOCK), "-threads", "1"];
  const output = ["-map", "0:a:0", "-c:a", "pcm_s16le", "-f", "wav", "pipe:1"];
  return ["-nostdin", "-v", "error", ...limits, ...input, ...output];
}

export const audioConverter: AudioConverter = {
  advice: "Install ffmpeg (on the PATH) and Earshot reads it",

  /** To 16 bits, at its own rate; undefined without ffmpeg. */
  async convert(bytes, demuxer) {
    const folder = await mkdtemp(join(tmpdir(), "earshot-"));
    try {
      const path = join(folder, "recording"); // a file, not a pipe: M4A often has its index at the end
      await writeFile(path, bytes);
      return { wav: (await run("ffmpeg", toWav(path, demuxer), { ...LIMITS, encoding: "buffer" })).stdout };
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === "ENOENT") return undefined;
      if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") throw new RangeError("too long", { cause: error });
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },

  async *stream(path, demuxer) {
    const ffmpeg = spawn("ffmpeg", toWav(path, demuxer), {
      stdio: ["ignore", "pipe", "ignore"],
      killSignal: "SIGKILL",
      timeout: LONGEST_MS,
    });
    const ended = once(ffmpeg, "close"); // rejects where it cannot be started
    ended.catch(() => {});
    try {
      yield* ffmpeg.stdout as AsyncIterable<Uint8Array>;
      const [code] = (await ended) as [number | null];
      if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ENOENT") throw error;
    } finally {
      ffmpeg.kill("SIGKILL");
    }
  },
};
